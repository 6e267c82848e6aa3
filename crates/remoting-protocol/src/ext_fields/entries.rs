//! The encoding of the map, as Java's `RocketMQSerializable` lays it out: for each entry a 16-bit key length,
//! the key, a 32-bit value length, the value; all big-endian, both lengths signed.

use super::ExtFields;
use crate::{DecodeError, DecodeErrorKind};

/// The entries of a map whose lengths have been checked.
#[derive(Clone, Debug)]
pub(crate) struct RawEntries<'a> {
    rest: &'a [u8],
}

impl<'a> RawEntries<'a> {
    pub(crate) const fn new(encoded: &'a [u8]) -> Self {
        Self { rest: encoded }
    }

    /// The bytes not yet walked over.
    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for RawEntries<'a> {
    type Item = (&'a [u8], &'a [u8]);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let (length, rest) = self.rest.split_first_chunk::<2>()?;
        let (key, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let (value, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        self.rest = rest;
        Some((key, value))
    }
}

/// Appends one entry; the caller has checked both lengths.
#[inline]
pub(super) fn push(encoded: &mut Vec<u8>, key: &[u8], value: &[u8]) {
    encoded.reserve(6 + key.len() + value.len());
    encoded.extend_from_slice(&(key.len() as u16).to_be_bytes());
    encoded.extend_from_slice(key);
    encoded.extend_from_slice(&(value.len() as u32).to_be_bytes());
    encoded.extend_from_slice(value);
}

/// What [`RawEntries`] and the text accessors rely on: lengths that add up, and UTF-8 in every key and value.
///
/// `base` is where in the frame the map begins, for the offset of an error.
pub(super) fn validate(encoded: &[u8], base: usize) -> Result<(), DecodeError> {
    // Lengths below 128 are ASCII too, so that one sweep does for the text of most maps.
    if adds_up(encoded) && encoded.is_ascii() { Ok(()) } else { validate_each(encoded, base) }
}

/// Whether the lengths lead from entry to entry and to the end, none of them negative.
#[inline]
fn adds_up(encoded: &[u8]) -> bool {
    let mut entries = RawEntries::new(encoded);
    let mut longest_key = 0;
    for (key, _) in entries.by_ref() {
        // Above the limit only if one of them is.
        longest_key |= key.len();
    }
    // A negative length of a value would be one of 2 GiB or more, which no frame has.
    entries.rest.is_empty() && longest_key <= ExtFields::MAX_KEY
}

/// The same, one by one, to say what is wrong.
#[cold]
fn validate_each(encoded: &[u8], base: usize) -> Result<(), DecodeError> {
    let mut at = 0;
    while at < encoded.len() {
        let (key, end) = key_at(encoded, at, base)?;
        utf8(&encoded[key..end], base + key, "an ext field key")?;
        let (value, end) = value_at(encoded, end, base)?;
        utf8(&encoded[value..end], base + value, "an ext field value")?;
        at = end;
    }
    Ok(())
}

/// Where the key at `at` begins and ends.
#[inline]
fn key_at(encoded: &[u8], at: usize, base: usize) -> Result<(usize, usize), DecodeError> {
    const FIELD: &str = "an ext field key";
    let Some((length, rest)) = encoded[at..].split_first_chunk::<2>() else {
        return Err(DecodeError::new(DecodeErrorKind::Truncated(FIELD), base + at));
    };
    let length = i32::from(i16::from_be_bytes(*length));
    part(length, rest.len(), FIELD, base + at).map(|length| (at + 2, at + 2 + length))
}

/// Where the value at `at` begins and ends.
#[inline]
fn value_at(encoded: &[u8], at: usize, base: usize) -> Result<(usize, usize), DecodeError> {
    const FIELD: &str = "an ext field value";
    let Some((length, rest)) = encoded[at..].split_first_chunk::<4>() else {
        return Err(DecodeError::new(DecodeErrorKind::Truncated(FIELD), base + at));
    };
    part(i32::from_be_bytes(*length), rest.len(), FIELD, base + at).map(|length| (at + 4, at + 4 + length))
}

/// A length that is not negative and within `room`.
#[inline]
pub(crate) fn part(
    length: i32,
    room: usize,
    field: &'static str,
    offset: usize,
) -> Result<usize, DecodeError> {
    match usize::try_from(length) {
        Err(_) => Err(DecodeError::new(DecodeErrorKind::NegativeLength { field, length }, offset)),
        Ok(length) if length > room => {
            Err(DecodeError::new(DecodeErrorKind::Overrun { field, length, room }, offset))
        }
        Ok(length) => Ok(length),
    }
}

fn utf8(text: &[u8], offset: usize, what: &'static str) -> Result<(), DecodeError> {
    match std::str::from_utf8(text) {
        Ok(_) => Ok(()),
        Err(error) => Err(DecodeError::new(DecodeErrorKind::InvalidUtf8(what), offset + error.valid_up_to())),
    }
}
