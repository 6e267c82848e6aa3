//! Strings: finding their end and undoing their escapes.

use std::borrow::Cow;

use super::dialect::unescaped;
use super::{Fault, Lexer};

/// The length of the block that short pieces are copied as.
const BLOCK: usize = 16;

pub(super) const ONES: u64 = 0x0101_0101_0101_0101;
pub(super) const HIGH: u64 = 0x8080_8080_8080_8080;

/// Marks the high bit of the bytes that equal `byte`; exact up to the first one marked.
#[inline]
const fn equal(word: u64, byte: u8) -> u64 {
    let difference = word ^ (ONES * byte as u64);
    difference.wrapping_sub(ONES) & !difference & HIGH
}

/// Returns the place of the first `quote` or backslash at or after `from`, or the end of the text.
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

/// A string as it is spelt, whose escapes have been checked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quoted<'a> {
    /// What follows the opening quote, with the closing quote.
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
    /// Reads the string that comes next, in quotes of either kind, if there is one.
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

/// The destination of a string's content.
pub(crate) trait Content {
    fn piece(&mut self, text: &[u8], start: usize, end: usize);
    fn byte(&mut self, byte: u8);
    fn char(&mut self, char: char);
}

/// No destination: the escapes are only checked.
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

/// Appends the content of the string that goes on at `from` and returns where it ends, behind `quote`.
pub(crate) fn unescape(text: &[u8], from: usize, quote: u8, out: &mut impl Content) -> Result<usize, Fault> {
    let mut at = from;
    loop {
        let end = interruption(text, at, quote);
        out.piece(text, at, end);
        match text.get(end) {
            Some(b'\\') => at = unescape_one(text, end + 1, out)?,
            Some(_) => return Ok(end + 1),
            None => return Err(Fault::new(end, "a string without an end")),
        }
    }
}

/// Appends what the escape behind the backslash before `at` stands for and returns where it ends.
fn unescape_one(text: &[u8], at: usize, out: &mut impl Content) -> Result<usize, Fault> {
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
    out.byte(byte.ok_or_else(|| Fault::new(at, "an unknown escape"))?);
    Ok(at + 1)
}

/// A `\u` whose letter is at `at`, with its other half. Half a pair becomes U+FFFD, since UTF-8 has no form for it.
fn unescape_unicode(text: &[u8], at: usize, out: &mut impl Content) -> Result<usize, Fault> {
    let unit = |at: usize| hex(text.get(at..at + 4));
    let first = unit(at + 1).ok_or_else(|| Fault::new(at, "\\u without four hexadecimal digits"))?;
    let end = at + 5;
    if let ascii @ 0..0x80 = first {
        // The separators of message properties, for the most part.
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

/// The number that these hexadecimal digits spell.
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

/// Appends `text[start..end]`. A short piece is copied as a whole block and cut, which costs less than asking for a
/// copy of so many bytes.
#[inline]
pub(crate) fn push_piece(out: &mut Vec<u8>, text: &[u8], start: usize, end: usize) {
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
