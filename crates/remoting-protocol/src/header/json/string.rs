//! The inside of JSON strings: finding their end, undoing and making escapes.

use bytes::{BufMut, BytesMut};

use super::reader::Fault;

/// Up to how many bytes are copied without asking how many.
const BLOCK: usize = 16;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Marks the high bit of the bytes that equal `byte`; exact up to the first one marked.
#[inline]
const fn equal(word: u64, byte: u8) -> u64 {
    let difference = word ^ (ONES * byte as u64);
    difference.wrapping_sub(ONES) & !difference & HIGH
}

/// Marks the high bit of the bytes below `limit`, at most 128; exact up to the first one marked.
#[inline]
const fn below(word: u64, limit: u8) -> u64 {
    word.wrapping_sub(ONES * limit as u64) & !word & HIGH
}

/// Where the string that goes on at `from` is interrupted: by `quote`, a backslash or the end of the text.
#[inline]
pub(super) fn interruption(text: &[u8], from: usize, quote: u8) -> usize {
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

/// Appends the content of the string that goes on at `from` and gives where it ends, behind `quote`.
pub(super) fn unescape(text: &[u8], from: usize, quote: u8, out: &mut Vec<u8>) -> Result<usize, Fault> {
    let mut at = from;
    loop {
        let end = interruption(text, at, quote);
        push_piece(out, text, at, end);
        match text.get(end) {
            Some(b'\\') => at = unescape_one(text, end + 1, out)?,
            Some(_) => return Ok(end + 1),
            None => return Err(Fault::new(from, "a string without an end")),
        }
    }
}

/// Appends what the escape behind the backslash before `at` stands for and gives where it ends.
fn unescape_one(text: &[u8], at: usize, out: &mut Vec<u8>) -> Result<usize, Fault> {
    let byte = match text.get(at) {
        Some(byte @ (b'"' | b'\\' | b'/' | b'\'')) => *byte,
        Some(b'n') => b'\n',
        Some(b't') => b'\t',
        Some(b'r') => b'\r',
        Some(b'b') => 0x08,
        Some(b'f') => 0x0c,
        Some(b'v') => 0x0b,
        Some(digit @ b'0'..=b'7') => digit - b'0',
        Some(b'x') => {
            let char = hex(text.get(at + 1..at + 3)).and_then(char::from_u32);
            push_char(out, char.ok_or_else(|| Fault::new(at, "\\x without two hexadecimal digits"))?);
            return Ok(at + 3);
        }
        Some(b'u') => return unescape_unicode(text, at, out),
        _ => return Err(Fault::new(at, "an unknown escape")),
    };
    out.push(byte);
    Ok(at + 1)
}

/// A `\u` whose letter is at `at`, with its other half. Half a pair becomes U+FFFD, since UTF-8 has no form for it.
fn unescape_unicode(text: &[u8], at: usize, out: &mut Vec<u8>) -> Result<usize, Fault> {
    let unit = |at: usize| hex(text.get(at..at + 4));
    let first = unit(at + 1).ok_or_else(|| Fault::new(at, "\\u without four hexadecimal digits"))?;
    let end = at + 5;
    if let ascii @ 0..0x80 = first {
        // The separators of message properties, for the most part.
        out.push(ascii as u8);
        return Ok(end);
    }
    if let 0xD800..0xDC00 = first
        && text.get(end..end + 2) == Some(b"\\u")
        && let Some(second @ 0xDC00..0xE000) = unit(end + 2)
    {
        let scalar = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        push_char(out, char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER));
        return Ok(end + 6);
    }
    push_char(out, char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
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
pub(super) fn push_piece(out: &mut Vec<u8>, text: &[u8], start: usize, end: usize) {
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

fn push_char(out: &mut Vec<u8>, char: char) {
    out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Appends the inside of a string with the escapes of fastjson2, which 5.4 and newer use.
pub(super) fn push_escaped(out: &mut impl BufMut, content: &[u8]) {
    let mut at = 0;
    loop {
        let end = next_escaped(content, at);
        out.put_slice(&content[at..end]);
        let Some(byte) = content.get(end) else { return };
        push_escape(out, *byte);
        at = end + 1;
    }
}

/// Marks the high bit of the bytes that need an escape; exact up to the first one marked.
#[inline]
const fn escaped(word: u64) -> u64 {
    below(word, 0x20) | equal(word, b'"') | equal(word, b'\\')
}

/// As [`push_escaped`], of `text[start..end]`: a short piece without escapes, as keys and numbers are, is copied as a
/// whole block and cut.
#[inline(always)]
pub(super) fn push_escaped_piece(out: &mut BytesMut, text: &[u8], start: usize, end: usize) {
    if let length @ 0..=8 = end - start
        && let Some(block) = text.get(start..).and_then(<[u8]>::first_chunk::<8>)
        && let behind = u64::MAX.checked_shl(8 * length as u32).unwrap_or(0)
        && escaped(u64::from_le_bytes(*block)) & !behind == 0
    {
        let end = out.len() + length;
        out.extend_from_slice(block);
        out.truncate(end);
    } else {
        push_escaped(out, &text[start..end]);
    }
}

/// Where the first byte at or after `from` is that needs an escape, or the end.
#[inline]
fn next_escaped(content: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(chunk) = content[at..].first_chunk::<8>() {
        let word = u64::from_le_bytes(*chunk);
        let marked = escaped(word);
        if marked != 0 {
            return at + (marked.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while let Some(byte) = content.get(at)
        && *byte >= 0x20
        && *byte != b'"'
        && *byte != b'\\'
    {
        at += 1;
    }
    at
}

fn push_escape(out: &mut impl BufMut, byte: u8) {
    let letter = match byte {
        b'"' | b'\\' => byte,
        0x08 => b'b',
        b'\t' => b't',
        b'\n' => b'n',
        0x0c => b'f',
        b'\r' => b'r',
        _ => {
            let digit = |nibble: u8| if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 };
            return out.put_slice(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15)]);
        }
    };
    out.put_slice(&[b'\\', letter]);
}
