//! Strings as fastjson 2 writes them, which RocketMQ 5.4 and newer use.

use super::string::{HIGH, ONES};

/// Appends a string in quotes.
pub(crate) fn push_quoted(out: &mut Vec<u8>, content: &[u8]) {
    out.push(b'"');
    push_escaped(out, content);
    out.push(b'"');
}

/// Appends the inside of a string.
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
