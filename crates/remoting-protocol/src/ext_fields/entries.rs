//! The encoding of the map, which is that of Java's `RocketMQSerializable`. An entry is a 16-bit key length, the
//! key, a 32-bit value length and the value. Lengths are big-endian and signed.

use super::MAX_KEY;
use crate::lossy::push_lossy;
use crate::{DecodeError, DecodeErrorKind};

/// An iterator over the entries of a map with valid lengths.
#[derive(Clone, Debug)]
pub(crate) struct RawEntries<'a> {
    rest: &'a [u8],
}

impl<'a> RawEntries<'a> {
    pub(crate) const fn new(encoded: &'a [u8]) -> Self {
        Self { rest: encoded }
    }

    /// Returns the remaining bytes.
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for RawEntries<'a> {
    type Item = (&'a [u8], &'a [u8]);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if let Some(length) = short_entry(self.rest) {
            let (value, rest) = self.rest[SHORT..].split_at_checked(length)?;
            let key = &self.rest[2..3];
            self.rest = rest;
            return Some((key, value));
        }
        let (length, rest) = self.rest.split_first_chunk::<2>()?;
        let (key, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let (value, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        self.rest = rest;
        Some((key, value))
    }
}

/// Bytes before the value of an entry with a key of one byte.
const SHORT: usize = 7;

/// Returns the length of the first value if its key is one byte and the length below 256, as in the hottest headers.
/// One word is checked, and the position of the next entry depends on one byte only.
#[inline(always)]
fn short_entry(entries: &[u8]) -> Option<usize> {
    const LENGTHS: u64 = 0x0000_ffff_ff00_ffff;
    const KEY_OF_ONE: u64 = 0x0100;
    let start = entries.first_chunk::<8>()?;
    (u64::from_le_bytes(*start) & LENGTHS == KEY_OF_ONE).then_some(usize::from(start[SHORT - 1]))
}

/// Appends an entry. The caller has checked both lengths.
#[inline]
pub(crate) fn push(encoded: &mut Vec<u8>, key: &[u8], value: &[u8]) {
    encoded.reserve(6 + key.len() + value.len());
    encoded.extend_from_slice(&(key.len() as u16).to_be_bytes());
    encoded.extend_from_slice(key);
    encoded.extend_from_slice(&(value.len() as u32).to_be_bytes());
    encoded.extend_from_slice(value);
}

/// Removes the entries from `from` on whose key `keep` rejects.
pub(crate) fn retain(encoded: &mut Vec<u8>, from: usize, keep: impl Fn(&[u8]) -> bool) {
    let (mut at, mut kept) = (from, from);
    while at < encoded.len() {
        let mut entries = RawEntries::new(&encoded[at..]);
        let Some((key, _)) = entries.next() else { break };
        let keeps = keep(key);
        let end = encoded.len() - entries.rest.len();
        if keeps {
            encoded.copy_within(at..end, kept);
            kept += end - at;
        }
        at = end;
    }
    encoded.truncate(kept);
}

/// Checks the lengths for [`RawEntries`], and returns whether each key and value is UTF-8. If not, [`lossy`]
/// converts them for the accessors of text.
///
/// `base` is the position of the map in the frame, for the offset of an error.
#[inline]
pub(crate) fn validate(encoded: &[u8], base: usize) -> Result<bool, DecodeError> {
    if is_ascii_map(encoded) { Ok(true) } else { validate_each(encoded, base) }
}

/// Returns whether all lengths are valid and all text is ASCII. May return `false` for a key of more than 127
/// bytes, whose length may not look like ASCII.
#[inline(never)]
fn is_ascii_map(encoded: &[u8]) -> bool {
    if is_ascii(encoded) { is_map(encoded) } else { is_ascii_map_with_lengths(encoded) }
}

/// Returns whether all lengths of an encoded map are valid, of which every byte is ASCII.
#[inline]
fn is_map(encoded: &[u8]) -> bool {
    let mut rest = encoded;
    let mut longest_key = 0;
    loop {
        if let Some(length) = short_entry(rest) {
            // The processor predicts this branch, so that the next entry need not wait for the length.
            let behind = if length == 1 { rest.get(SHORT + 1..) } else { rest.get(SHORT + length..) };
            let Some(behind) = behind else { return false };
            rest = behind;
            continue;
        }
        let mut entries = RawEntries::new(rest);
        let Some((key, _)) = entries.next() else { break };
        longest_key |= key.len();
        rest = entries.rest;
    }
    rest.is_empty() && longest_key <= MAX_KEY
}

/// The general case of [`is_ascii_map`]: some lengths do not look like ASCII.
#[inline(never)]
fn is_ascii_map_with_lengths(encoded: &[u8]) -> bool {
    let mut entries = RawEntries::new(encoded);
    let mut longest_key = 0;
    // Lengths below 128 look like ASCII, so one check covers the bytes between two longer values.
    let mut unchecked = 0;
    while let Some((key, value)) = entries.next() {
        // Exceeds the limit exactly if one of the lengths does.
        longest_key |= key.len();
        if value.len() > 127 {
            let start = encoded.len() - entries.rest.len() - value.len();
            if !is_ascii(&encoded[unchecked..start - 4]) {
                return false;
            }
            unchecked = start;
        }
    }
    // A negative length of a value is read as 2 GiB or more, which exceeds every frame.
    entries.rest.is_empty() && longest_key <= MAX_KEY && is_ascii(&encoded[unchecked..])
}

/// Equivalent of the method of slices, which checks up to dozens of bytes one by one.
#[inline]
fn is_ascii(bytes: &[u8]) -> bool {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let (words, rest) = bytes.as_chunks::<8>();
    let all = words.iter().fold(0, |all, word| all | u64::from_ne_bytes(*word));
    match bytes.last_chunk::<8>() {
        Some(last) => (all | u64::from_ne_bytes(*last)) & HIGH == 0,
        None => rest.is_ascii(),
    }
}

/// Checks the entries one by one to find the error.
#[cold]
fn validate_each(encoded: &[u8], base: usize) -> Result<bool, DecodeError> {
    let mut at = 0;
    let mut is_text = true;
    while at < encoded.len() {
        let (key, end) = key_at(encoded, at, base)?;
        is_text &= std::str::from_utf8(&encoded[key..end]).is_ok();
        let (value, end) = value_at(encoded, end, base)?;
        is_text &= std::str::from_utf8(&encoded[value..end]).is_ok();
        at = end;
    }
    Ok(is_text)
}

/// Returns the map with U+FFFD for invalid UTF-8, as Java reads it. Cuts a key that gets too long.
#[cold]
pub(crate) fn lossy(encoded: &[u8]) -> Vec<u8> {
    let mut map = Vec::with_capacity(encoded.len());
    let (mut key_text, mut value_text) = (Vec::new(), Vec::new());
    for (key, value) in RawEntries::new(encoded) {
        key_text.clear();
        push_lossy(&mut key_text, key);
        if key_text.len() > MAX_KEY {
            // Do not cut inside a character.
            let is_start = |at: &usize| key_text.get(*at).is_none_or(|byte| byte & 0xc0 != 0x80);
            let cut = (0..=MAX_KEY).rev().find(is_start).unwrap_or_default();
            key_text.truncate(cut);
        }
        value_text.clear();
        push_lossy(&mut value_text, value);
        push(&mut map, &key_text, &value_text);
    }
    map
}

/// Returns the start and the end of the key whose length is at `at`.
#[inline]
fn key_at(encoded: &[u8], at: usize, base: usize) -> Result<(usize, usize), DecodeError> {
    const FIELD: &str = "an ext field key";
    let Some((length, rest)) = encoded[at..].split_first_chunk::<2>() else {
        return Err(DecodeError::new(DecodeErrorKind::Truncated(FIELD), base + at));
    };
    let length = i32::from(i16::from_be_bytes(*length));
    part(length, rest.len(), FIELD, base + at).map(|length| (at + 2, at + 2 + length))
}

/// Returns the start and the end of the value whose length is at `at`.
#[inline]
fn value_at(encoded: &[u8], at: usize, base: usize) -> Result<(usize, usize), DecodeError> {
    const FIELD: &str = "an ext field value";
    let Some((length, rest)) = encoded[at..].split_first_chunk::<4>() else {
        return Err(DecodeError::new(DecodeErrorKind::Truncated(FIELD), base + at));
    };
    part(i32::from_be_bytes(*length), rest.len(), FIELD, base + at).map(|length| (at + 4, at + 4 + length))
}

/// Checks that a length is not negative and not greater than `available`.
#[inline]
pub(crate) fn part(
    length: i32,
    available: usize,
    field: &'static str,
    offset: usize,
) -> Result<usize, DecodeError> {
    match usize::try_from(length) {
        Err(_) => Err(DecodeError::new(DecodeErrorKind::NegativeLength { field, length }, offset)),
        Ok(length) if length > available => {
            Err(DecodeError::new(DecodeErrorKind::Overrun { field, length, available }, offset))
        }
        Ok(length) => Ok(length),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Valid maps, some of them with one byte changed or truncated.
    fn maps() -> impl Strategy<Value = Vec<u8>> {
        let text = prop_oneof!["[a-z]{0,3}", "[ -~]{0,600}", "[a-zé中😀]{0,90}"];
        let entries = proptest::collection::vec((text.clone(), text), 0..8);
        (entries, any::<prop::sample::Index>(), any::<Option<u8>>(), any::<bool>()).prop_map(
            |(entries, at, byte, cut)| {
                let mut encoded = Vec::new();
                for (key, value) in entries {
                    push(&mut encoded, key.as_bytes(), value.as_bytes());
                }
                if !encoded.is_empty() {
                    let at = at.index(encoded.len());
                    encoded[at] = byte.unwrap_or(encoded[at]);
                    encoded.truncate(if cut { at } else { encoded.len() });
                }
                encoded
            },
        )
    }

    /// Returns the entries, computed from the layout.
    fn walk(encoded: &[u8]) -> Vec<(&[u8], &[u8])> {
        let mut entries = Vec::new();
        let mut at = 0;
        while let Ok((key, key_end)) = key_at(encoded, at, 0)
            && let Ok((value, end)) = value_at(encoded, key_end, 0)
        {
            entries.push((&encoded[key..key_end], &encoded[value..end]));
            at = end;
        }
        entries
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1024))]

