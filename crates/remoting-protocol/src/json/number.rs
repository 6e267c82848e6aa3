//! Numbers in a header, with all the spellings that every Java version reads.

use super::lenient::is_number_suffix;
use super::lexer::{Fault, Reader};
use crate::java_number::push_double;

/// A number as it is spelt: sign, digits, fraction, exponent, and a suffix such as Java's `L`.
pub(crate) struct Number<'a> {
    at: usize,
    negative: bool,
    whole: &'a [u8],
    fraction: Option<&'a [u8]>,
    exponent: bool,
    /// All of it but the suffix.
    text: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn at_number(&self) -> bool {
        matches!(self.peek(), Some(b'0'..=b'9' | b'+' | b'-'))
    }

    pub(crate) fn number(&mut self) -> Result<Number<'a>, Fault> {
        let at = self.at;
        let negative = self.eat(b'-');
        if !negative {
            self.eat(b'+');
        }
        let whole = self.digits();
        if whole.is_empty() {
            return self.fault("a number without digits");
        }
        let fraction = self.eat(b'.').then(|| self.digits());
        let exponent = self.eat(b'e') || self.eat(b'E');
        if exponent {
            if !self.eat(b'-') {
                self.eat(b'+');
            }
            if self.digits().is_empty() {
                return self.fault("an exponent without digits");
            }
        }
        let text = &self.text[at..self.at];
        if self.peek().is_some_and(is_number_suffix) {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'.' | b'+' | b'-') => {
                self.fault("a number that goes on as something else")
            }
            _ => Ok(Number { at, negative, whole, fraction, exponent, text }),
        }
    }

    fn digits(&mut self) -> &'a [u8] {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        &self.text[start..self.at]
    }
}

impl Number<'_> {
    fn fault<T>(&self, what: &'static str) -> Result<T, Fault> {
        Err(Fault::new(self.at, what))
    }

    /// As an integer of 32 bits. As in Java 5.5, a fraction is cut off, what is spelt with a fraction wraps, and
    /// what is spelt with an exponent ends at the largest integer.
    pub(crate) fn to_i32(&self) -> Result<i32, Fault> {
        if self.exponent {
            return Ok(self.to_f64()? as i32);
        }
        let digits = self.whole.iter().map(|digit| digit - b'0');
        if self.fraction.is_some() {
            let low = digits.fold(0_i32, |value, digit| value.wrapping_mul(10).wrapping_add(digit.into()));
            return Ok(if self.negative { low.wrapping_neg() } else { low });
        }
        let value = digits.fold(0_i64, |value, digit| value.saturating_mul(10).saturating_add(digit.into()));
        match i32::try_from(if self.negative { -value } else { value }) {
            Ok(value) => Ok(value),
            Err(_) => self.fault("an integer of more than 32 bits"),
        }
    }

    /// Appends the text that Java 5.5 makes of the number where a string belongs: digits as they are, but without
    /// leading zeros; `Double.toString` of what has an exponent.
    pub(crate) fn push_text(&self, out: &mut Vec<u8>) -> Result<(), Fault> {
        if self.exponent {
            push_double(out, self.to_f64()?);
            return Ok(());
        }
        let zeros = self.whole.iter().take_while(|digit| **digit == b'0').count();
        let whole = &self.whole[zeros.min(self.whole.len() - 1)..];
        let fraction = self.fraction.filter(|digits| !digits.is_empty());
        if self.negative && (whole != b"0" || fraction.is_some()) {
            out.push(b'-');
        }
        out.extend_from_slice(whole);
        if let Some(fraction) = fraction {
            out.push(b'.');
            out.extend_from_slice(fraction);
        }
        Ok(())
    }

    /// Appends the number as it is spelt.
    pub(crate) fn push_spelling(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.text);
    }

    fn to_f64(&self) -> Result<f64, Fault> {
        match std::str::from_utf8(self.text).ok().and_then(|text| text.parse::<f64>().ok()) {
            Some(value) if value.is_finite() => Ok(value),
            _ => self.fault("a number beyond any double"),
        }
    }
}
