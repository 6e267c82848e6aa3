//! Reading strings: finding the end and decoding the escapes.

use std::borrow::Cow;

use super::dialect::unescaped;
use super::{Fault, Lexer};

/// The size of the block that is copied for a short piece.
const BLOCK: usize = 16;

pub(super) const ONES: u64 = 0x0101_0101_0101_0101;
pub(crate) const HIGH: u64 = 0x8080_8080_8080_8080;

/// Marks the high bit of the bytes that equal `byte`. Exact up to the first marked byte.
#[inline]
pub(crate) const fn equal(word: u64, byte: u8) -> u64 {
    let difference = word ^ (ONES * byte as u64);
    difference.wrapping_sub(ONES) & !difference & HIGH
}

/// Returns the position of the first `quote` or backslash at or after `from`, or the end of the text.
#[inline]
pub(crate) fn interruption(text: &[u8], from: usize, quote: u8) -> usize {
    let mut at = from;
    while let Some(chunk) = text[at..].first_chunk::<8>() {
        let word = u64::from_le_bytes(*chunk);
        let marked = equal(word, quote) | equal(word, b'\\');
        if marked != 0 {
            return at + (marked.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while let Some(byte) = text.get(at)
        && *byte != quote
        && *byte != b'\\'
    {
        at += 1;
    }
    at
}

/// Returns the end of the string whose opening quote is at `start`, without a check of its escapes.
#[inline]
pub(crate) fn string_end(text: &[u8], start: usize, quote: u8) -> usize {
    let mut at = start + 1;
    loop {
        at = interruption(text, at, quote);
        match text.get(at) {
            // The letter of an escape may be a quote.
            Some(b'\\') => at = (at + 2).min(text.len()),
            _ => return (at + 1).min(text.len()),
        }
    }
}

/// The source of a string with valid escapes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quoted<'a> {
    /// The text after the opening quote, including the closing quote.
    closed: &'a str,
    has_escapes: bool,
}

impl<'a> Quoted<'a> {
    /// Appends the content.
    pub(crate) fn push(self, out: &mut Vec<u8>) {
        match self.closed.as_bytes() {
            // Cannot fail: the escapes have been checked.
            closed @ [.., quote] if self.has_escapes => _ = unescape(closed, 0, *quote, out),
            [inside @ .., _] => out.extend_from_slice(inside),
            [] => {}
        }
    }

    /// Returns the content.
    pub(crate) fn content(self) -> Cow<'a, str> {
        if self.has_escapes {
            let mut content = Vec::with_capacity(self.closed.len());
            self.push(&mut content);
            return Cow::Owned(String::from_utf8(content).unwrap_or_default());
        }
        Cow::Borrowed(self.closed.get(..self.closed.len() - 1).unwrap_or_default())
    }
}

impl<'a> Lexer<'a> {
    /// Consumes a string in single or double quotes if it is next.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<Option<Quoted<'a>>, Fault> {
        let Some(quote @ (b'"' | b'\'')) = self.peek() else { return Ok(None) };
        let (text, start) = (self.text.as_bytes(), self.at + 1);
        let first = interruption(text, start, quote);
        let has_escapes = text.get(first) != Some(&quote);
        self.at = if has_escapes { unescape(text, first, quote, &mut Checked)? } else { first + 1 };
        Ok(Some(Quoted { closed: self.text.get(start..self.at).unwrap_or_default(), has_escapes }))
    }
}

/// The destination of the content of a string.
pub(crate) trait Content {
    fn piece(&mut self, text: &[u8], start: usize, end: usize);
    fn byte(&mut self, byte: u8);
    fn char(&mut self, char: char);
}

/// Discards the content: the escapes are only checked.
struct Checked;

impl Content for Checked {
    fn piece(&mut self, _: &[u8], _: usize, _: usize) {}
    fn byte(&mut self, _: u8) {}
    fn char(&mut self, _: char) {}
}

