//! The flat map of text that carries a command's typed header.
//!
//! Java's `RemotingCommand.extFields` is a `HashMap<String, String>`. Here it is one buffer in the encoding of a
//! ROCKETMQ header, because that is what most commands do with it: slice it out of a frame, look up a field or
//! two, copy it into a frame. A look-up scans, which for the dozen short fields of a real command is faster than
//! hashing. A JSON header is converted into the same buffer and out of it.
//!
//! Typed headers are plain serde structs, see [`RemotingCommand::header`](crate::RemotingCommand::header) and
//! [`with_header`](crate::RemotingCommand::with_header). The types that a field may have:
//!
//! | Rust | text |
//! |---|---|
//! | `String`, `&str`, `char` | itself |
//! | integers | decimal digits, as `Integer.parseInt` reads them |
//! | `f32`, `f64` | as `Double.toString` writes: `1.0`, `1.0E10` |
//! | `bool` | `true` or `false`; any other text than `true`, in any case, reads as `false` (`Boolean.parseBoolean`) |
//! | enum of unit variants | the variant's name |
//! | `Option<T>` | `None` is an absent field |
//! | newtype struct | what it wraps |
//!
//! `#[serde(flatten)]` works for maps of text to text. A flattened struct takes
//! `#[serde(flatten, deserialize_with = "remoting_protocol::ext_fields::flattened")]`, see [`flattened`].
//!
//! **Duplicate keys.** A peer may send a key twice (Java does, with an ACL hook over ROCKETMQ). The last one wins in
//! [`get`](ExtFields::get) and in typed headers, as in Java's map. [`iter`](ExtFields::iter), [`len`](ExtFields::len)
//! and a re-encoding still show both, in order. [`insert`](ExtFields::insert) leaves one. Where the last one is null
//! the field is absent to all of them; only an unchanged map re-encoded to ROCKETMQ keeps its bytes, which say so.

mod de;
mod entries;
mod live;
mod ser;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

pub use de::{flattened, from_text};
pub(crate) use entries::{RawEntries, part};
pub(crate) use live::LiveEntries;

use crate::{DecodeError, HeaderError, excerpt};

/// The ext fields of a command; see the [module](self).
///
/// ```
/// use remoting_protocol::ExtFields;
///
/// let mut fields = ExtFields::new();
/// fields.insert("topic", "TopicTest")?;
/// fields.insert("queueId", "3")?;
/// assert_eq!(fields.get("queueId"), Some("3"));
/// assert_eq!(fields.encoded()[..7], *b"\0\x05topic");
/// # Ok::<(), remoting_protocol::HeaderError>(())
/// ```
///
/// **Null and the empty text.** Over ROCKETMQ they are the same bytes, and Java decodes null. So does a map that was
/// decoded from ROCKETMQ: `get` gives `None` for such a field, `iter` and typed headers skip it, and so they do what
/// the same key had before, while an unchanged map re-encodes to the bytes that came. Changing the map drops
/// them, as a trip through Java would. Over JSON, and in a map made here, `""` is a value.
///
/// Equality is that of maps: order, null entries and replaced duplicates do not count.
///
/// # Credentials
///
/// `Debug` shows `***` in place of the values of `SecurityToken` and `Signature`, in any case, so that logs need not be
/// kept secret for them. With either, somebody who reads it could act as the sender. It shows `AccessKey`, which is the
/// name of a user; the secret key that belongs to it is never sent. Fields of your own that are secret belong into the
/// body, of which `Debug` shows next to nothing.
#[derive(Clone)]
pub struct ExtFields {
    entries: Entries,
}

/// Where the encoded entries live, and with that what a value of length zero means.
#[derive(Clone)]
enum Entries {
    /// A validated slice of a ROCKETMQ frame, in which a zero length is null.
    Wire(Bytes),
    /// Our own, in which a zero length is the empty text.
    Own(Vec<u8>),
}

impl ExtFields {
    /// The longest key in bytes: a ROCKETMQ header has a signed 16-bit length for it.
    pub const MAX_KEY: usize = i16::MAX as usize;

    /// The longest value in bytes: no header can be longer.
    pub const MAX_VALUE: usize = 0xFF_FFFF;

    /// An empty map.
    #[must_use]
    pub const fn new() -> Self {
        Self { entries: Entries::Own(Vec::new()) }
    }

