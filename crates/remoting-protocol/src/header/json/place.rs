//! Pieces of text placed one after another in room made before.
//!
//! Each function writes over `room` from `at` on and gives where the next piece goes, or nothing if the room is too
//! small. So nothing but a position in a register moves on, where appending to a buffer would compare and count in memory
//! for each piece. What a function writes behind that position does not last: blocks are stored whole, however much of
//! them counts.

use crate::json::escape::{escape, escaped, first_word, may_be_escaped};

/// Places all of `piece`.
#[inline(always)]
pub(super) fn put<const N: usize>(room: &mut [u8], at: usize, piece: &[u8; N]) -> Option<usize> {
    put_front(room, at, piece, N)
}

/// Places the first `length` bytes of `piece`.
#[inline(always)]
pub(super) fn put_front<const N: usize>(
    room: &mut [u8],
    at: usize,
    piece: &[u8; N],
    length: usize,
) -> Option<usize> {
    *room.get_mut(at..)?.first_chunk_mut()? = *piece;
    Some(at + length)
}

/// Places the digits of `value`.
#[inline(always)]
pub(super) fn put_integer(room: &mut [u8], at: usize, value: i32) -> Option<usize> {
    match value {
        0..=9 => put(room, at, &[b'0' + value as u8]),
        _ => put_longer_integer(room, at, value),
    }
}

#[inline(never)]
fn put_longer_integer(room: &mut [u8], at: usize, value: i32) -> Option<usize> {
    let mut text = itoa::Buffer::new();
    let text = text.format(value).as_bytes();
    let end = at + text.len();
    room.get_mut(at..end)?.copy_from_slice(text);
    Some(end)
}

/// Places the first `length` bytes of `text` as the inside of a string, with the escapes of fastjson2, which 5.4 and
/// newer use.
///
/// A text that goes on behind the string spares a search for its last bytes.
#[inline(always)]
pub(super) fn put_escaped(room: &mut [u8], mut at: usize, text: &[u8], length: usize) -> Option<usize> {
    let (mut rest, mut left) = (text, length);
    while left > 8
        && let Some((block, behind)) = rest.split_first_chunk()
    {
        at = put_block(room, at, u64::from_le_bytes(*block), 8)?;
        (rest, left) = (behind, left - 8);
    }
    put_block(room, at, first_word(rest), left)
}

/// Places the first `length` bytes of a block.
#[inline(always)]
fn put_block(room: &mut [u8], at: usize, block: u64, length: usize) -> Option<usize> {
    if may_be_escaped(block, length) {
        put_escaped_block(room, at, block, length)
    } else {
        put_front(room, at, &block.to_le_bytes(), length)
    }
}

#[inline(never)]
fn put_escaped_block(room: &mut [u8], mut at: usize, block: u64, length: usize) -> Option<usize> {
    let mut marked = escaped(block) & !u64::MAX.checked_shl(8 * length as u32).unwrap_or(0);
    // In bits of the block.
    let mut done = 0;
    while marked != 0 {
        let place = marked.trailing_zeros() & !7;
        marked &= marked - 1;
        at = put_front(room, at, &(block >> done).to_le_bytes(), ((place - done) / 8) as usize)?;
        let (escape, length) = escape((block >> place) as u8);
        at = put_front(room, at, &escape, length.into())?;
        done = place + 8;
    }
    let rest = block.checked_shr(done).unwrap_or_default();
    put_front(room, at, &rest.to_le_bytes(), length - (done / 8) as usize)
}
