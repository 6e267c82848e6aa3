//! Numbers in all forms that Java accepts.

use super::dialect::{is_bare, is_number_suffix};
use super::{Fault, Lexer};
use crate::java_number::push_double;

/// The text of a number: sign, digits, fraction, exponent, and a suffix such as Java's `L`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NumberLiteral<'a> {
    at: usize,
    negative: bool,
    whole: &'a str,
    fraction: Option<&'a str>,
    exponent: bool,
    /// The text without the suffix.
    text: &'a str,
}

/// The value of a number: an integer if it has neither fraction nor exponent and fits 64 bits, otherwise a double.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    Signed(i64),
    Unsigned(u64),
    Float(f64),
}

impl<'a> Lexer<'a> {
    #[inline]
    pub(super) fn number(&mut self) -> Result<NumberLiteral<'a>, Fault> {
        let at = self.at;
        let negative = self.eat(b'-');
        if !negative {
            self.eat(b'+');
        }
        let whole = self.digits();
        if !whole.is_empty() && !self.peek().is_some_and(is_bare) {
            // A plain integer: a point, an exponent and a suffix are bare bytes.
            let text = self.text.get(at..self.at).unwrap_or_default();
            return Ok(NumberLiteral { at, negative, whole, fraction: None, exponent: false, text });
        }
        let fraction = self.eat(b'.').then(|| self.digits());
        if whole.is_empty() && fraction.unwrap_or_default().is_empty() {
            return self.fault("number without digits");
        }
        let exponent = self.eat(b'e') || self.eat(b'E');
        if exponent {
            if !self.eat(b'-') {
                self.eat(b'+');
            }
            if self.digits().is_empty() {
                return self.fault("exponent without digits");
            }
        }
        let text = self.text.get(at..self.at).unwrap_or_default();
        if self.peek().is_some_and(is_number_suffix) {
            self.at += 1;
        }
        match self.peek() {
            Some(byte) if is_bare(byte) => self.fault("unexpected character after a number"),
            _ => Ok(NumberLiteral { at, negative, whole, fraction, exponent, text }),
        }
    }

    fn digits(&mut self) -> &'a str {
        self.skip_while(|byte| byte.is_ascii_digit())
    }
}

impl<'a> NumberLiteral<'a> {
    /// Parses a text that consists of one number, such as the content of a string.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let mut lexer = Lexer::new(text);
        let number = lexer.number().ok()?;
        (lexer.at == text.len()).then_some(number)
    }

    fn fault<T>(&self, what: &'static str) -> Result<T, Fault> {
        Err(Fault::new(self.at, what))
    }

    /// Converts the number to an integer of 32 bits. As in Java 5.5, a fraction is cut off, a number with a
    /// fraction wraps, and a number with an exponent saturates.
    pub(crate) fn to_i32(self) -> Result<i32, Fault> {
        if self.exponent {
            return Ok(self.to_f64()? as i32);
        }
        let digits = self.whole.bytes().map(|digit| digit - b'0');
        if self.fraction.is_some() {
            let low = digits.fold(0_i32, |value, digit| value.wrapping_mul(10).wrapping_add(digit.into()));
            return Ok(if self.negative { low.wrapping_neg() } else { low });
        }
        let value = digits.fold(0_i64, |value, digit| value.saturating_mul(10).saturating_add(digit.into()));
        match i32::try_from(if self.negative { -value } else { value }) {
            Ok(value) => Ok(value),
            Err(_) => self.fault("integer exceeds 32 bits"),
        }
    }

    /// Returns the value, or `None` if it exceeds every double.
    pub(crate) fn number(self) -> Option<Number> {
        if self.fraction.is_none()
            && !self.exponent
            && let Ok(whole) =
                self.text.parse().map(Number::Signed).or_else(|_| self.text.parse().map(Number::Unsigned))
        {
            return Some(whole);
        }
        self.to_f64().ok().map(Number::Float)
    }

    /// Appends the text of the number where Java 5.5 expects a string: the digits without leading zeros, or the
    /// output of `Double.toString` if the number has an exponent.
    pub(crate) fn push_text(self, out: &mut Vec<u8>) -> Result<(), Fault> {
        if self.exponent {
            push_double(out, self.to_f64()?);
            return Ok(());
        }
        let whole = match self.whole.trim_start_matches('0') {
            "" => "0",
            whole => whole,
        };
        let fraction = self.fraction.filter(|digits| !digits.is_empty());
        if self.negative && (whole != "0" || fraction.is_some()) {
            out.push(b'-');
        }
        out.extend_from_slice(whole.as_bytes());
        if let Some(fraction) = fraction {
            out.push(b'.');
            out.extend_from_slice(fraction.as_bytes());
        }
        Ok(())
    }

    fn to_f64(self) -> Result<f64, Fault> {
        match self.text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => self.fault("number exceeds the range of a double"),
        }
    }
}

impl Number {
    /// Parses a text that consists of one number, such as the content of a string.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        NumberLiteral::parse(text)?.number()
    }

    /// Returns the integer part if it fits 64 bits.
    pub(crate) fn whole(self) -> Option<Self> {
        // The first value above `i64::MAX`. The cast is exact below it.
        const LIMIT: f64 = 9_223_372_036_854_775_808.0;
        match self {
            Self::Float(float) if (-LIMIT..LIMIT).contains(&float) => Some(Self::Signed(float as i64)),
            Self::Float(_) => None,
            whole => Some(whole),
        }
    }

    pub(crate) fn as_f64(self) -> f64 {
        match self {
            Self::Signed(number) => number as f64,
            Self::Unsigned(number) => number as f64,
            Self::Float(number) => number,
        }
    }
}
