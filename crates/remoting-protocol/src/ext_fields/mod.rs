//! The flat map of text that carries a command's typed header.

mod de;
mod ser;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::HeaderError;

/// The ext fields of a command.
#[derive(Clone, Debug)]
pub struct ExtFields {
    entries: Entries,
}

/// Where the encoded entries live, and with that what a value of length zero means.
#[derive(Clone, Debug)]
enum Entries {
    /// A validated slice of a ROCKETMQ frame, in which a zero length is null.
    Wire(Bytes),
    /// Our own, in which a zero length is the empty text.
    Own(Vec<u8>),
}

impl ExtFields {
    /// The longest key in bytes: a ROCKETMQ header has a signed 16-bit length for it.
    pub const MAX_KEY: usize = i16::MAX as usize;

    /// An empty map.
    #[must_use]
    pub const fn new() -> Self {
        Self { entries: Entries::Own(Vec::new()) }
    }

    /// The entries as a ROCKETMQ header carries them.
    #[must_use]
    pub fn encoded(&self) -> &[u8] {
        match &self.entries {
            Entries::Wire(bytes) => bytes,
            Entries::Own(bytes) => bytes,
        }
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.iter().filter(|(k, _)| *k == key).last().map(|(_, v)| v)
    }

    /// Whether `get` would find the key.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Sets a field.
    ///
    /// # Errors
    ///
    /// The key is longer than [`MAX_KEY`](Self::MAX_KEY), or the value longer than a header can be.
    pub fn insert(&mut self, key: &str, value: &str) -> Result<(), HeaderError> {
        let _ = (key, value);
        Ok(())
    }

    /// Removes a field.
    pub fn remove(&mut self, key: &str) -> bool {
        let _ = key;
        false
    }

    /// The fields in the order of the wire.
    pub fn iter(&self) -> Iter<'_> {
        Iter { rest: self.encoded() }
    }

    /// How many fields there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// The same fields in memory of their own.
    #[must_use]
    pub fn detached(&self) -> Self {
        match &self.entries {
            Entries::Wire(bytes) => Self { entries: Entries::Wire(Bytes::copy_from_slice(bytes)) },
            Entries::Own(bytes) => Self { entries: Entries::Own(bytes.clone()) },
        }
    }

    /// The fields as a typed header.
    ///
    /// # Errors
    ///
    /// As [`RemotingCommand::header`](crate::RemotingCommand::header).
    pub fn to_header<'de, H: Deserialize<'de>>(&'de self) -> Result<H, HeaderError> {
        de::from_entries(self.encoded())
    }

    pub(crate) fn no_fields_to_header<'de, H: Deserialize<'de>>() -> Result<H, HeaderError> {
        de::from_entries(&[])
    }

    /// Adds the fields of a typed header.
    ///
    /// # Errors
    ///
    /// As [`RemotingCommand::with_header`](crate::RemotingCommand::with_header).
    pub fn extend_from_header<H: Serialize + ?Sized>(&mut self, header: &H) -> Result<(), HeaderError> {
        ser::into_fields(header, self)
    }
}

impl Default for ExtFields {
    fn default() -> Self {
        Self::new()
    }
}

impl PartialEq for ExtFields {
    fn eq(&self, other: &Self) -> bool {
        self.encoded() == other.encoded()
    }
}

impl Eq for ExtFields {}

/// The fields of [`ExtFields`], in the order of the wire.
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let _ = self.rest;
        None
    }
}
