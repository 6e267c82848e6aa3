//! Sets of small numbers, as in acknowledgements.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A set of small numbers. Java's `BitSet`.
///
/// On the wire it is the base64 of its bits, as written by Java's `BitSetSerializerDeserializer`.
///
/// ```
/// use remoting_model::body::BitSet;
///
/// let set: BitSet = [0, 9].into_iter().collect();
/// assert!(set.contains(9) && !set.contains(1));
/// assert_eq!(set.iter().collect::<Vec<_>>(), [0, 9]);
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct BitSet {
    /// Bit `i % 8` of byte `i / 8` is set if the set has `i`. The last byte is not zero.
    bytes: Vec<u8>,
}

impl BitSet {
    /// Returns an empty set.
    #[must_use]
    pub const fn new() -> Self {
        Self { bytes: Vec::new() }
    }

    /// Adds a number. The set needs a bit for each number up to the largest.
    pub fn insert(&mut self, number: u16) {
        let (byte, bit) = (usize::from(number / 8), 1 << (number % 8));
        if byte >= self.bytes.len() {
            self.bytes.resize(byte + 1, 0);
        }
        self.bytes[byte] |= bit;
    }

    /// Returns whether the set has a number.
    #[must_use]
    pub fn contains(&self, number: u64) -> bool {
        usize::try_from(number / 8)
            .ok()
            .and_then(|byte| self.bytes.get(byte))
            .is_some_and(|byte| byte & (1 << (number % 8)) != 0)
    }

    /// Returns whether the set has no number.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Returns the numbers in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = u64> + '_ {
        let bits = |byte: u8| (0..8).filter(move |bit| byte & (1 << bit) != 0);
        (0u64..).zip(&self.bytes).flat_map(move |(index, &byte)| bits(byte).map(move |bit| index * 8 + bit))
    }
}

impl FromIterator<u16> for BitSet {
    fn from_iter<I: IntoIterator<Item = u16>>(numbers: I) -> Self {
        let mut set = Self::new();
        numbers.into_iter().for_each(|number| set.insert(number));
        set
    }
}

impl fmt::Debug for BitSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for BitSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_STANDARD.encode(&self.bytes))
    }
}

impl<'de> Deserialize<'de> for BitSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Base64)
    }
}

struct Base64;

impl Visitor<'_> for Base64 {
    type Value = BitSet;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a base64 text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<BitSet, E> {
        let mut bytes = BASE64_STANDARD.decode(text).map_err(E::custom)?;
        bytes.truncate(bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1));
        Ok(BitSet { bytes })
    }
}
