//! Functions that write pieces of text into a slice.
//!
//! Each function writes to `out[at..]` and returns the position of the next piece, or `None` if `out` is too short.
//! The position stays in a register, while an append to a buffer would update its length in memory for each piece.
//! Bytes after the returned position are scratch: blocks are stored whole, whatever their length.

use crate::json::escape::{escape, escaped, first_word, may_be_escaped};

/// Writes the whole `piece`.
#[inline(always)]
pub(super) fn put<const N: usize>(out: &mut [u8], at: usize, piece: &[u8; N]) -> Option<usize> {
    put_front(out, at, piece, N)
}

/// Writes the first `length` bytes of `piece`.
#[inline(always)]
pub(super) fn put_front<const N: usize>(
    out: &mut [u8],
    at: usize,
    piece: &[u8; N],
    length: usize,
) -> Option<usize> {
    *out.get_mut(at..)?.first_chunk_mut()? = *piece;
    Some(at + length)
}

/// Writes the digits of `value`.
#[inline(always)]
pub(super) fn put_integer(out: &mut [u8], at: usize, value: i32) -> Option<usize> {
    match value {
        0..=9 => put(out, at, &[b'0' + value as u8]),
        _ => put_longer_integer(out, at, value),
    }
}

#[inline(never)]
fn put_longer_integer(out: &mut [u8], at: usize, value: i32) -> Option<usize> {
    let mut text = itoa::Buffer::new();
    let text = text.format(value).as_bytes();
    let end = at + text.len();
    out.get_mut(at..end)?.copy_from_slice(text);
    Some(end)
}

/// Writes the first `length` bytes of `text` as the content of a string, with the escapes of fastjson 2, which 5.4
/// and newer use.
///
/// The last bytes are read faster if `text` continues after the string.
#[inline(always)]
pub(super) fn put_escaped(out: &mut [u8], mut at: usize, text: &[u8], length: usize) -> Option<usize> {
    let (mut rest, mut left) = (text, length);
    while left > 8
        && let Some((block, after)) = rest.split_first_chunk()
    {
        at = put_block(out, at, u64::from_le_bytes(*block), 8)?;
        (rest, left) = (after, left - 8);
    }
    put_block(out, at, first_word(rest), left)
}

/// Writes the first `length` bytes of a block.
#[inline(always)]
fn put_block(out: &mut [u8], at: usize, block: u64, length: usize) -> Option<usize> {
    if may_be_escaped(block, length) {
        put_escaped_block(out, at, block, length)
    } else {
        put_front(out, at, &block.to_le_bytes(), length)
    }
}

#[inline(never)]
fn put_escaped_block(out: &mut [u8], mut at: usize, block: u64, length: usize) -> Option<usize> {
    let mut marked = escaped(block) & !u64::MAX.checked_shl(8 * length as u32).unwrap_or(0);
    // The number of bits of the block that have been written.
    let mut done = 0;
    while marked != 0 {
        let bit = marked.trailing_zeros() & !7;
        marked &= marked - 1;
        at = put_front(out, at, &(block >> done).to_le_bytes(), ((bit - done) / 8) as usize)?;
        let (escape, length) = escape((block >> bit) as u8);
        at = put_front(out, at, &escape, length.into())?;
        done = bit + 8;
    }
    let rest = block.checked_shr(done).unwrap_or_default();
    put_front(out, at, &rest.to_le_bytes(), length - (done / 8) as usize)
}
