//! Strings and numbers as fastjson reads them.

use std::borrow::Cow;

use crate::json::lenient::{is_number_suffix, unescaped};

/// A number as written: whole if it can be, so a float also where 64 bits are too few.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Signed(i64),
    Unsigned(u64),
    Float(f64),
}

impl Number {
    /// Reads `7`, `-7`, `+7`, `007`, `7L`, `7.`, `.5`, `1e3`; no hexadecimal, no `_`, no spaces.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.strip_suffix(|c: char| c.is_ascii() && is_number_suffix(c as u8)).unwrap_or(text);
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            return None;
        }
        if digits.bytes().all(|b| b.is_ascii_digit())
            && let Ok(whole) = text.parse().map(Self::Signed).or_else(|_| text.parse().map(Self::Unsigned))
        {
            return Some(whole);
        }
        text.parse().ok().filter(|float: &f64| float.is_finite()).map(Self::Float)
    }

    /// The whole part, if 64 bits can hold it.
    pub(super) fn whole(self) -> Option<Self> {
        // The first value above `i64::MAX`; the conversion below is exact for what passes.
        const LIMIT: f64 = 9_223_372_036_854_775_808.0;
        match self {
            Self::Float(float) if (-LIMIT..LIMIT).contains(&float) => Some(Self::Signed(float as i64)),
            Self::Float(_) => None,
            whole => Some(whole),
        }
    }

    pub(super) fn as_f64(self) -> f64 {
        match self {
            Self::Signed(number) => number as f64,
            Self::Unsigned(number) => number as f64,
            Self::Float(number) => number,
        }
    }
}

/// What stands between the quotes; `None` if an escape is not one that Java knows.
///
/// Raw control characters pass. A surrogate without its partner, which Java would keep, becomes U+FFFD.
pub(super) fn unescape(content: &str) -> Option<Cow<'_, str>> {
    if !content.contains('\\') {
        return Some(Cow::Borrowed(content));
    }
    let mut plain = String::with_capacity(content.len());
    let mut rest = content;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let escape = after.chars().next()?;
        rest = &after[escape.len_utf8()..];
        match escape {
            'x' => {
                plain.push(char::from_u32(hex(rest, 2)?)?);
                rest = &rest[2..];
            }
            'u' => {
                let unit = hex(rest, 4)?;
                rest = &rest[4..];
                let low =
                    rest.strip_prefix("\\u").and_then(|low| hex(low, 4)).filter(|_| unit & 0xFC00 == 0xD800);
                match low.filter(|low| low & 0xFC00 == 0xDC00) {
                    Some(low) => {
                        rest = &rest[6..];
                        plain.extend(char::from_u32(0x10000 + ((unit & 0x3FF) << 10 | low & 0x3FF)));
                    }
                    None => plain.push(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)),
                }
            }
            letter => plain.push(char::from(unescaped(u8::try_from(letter).ok()?)?)),
        }
    }
    plain.push_str(rest);
    Some(Cow::Owned(plain))
}

fn hex(text: &str, digits: usize) -> Option<u32> {
    let digits = text.get(..digits)?;
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}