    /// Checks the map in a ROCKETMQ header once and for all, and returns whether all of it is text.
    pub(crate) fn validate(encoded: &[u8], offset: usize) -> Result<bool, DecodeError> {
        entries::validate(encoded, offset)
    }

    /// The map over bytes that [`validate`](Self::validate) has found to be text.
    pub(crate) const fn from_wire(encoded: Bytes) -> Self {
        Self { entries: Entries::Wire(encoded) }
    }

    /// The map over bytes that [`validate`](Self::validate) has passed, with U+FFFD for what is not text.
    pub(crate) fn from_wire_lossy(encoded: &[u8]) -> Self {
        Self::from_wire(entries::lossy(encoded).into())
    }

    /// The map over entries that this crate has laid out.
    pub(crate) const fn from_own(encoded: Vec<u8>) -> Self {
        Self { entries: Entries::Own(encoded) }
    }

    /// The entries as a ROCKETMQ header carries them: per entry a big-endian 16-bit key length, the key, a 32-bit
    /// value length, the value.
    #[must_use]
    pub fn encoded(&self) -> &[u8] {
        match &self.entries {
            Entries::Wire(bytes) => bytes,
            Entries::Own(bytes) => bytes,
        }
    }

    /// Whether a value of length zero is null.
    const fn empty_is_null(&self) -> bool {
        matches!(self.entries, Entries::Wire(_))
    }

    /// The value of a key; the last one where a peer sent the key twice. Scans the whole map.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        let mut found = None;
        for (other, value) in RawEntries::new(self.encoded()) {
            if other == key.as_bytes() {
                found = Some(value);
            }
        }
        found.filter(|value| !(value.is_empty() && self.empty_is_null())).map(text)
    }

    /// Whether [`get`](Self::get) would find the key.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Sets a field: appends it, and removes what had the same key.
    ///
    /// # Errors
    ///
    /// The key is longer than [`MAX_KEY`](Self::MAX_KEY) or the value longer than [`MAX_VALUE`](Self::MAX_VALUE);
    /// the map is as it was.
    pub fn insert(&mut self, key: &str, value: &str) -> Result<(), HeaderError> {
        check_lengths(key.as_bytes(), value.len())?;
        self.remove(key);
        let mut encoded = self.take_own();
        entries::push(&mut encoded, key.as_bytes(), value.as_bytes());
        *self = Self::from_own(encoded);
        Ok(())
    }

    /// Removes a field, in all its duplicates, and tells whether it was there.
    pub fn remove(&mut self, key: &str) -> bool {
        if !RawEntries::new(self.encoded()).any(|(other, _)| other == key.as_bytes()) {
            return false;
        }
        let was_there = self.contains_key(key);
        self.retain_keys(|other| other != key.as_bytes());
        was_there
    }

    /// The fields in the order of the wire, without nulls, with duplicates: collected into a map, the last wins.
    ///
    /// A map decoded from ROCKETMQ is first searched for nulls.
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        Iter { entries: self.live_entries() }
    }

    /// How many fields [`iter`](Self::iter) gives; counts them.
    #[must_use]
    pub fn len(&self) -> usize {
        self.live_entries().count()
    }

    /// Whether [`iter`](Self::iter) gives none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.live_entries().next().is_none()
    }

    /// The same fields in memory of their own, not a slice of the connection's read buffer.
    #[must_use]
    pub fn detached(&self) -> Self {
        match &self.entries {
            Entries::Wire(bytes) => Self::from_wire(Bytes::copy_from_slice(bytes)),
            Entries::Own(bytes) => Self::from_own(bytes.clone()),
        }
    }

    /// The bytes of a map that is a slice of a ROCKETMQ frame.
    pub(crate) const fn as_slice_of_frame(&self) -> Option<&Bytes> {
        match &self.entries {
            Entries::Wire(bytes) => Some(bytes),
            Entries::Own(_) => None,
        }
    }

    /// The fields as a typed header, as [`RemotingCommand::header`](crate::RemotingCommand::header).
    ///
    /// # Errors
    ///
    /// A field that `H` needs is absent, or its text does not read as the field's type.
    pub fn to_header<'de, H: Deserialize<'de>>(&'de self) -> Result<H, HeaderError> {
        de::from_entries(self.encoded(), self.empty_is_null())
    }

    /// A typed header out of no fields.
    pub(crate) fn no_fields_to_header<'de, H: Deserialize<'de>>() -> Result<H, HeaderError> {
        de::from_entries(&[], false)
    }

    /// Sets the fields of a typed header, as [`RemotingCommand::with_header`](crate::RemotingCommand::with_header).
    ///
    /// # Errors
    ///
    /// A field is neither text, number, bool, char nor unit enum, or too long; the map is as it was.
    pub fn extend_from_header<H: Serialize + ?Sized>(&mut self, header: &H) -> Result<(), HeaderError> {
        let mut added = Vec::new();
        ser::append(header, &mut added)?;
        if !self.encoded().is_empty() {
            self.retain_keys(|key| !RawEntries::new(&added).any(|(other, _)| other == key));
            let mut encoded = self.take_own();
            encoded.append(&mut added);
            added = encoded;
        }
        *self = Self::from_own(added);
        Ok(())
    }

    /// The entries that are neither null nor taken back by a null after them.
    pub(crate) fn live_entries(&self) -> LiveEntries<'_> {
        LiveEntries::new(self.encoded(), self.empty_is_null())
    }

    /// [`encoded`](Self::encoded) without the entries that do not count, a copy only where there are such.
    #[inline]
    pub(crate) fn live_encoded(&self) -> Cow<'_, [u8]> {
        if self.empty_is_null() && RawEntries::new(self.encoded()).any(|(_, value)| value.is_empty()) {
            let mut live = self.clone();
            live.retain_keys(|_| true);
            return Cow::Owned(live.take_own());
        }
        Cow::Borrowed(self.encoded())
    }

    fn retain_keys(&mut self, keep: impl Fn(&[u8]) -> bool) {
        let mut kept = Vec::with_capacity(self.encoded().len());
        for (key, value) in self.live_entries().filter(|(key, _)| keep(key)) {
            entries::push(&mut kept, key, value);
        }
        self.entries = Entries::Own(kept);
    }

    /// Takes the buffer out to change it, copied out of the frame where it is a slice of one.
    fn take_own(&mut self) -> Vec<u8> {
        if self.empty_is_null() {
            self.retain_keys(|_| true);
        }
        match std::mem::replace(&mut self.entries, Entries::Own(Vec::new())) {
            Entries::Own(encoded) => encoded,
            Entries::Wire(encoded) => encoded.into(),
        }
    }
}

