//! Keys and values as text: escapes and the character set.

use thiserror::Error;

use super::line::{Unit, next_unit};

/// The character set of a text, apart from its `\uXXXX` escapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// ISO 8859-1, in which `Properties.load` reads files.
    Latin1,
    /// UTF-8, in which Java writes configurations as bodies.
    Utf8,
}

/// A key or a value as it is written, with escapes and continued lines.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    raw: &'a [u8],
    line: usize,
}

/// The error of reading a key or a value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {reason}")]
pub struct PropertiesError {
    line: usize,
    reason: &'static str,
}

impl PropertiesError {
    /// Returns the number of the line at which the entry starts. The first line is 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }
}

impl<'a> Text<'a> {
    pub(super) const fn new(raw: &'a [u8], line: usize) -> Self {
        Self { raw, line }
    }

    /// Returns a length in bytes that the text does not exceed. A `String` with this much room is not moved by
    /// [`read`](Self::read), so no copy of a secret stays in memory.
    #[must_use]
    pub const fn max_len(&self) -> usize {
        self.raw.len() * 2
    }

    /// Appends the text to `to`.
    ///
    /// # Errors
    ///
    /// Returns a [`PropertiesError`] for a malformed `\uXXXX` escape, for half of a surrogate pair, and for invalid
    /// UTF-8. `to` may then have a part of the text.
    pub fn read(&self, charset: Charset, to: &mut String) -> Result<(), PropertiesError> {
        let mut units = CodeUnits { rest: self.raw, charset, low: None, error: None };
        let error = |reason| PropertiesError { line: self.line, reason };
        for char in char::decode_utf16(&mut units) {
            to.push(char.map_err(|_| error(r"half a character in \uXXXX"))?);
        }
        units.error.map_or(Ok(()), |reason| Err(error(reason)))
    }
}

/// The text in UTF-16, as in Java: an escape may be half of a surrogate pair. Ends early if there is an error.
struct CodeUnits<'a> {
    rest: &'a [u8],
    charset: Charset,
    /// The second half of a pair whose first was returned.
    low: Option<u16>,
    error: Option<&'static str>,
}

impl Iterator for CodeUnits<'_> {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        if let Some(low) = self.low.take() {
            return Some(low);
        }
        match next_unit(&mut self.rest)? {
            Unit::Escaped(b'u') => {
                let unit = self.hexadecimal();
                if unit.is_none() {
                    self.error = Some(r"malformed \uXXXX escape");
                }
                unit
            }
            Unit::Escaped(b't') => Some(u16::from(b'\t')),
            Unit::Escaped(b'n') => Some(u16::from(b'\n')),
            Unit::Escaped(b'r') => Some(u16::from(b'\r')),
            Unit::Escaped(b'f') => Some(0x0C),
            Unit::Escaped(byte) | Unit::Plain(byte) if byte.is_ascii() || self.charset == Charset::Latin1 => {
                Some(u16::from(byte))
            }
            Unit::Escaped(byte) | Unit::Plain(byte) => {
                let Some(char) = self.utf8(byte) else {
                    self.error = Some("invalid UTF-8");
                    return None;
                };
                let mut pair = [0; 2];
                if let [high, low] = char.encode_utf16(&mut pair) {
                    self.low = Some(*low);
                    return Some(*high);
                }
                Some(pair[0])
            }
        }
    }
}

impl CodeUnits<'_> {
    fn hexadecimal(&mut self) -> Option<u16> {
        (0..4).try_fold(0, |number: u16, _| match next_unit(&mut self.rest)? {
            Unit::Plain(digit) => Some(number << 4 | char::from(digit).to_digit(16)? as u16),
            Unit::Escaped(_) => None,
        })
    }

    /// Reads the character whose first byte is `first`.
    fn utf8(&mut self, first: u8) -> Option<char> {
        let mut bytes = [first, 0, 0, 0];
        let length = first.leading_ones() as usize;
        for byte in bytes.get_mut(1..length)? {
            match next_unit(&mut self.rest)? {
                Unit::Plain(next) => *byte = next,
                Unit::Escaped(_) => return None,
            }
        }
        std::str::from_utf8(&bytes[..length]).ok()?.chars().next()
    }
}
