//! The inside of JSON strings: finding their end, undoing and making escapes.

use super::lenient::unescaped;
use super::lexer::Fault;

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

/// Where the string that goes on at `from` is interrupted: by `quote`, a backslash or the end of the text.
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

/// Appends the content of the string that goes on at `from` and gives where it ends, behind `quote`.
pub(crate) fn unescape(text: &[u8], from: usize, quote: u8, out: &mut Vec<u8>) -> Result<usize, Fault> {
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
        Some(b'x') => {
            let char = hex(text.get(at + 1..at + 3)).and_then(char::from_u32);
            push_char(out, char.ok_or_else(|| Fault::new(at, "\\x without two hexadecimal digits"))?);
            return Ok(at + 3);
        }
        Some(b'u') => return unescape_unicode(text, at, out),
        Some(letter) => unescaped(*letter),
        None => None,
    };
    out.push(byte.ok_or_else(|| Fault::new(at, "an unknown escape"))?);
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

fn push_char(out: &mut Vec<u8>, char: char) {
    out.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Appends the inside of a string with the escapes of fastjson2, which 5.4 and newer use.
pub(crate) fn push_escaped(out: &mut Vec<u8>, content: &[u8]) {
    let mut at = 0;
    loop {
        let end = next_escaped(content, at);
        out.extend_from_slice(&content[at..end]);
        let Some(byte) = content.get(end) else { return };
        let (escape, length) = escape(*byte);
        out.extend_from_slice(&escape[..length.into()]);
        at = end + 1;
    }
}

/// Marks the high bit of the bytes that need an escape, and of no other.
#[inline]
pub(crate) const fn escaped(word: u64) -> u64 {
    // Sums that do not reach the high bit of a byte that is meant, and never carry into the next byte.
    let low = word & !HIGH;
    let not_below = low + ONES * (0x80 - 0x20);
    let not_quote = (low ^ (ONES * b'"' as u64)) + !HIGH;
    let not_backslash = (low ^ (ONES * b'\\' as u64)) + !HIGH;
    !((not_below & not_quote & not_backslash) | word) & HIGH
}

/// Whether one of the first `length` bytes, 8 at most, may need an escape: it does, or is a space or `!`, or stands
/// behind one that does. In half as many steps as [`escaped`].
#[inline(always)]
pub(crate) const fn may_be_escaped(word: u64, length: usize) -> bool {
    let below = word.wrapping_sub(ONES * (b'"' + 1) as u64);
    let backslash = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
    let marked = (below | backslash) & !word & HIGH;
    length > 0 && marked << (64 - 8 * length) != 0
}

/// The first word of eight bytes of `text`, as far as there are so many, zeros behind them.
#[inline(always)]
pub(crate) fn first_word(text: &[u8]) -> u64 {
    match text.first_chunk::<8>() {
        Some(block) => u64::from_le_bytes(*block),
        None => text.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
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

/// What stands for a byte that may not stand in a string as it is, in a block, and its length.
#[inline]
pub(crate) fn escape(byte: u8) -> ([u8; 8], u8) {
    ESCAPES[usize::from(byte % 128)]
}

/// The escape of each ASCII byte.
static ESCAPES: [([u8; 8], u8); 128] = {
    let mut escapes = [([0; 8], 0); 128];
    let mut byte = 0;
    while byte < 128 {
        escapes[byte as usize] = new_escape(byte);
        byte += 1;
    }
    escapes
};

const fn new_escape(byte: u8) -> ([u8; 8], u8) {
    let letter = match byte {
        b'"' | b'\\' => byte,
        0x08 => b'b',
        b'\t' => b't',
        b'\n' => b'n',
        0x0c => b'f',
        b'\r' => b'r',
        _ => {
            let digits = b"0123456789abcdef";
            let (high, low) = (digits[(byte >> 4) as usize], digits[(byte & 15) as usize]);
            return ([b'\\', b'u', b'0', b'0', high, low, 0, 0], 6);
        }
    };
    ([b'\\', letter, 0, 0, 0, 0, 0, 0], 2)
}