/// Refuses what no header can carry.
fn check_lengths(key: &[u8], value: usize) -> Result<(), HeaderError> {
    if key.len() > ExtFields::MAX_KEY {
        return Err(HeaderError::KeyTooLong { length: key.len() });
    }
    if value > ExtFields::MAX_VALUE {
        return Err(HeaderError::ValueTooLong { field: text(key).to_owned(), length: value });
    }
    Ok(())
}

/// Bytes of a map as text: each was checked, or was text, when it came in.
#[inline]
fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

impl Default for ExtFields {
    fn default() -> Self {
        Self::new()
    }
}

impl PartialEq for ExtFields {
    fn eq(&self, other: &Self) -> bool {
        (self.empty_is_null() == other.empty_is_null() && self.encoded() == other.encoded())
            || self.live_entries().collect::<BTreeMap<_, _>>() == other.live_entries().collect()
    }
}

impl Eq for ExtFields {}

/// Fields by which whoever reads them could act as the sender (Java: `SessionCredentials`).
const CREDENTIALS: [&str; 2] = ["SecurityToken", "Signature"];

impl fmt::Debug for ExtFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_credential = |key: &str| CREDENTIALS.iter().any(|other| other.eq_ignore_ascii_case(key));
        let shown = self.iter().map(|(key, value)| {
            let value = if is_credential(key) { "***" } else { value };
            (excerpt::Text(key), excerpt::Text(value))
        });
        f.debug_map().entries(shown).finish()
    }
}

impl<'a> IntoIterator for &'a ExtFields {
    type Item = (&'a str, &'a str);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The fields of [`ExtFields`] in the order of the wire.
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    entries: LiveEntries<'a>,
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        self.entries.next().map(|(key, value)| (text(key), text(value)))
    }
}
