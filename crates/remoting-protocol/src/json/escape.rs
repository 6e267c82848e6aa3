//! Writing strings with the escapes of fastjson 2, which RocketMQ 5.4 and newer use.

use super::string::{HIGH, ONES};

/// Appends a string in quotes.
pub(crate) fn push_quoted(out: &mut Vec<u8>, content: &[u8]) {
    if push_short(out, content) {
        return;
    }
    out.push(b'"');
    push_escaped(out, content);
    out.push(b'"');
}

/// Appends a string of at most 14 bytes in quotes, if none of its bytes needs an escape. Returns whether it did.
///
/// Most keys are such strings. One block of 16 bytes costs less than two quotes and a copy of unknown length.
#[inline]
fn push_short(out: &mut Vec<u8>, content: &[u8]) -> bool {
    const QUOTE: u128 = b'"' as u128;
    let length = content.len();
    if length > 14 {
        return false;
    }
    let first = first_word(content);
    let (inside, marked) = match content.last_chunk::<8>() {
        Some(last) => {
            let last = u64::from_le_bytes(*last);
            (u128::from(first) | u128::from(last) << (8 * (length - 8)), escaped(first) | escaped(last))
        }
        None => (first.into(), escaped(first) & !(u64::MAX << (8 * length))),
    };
    if marked != 0 {
        return false;
    }
    let end = out.len() + length + 2;
    let block = QUOTE | inside << 8 | QUOTE << (8 * (length + 1));
    out.extend_from_slice(&block.to_le_bytes());
    out.truncate(end);
    true
}

/// Appends the content of a string with escapes, without quotes.
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

/// Marks the high bit of exactly those bytes that need an escape.
#[inline]
pub(crate) const fn escaped(word: u64) -> u64 {
    // The sums leave the high bit clear for bytes to be marked, and never carry into the next byte.
    let low = word & !HIGH;
    let not_below = low + ONES * (0x80 - 0x20);
    let not_quote = (low ^ (ONES * b'"' as u64)) + !HIGH;
    let not_backslash = (low ^ (ONES * b'\\' as u64)) + !HIGH;
    !((not_below & not_quote & not_backslash) | word) & HIGH
}

/// Returns whether one of the first `length` bytes, at most 8, may need an escape. In half as many steps as
/// [`escaped`], but also marks spaces, `!` and bytes after a marked byte.
#[inline(always)]
pub(crate) const fn may_be_escaped(word: u64, length: usize) -> bool {
    let below = word.wrapping_sub(ONES * (b'"' + 1) as u64);
    let backslash = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
    let marked = (below | backslash) & !word & HIGH;
    length > 0 && marked << (64 - 8 * length) != 0
}

/// Returns the first eight bytes of `text` as a word, filled up with zeros.
#[inline(always)]
pub(crate) fn first_word(text: &[u8]) -> u64 {
    if let Some(block) = text.first_chunk::<8>() {
        return u64::from_le_bytes(*block);
    }
    // Two pieces that may overlap, since the bytes they share are equal.
    if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        let shift = 8 * (text.len() - 4);
        return u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << shift;
    }
    text.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// Returns the position of the first byte at or after `from` that needs an escape, or the end.
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
    let rest = &content[at..];
    if rest.is_empty() {
        return at;
    }
    // Words rather than single bytes: most strings are short.
    let marked = match content.last_chunk::<8>() {
        Some(last) => escaped(u64::from_le_bytes(*last)) >> (8 * (8 - rest.len())),
        None => escaped(first_word(rest)) & !(u64::MAX << (8 * rest.len())),
    };
    if marked == 0 { content.len() } else { at + (marked.trailing_zeros() / 8) as usize }
}

/// Returns the escape of a byte at the start of a block, and its length.
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::push_quoted;

    proptest! {
        #[test]
        fn a_string_of_any_length_is_quoted_like_serde_json(text in "([ -~]{0,20}|[\\x00-\\x7f]{0,20}|[a\"\\\\é中😀]{0,9})") {
            let mut out = b"before".to_vec();
            push_quoted(&mut out, text.as_bytes());
            prop_assert_eq!(&out[6..], serde_json::to_vec(&text).unwrap());
        }
    }
}