impl Content for Vec<u8> {
    #[inline]
    fn piece(&mut self, text: &[u8], start: usize, end: usize) {
        push_piece(self, text, start, end);
    }

    #[inline]
    fn byte(&mut self, byte: u8) {
        self.push(byte);
    }

    #[inline]
    fn char(&mut self, char: char) {
        self.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

/// Appends the content of a string from `from` on and returns the position after the closing `quote`.
pub(crate) fn unescape(text: &[u8], from: usize, quote: u8, out: &mut impl Content) -> Result<usize, Fault> {
    let mut at = from;
    loop {
        let end = interruption(text, at, quote);
        out.piece(text, at, end);
        match text.get(end) {
            Some(b'\\') => at = unescape_one(text, end + 1, out)?,
            Some(_) => return Ok(end + 1),
            None => return Err(Fault::new(end, "unterminated string")),
        }
    }
}

/// Appends the character of the escape whose letter is at `at` and returns the end of the escape.
pub(crate) fn unescape_one(text: &[u8], at: usize, out: &mut impl Content) -> Result<usize, Fault> {
    let byte = match text.get(at) {
        Some(b'x') => {
            let char = hex(text.get(at + 1..at + 3)).and_then(char::from_u32);
            out.char(char.ok_or_else(|| Fault::new(at, "\\x without two hexadecimal digits"))?);
            return Ok(at + 3);
        }
        Some(b'u') => return unescape_unicode(text, at, out),
        Some(letter) => unescaped(*letter),
        None => None,
    };
    out.byte(byte.ok_or_else(|| Fault::new(at, "unknown escape"))?);
    Ok(at + 1)
}

/// Decodes a `\u` whose letter is at `at`, and a second half of a surrogate pair. Half a pair becomes U+FFFD, since
/// UTF-8 cannot represent it.
fn unescape_unicode(text: &[u8], at: usize, out: &mut impl Content) -> Result<usize, Fault> {
    let unit = |at: usize| hex(text.get(at..at + 4));
    let first = unit(at + 1).ok_or_else(|| Fault::new(at, "\\u without four hexadecimal digits"))?;
    let end = at + 5;
    if let ascii @ 0..0x80 = first {
        // Mostly the separators of message properties.
        out.byte(ascii as u8);
        return Ok(end);
    }
    if let 0xD800..0xDC00 = first
        && text.get(end..end + 2) == Some(b"\\u")
        && let Some(second @ 0xDC00..0xE000) = unit(end + 2)
    {
        let scalar = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        out.char(char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER));
        return Ok(end + 6);
    }
    out.char(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
    Ok(end)
}

/// Parses hexadecimal digits.
#[inline]
fn hex(digits: Option<&[u8]>) -> Option<u32> {
    let mut value = 0;
    for digit in digits? {
        let digit = HEX_DIGITS[usize::from(*digit)];
        if digit == NOT_HEX {
            return None;
        }
        value = value << 4 | u32::from(digit);
    }
    Some(value)
}

const NOT_HEX: u8 = u8::MAX;

/// The value of each byte as a hexadecimal digit.
const HEX_DIGITS: [u8; 256] = {
    let mut values = [NOT_HEX; 256];
    let mut digit = 0;
    while digit < 16 {
        values[b"0123456789abcdef"[digit] as usize] = digit as u8;
        values[b"0123456789ABCDEF"[digit] as usize] = digit as u8;
        digit += 1;
    }
    values
};

/// Appends `text[start..end]`. A short piece is copied as a whole block and truncated, which costs less than a copy
/// of variable length.
#[inline]
fn push_piece(out: &mut Vec<u8>, text: &[u8], start: usize, end: usize) {
    if end - start <= BLOCK
        && let Some(block) = text[start..].first_chunk::<BLOCK>()
    {
        let length = out.len() + end - start;
        out.extend_from_slice(block);
        out.truncate(length);
    } else {
        out.extend_from_slice(&text[start..end]);
    }
}
