//! The flat map of text that carries a command's typed header.
//!
//! Java's `RemotingCommand.extFields` is a `HashMap<String, String>`. Here it is a part of the command's buffer, in the
//! encoding of a ROCKETMQ header, because that is what most commands do with it: it comes in a frame, a field or two
//! are read, it is copied into a frame. A lookup scans, which for the dozen short fields of a real command is faster
//! than hashing. The fields of a JSON header are converted into the same encoding and back.
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
//! and a re-encoding still show both, in order. [`set_ext_field`](crate::RemotingCommand::set_ext_field) leaves one. Where the last one is null
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

pub(crate) use de::from_entries as read_header;
pub use de::{flattened, from_text};
pub(crate) use entries::{RawEntries, lossy, part, push as push_entry, retain as retain_entries, validate};
pub(crate) use live::LiveEntries;
pub(crate) use ser::append as write_header;

use crate::{HeaderError, excerpt};

/// The longest key in bytes: a ROCKETMQ header has a signed 16-bit length for it.
pub(crate) const MAX_KEY: usize = i16::MAX as usize;

/// The longest value in bytes: no header can be longer.
pub(crate) const MAX_VALUE: usize = 0xFF_FFFF;

/// The ext fields of a command, as [`RemotingCommand::ext_fields`](crate::RemotingCommand::ext_fields) returns them: a
/// view that is as cheap to copy as a slice. They are changed through the command.
///
/// ```
/// use remoting_protocol::{RemotingCommand, RequestCode};
///
/// let mut command = RemotingCommand::request(RequestCode(20_000)).with_ext_field("topic", "TopicTest")?;
/// command.set_ext_field("queueId", "3")?;
/// let fields = command.ext_fields().unwrap_or_default();
/// assert_eq!((fields.len(), fields.get("queueId")), (2, Some("3")));
/// # Ok::<(), remoting_protocol::HeaderError>(())
/// ```
///
/// **Null and the empty text.** Over ROCKETMQ they are the same bytes, and Java decodes null. So does a command that
/// was decoded from ROCKETMQ: `get` returns `None` for such a field, `iter` and typed headers skip it, and so they do
/// what the same key had before, while the unchanged command re-encodes to the bytes that came. Changing ext fields or
/// remark drops them, as a trip through Java would. Over JSON, and in a command made here, `""` is a value.
///
/// Equality is that of maps: order, null entries and replaced duplicates do not count.
///
/// # Credentials
///
/// `Debug` shows `***` in place of the values of `SecurityToken` and `Signature`, in any case, so that logs need not be
/// kept secret for them. With either, somebody who reads it could act as the sender. It shows `AccessKey`, which is the
/// name of a user; the secret key that belongs to it is never sent. Fields of your own that are secret belong into the
/// body, of which `Debug` shows next to nothing.
#[derive(Clone, Copy, Default)]
pub struct ExtFields<'a> {
    encoded: &'a [u8],
    empty_is_null: bool,
}

impl<'a> ExtFields<'a> {
    /// The map over entries that [`validate`] has passed and that are text.
    #[inline]
    pub(crate) const fn new(encoded: &'a [u8], empty_is_null: bool) -> Self {
        Self { encoded, empty_is_null }
    }

    /// The entries as a ROCKETMQ header carries them: per entry a big-endian 16-bit key length, the key, a 32-bit
    /// value length, the value.
    #[inline]
    pub(crate) const fn encoded(self) -> &'a [u8] {
        self.encoded
    }

    /// Returns the value of a key; the last one if a peer sent the key twice. Scans all fields.
    #[must_use]
    pub fn get(self, key: &str) -> Option<&'a str> {
        let mut found = None;
        for (other, value) in RawEntries::new(self.encoded) {
            if other == key.as_bytes() {
                found = Some(value);
            }
        }
        found.filter(|value| !(value.is_empty() && self.empty_is_null)).map(text)
    }

    /// Returns whether [`get`](Self::get) finds the key.
    #[must_use]
    pub fn contains_key(self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Whether an entry has the key, be its value null or not.
    pub(crate) fn has_key(self, key: &str) -> bool {
        RawEntries::new(self.encoded).any(|(other, _)| other == key.as_bytes())
    }

    /// Iterates over the fields in the order of the wire, without nulls, with duplicates: collected into a map, the
    /// last wins.
    ///
    /// Fields decoded from ROCKETMQ are first searched for nulls.
    #[must_use]
    pub fn iter(self) -> Iter<'a> {
        Iter { entries: self.live_entries() }
    }

    /// Returns how many fields [`iter`](Self::iter) yields; counts them.
    #[must_use]
    pub fn len(self) -> usize {
        self.live_entries().count()
    }

    /// Returns whether [`iter`](Self::iter) yields none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.live_entries().next().is_none()
    }

    /// The entries that are neither null nor taken back by a null after them.
    pub(crate) fn live_entries(&self) -> LiveEntries<'a> {
        LiveEntries::new(self.encoded, self.empty_is_null)
    }

    /// [`encoded`](Self::encoded) without the entries that do not count, a copy only where there are such.
    #[inline]
    pub(crate) fn live_encoded(self) -> Cow<'a, [u8]> {
        if self.empty_is_null && RawEntries::new(self.encoded).any(|(_, value)| value.is_empty()) {
            let mut live = Vec::with_capacity(self.encoded.len());
            for (key, value) in self.live_entries() {
                push_entry(&mut live, key, value);
            }
            return Cow::Owned(live);
        }
        Cow::Borrowed(self.encoded)
    }
}

/// Refuses what no header can carry.
pub(crate) fn check_lengths(key: &[u8], value: usize) -> Result<(), HeaderError> {
    if key.len() > MAX_KEY {
        return Err(HeaderError::KeyTooLong { length: key.len() });
    }
    if value > MAX_VALUE {
        return Err(HeaderError::ValueTooLong { field: text(key).to_owned(), length: value });
    }
    Ok(())
}

/// Bytes of a map as text: each was checked, or was text, when it came in.
#[inline]
pub(crate) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

impl PartialEq for ExtFields<'_> {
    fn eq(&self, other: &Self) -> bool {
        (self.empty_is_null == other.empty_is_null && self.encoded == other.encoded)
            || self.live_entries().collect::<BTreeMap<_, _>>() == other.live_entries().collect()
    }
}

impl Eq for ExtFields<'_> {}

/// Fields by which whoever reads them could act as the sender (Java: `SessionCredentials`).
const CREDENTIALS: [&str; 2] = ["SecurityToken", "Signature"];

impl fmt::Debug for ExtFields<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_credential = |key: &str| CREDENTIALS.iter().any(|other| other.eq_ignore_ascii_case(key));
        let shown = self.iter().map(|(key, value)| {
            let value = if is_credential(key) { "***" } else { value };
            (excerpt::Text(key), excerpt::Text(value))
        });
        f.debug_map().entries(shown).finish()
    }
}

impl<'a> IntoIterator for ExtFields<'a> {
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