        #[test]
        fn the_fast_check_accepts_exactly_the_valid_ascii_maps(encoded in maps()) {
            let strict = validate_each(&encoded, 0);
            let ascii = walk(&encoded).iter().all(|(key, value)| {
                let length_is_ascii = (key.len() as u8).is_ascii();
                key.is_ascii() && value.is_ascii() && length_is_ascii
            });
            prop_assert_eq!(is_ascii_map(&encoded), strict.is_ok() && ascii);
            prop_assert!(!is_ascii_map(&encoded) || strict == Ok(true));
            prop_assert_eq!(validate(&encoded, 0), strict);
        }

        #[test]
        fn the_iterator_yields_the_entries_of_the_layout(encoded in maps()) {
            if validate(&encoded, 0).is_ok() {
                prop_assert_eq!(RawEntries::new(&encoded).collect::<Vec<_>>(), walk(&encoded));
            }
        }

        #[test]
        fn a_lossy_map_is_a_map_of_text_at_most_three_times_as_long(encoded in maps()) {
            if let Ok(is_text) = validate(&encoded, 0) {
                let lossy = lossy(&encoded);
                prop_assert_eq!(validate(&lossy, 0), Ok(true));
                prop_assert!(lossy.len() <= 3 * encoded.len());
                prop_assert_eq!(is_text, lossy == encoded);
                prop_assert_eq!(walk(&lossy).len(), walk(&encoded).len());
            }
        }

        #[test]
        fn is_ascii_is_exact_at_any_length(bytes in proptest::collection::vec(0_u8..132, 0..40)) {
            prop_assert_eq!(is_ascii(&bytes), bytes.is_ascii());
        }
    }
}
