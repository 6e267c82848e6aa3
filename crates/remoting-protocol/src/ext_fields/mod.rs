//! The flat map of text that carries the typed header of a command.
//!
//! Java's `RemotingCommand.extFields` is a `HashMap<String, String>`. Here the map is part of the buffer of the
//! command, in the encoding of a ROCKETMQ header: most maps arrive in a frame, are read once or twice, and are
//! copied into another frame. A lookup scans all fields, which is faster than hashing for the usual dozen of short
//! fields. The fields of a JSON header are converted to this encoding and back.
//!
//! Typed headers are plain serde structs; see [`RemotingCommand::header`](crate::RemotingCommand::header) and
//! [`with_header`](crate::RemotingCommand::with_header). A field may have these types:
//!
//! | Rust | text |
//! |---|---|
//! | `String`, `&str`, `char` | the text itself |
//! | integers | decimal digits, like `Integer.parseInt` |
//! | `f32`, `f64` | the form of `Double.toString`: `1.0`, `1.0E10` |
//! | `bool` | `true` or `false`; `true` is read in any case, every other text as `false` (`Boolean.parseBoolean`) |
//! | enum of unit variants | the name of the variant |
//! | `Option<T>` | the text of `T`; `None` is an absent field |
//! | newtype struct | the text of the inner value |
//!
//! `#[serde(flatten)]` works for maps of text to text. For a flattened struct use
//! `#[serde(flatten, deserialize_with = "remoting_protocol::ext_fields::flattened")]`; see [`flattened`].
//!
//! **Duplicate keys.** A peer may repeat a key; Java does so with an ACL hook over ROCKETMQ. The last value counts
//! in [`get`](ExtFields::get) and in typed headers, as in Java's map. [`iter`](ExtFields::iter),
//! [`len`](ExtFields::len) and encoding keep all values in order.
//! [`set_ext_field`](crate::RemotingCommand::set_ext_field) leaves only the new value. If the last value is null,
//! the field is absent everywhere, except that an unchanged map is encoded to ROCKETMQ as it came.

mod de;
mod entries;
pub mod key;
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

/// The maximum length of a key in bytes: its length in a ROCKETMQ header is signed and has 16 bits.
pub(crate) const MAX_KEY: usize = i16::MAX as usize;

/// The maximum length of a value in bytes, which is that of a header.
pub(crate) const MAX_VALUE: usize = 0xFF_FFFF;

/// A view of the ext fields of a command, returned by
/// [`RemotingCommand::ext_fields`](crate::RemotingCommand::ext_fields).
///
/// The view is as cheap to copy as a slice. Change the fields through the command.
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
/// **Null and the empty text.** They have the same encoding in ROCKETMQ, which Java decodes as null. In a command
/// decoded from ROCKETMQ an empty value is null: `get` returns `None`, and `iter` and typed headers skip the field
/// and any earlier value of the same key. The unchanged command is encoded to the same bytes again; a change of ext
/// fields or remark removes null fields, as Java does. In a command from JSON, or created here, `""` is a value.
///
/// Equality is that of maps: it ignores order, null entries and replaced duplicates.
///
/// # Credentials
///
/// `Debug` prints `***` for the values of `SecurityToken` and `Signature`, in any case: a reader of the log could
/// use them to act as the sender. It prints `AccessKey`, which is the name of a user; the secret key is never sent.
/// Put secrets of your own into the body, of which `Debug` prints only 16 bytes.
#[derive(Clone, Copy, Default)]
pub struct ExtFields<'a> {
    encoded: &'a [u8],
    empty_is_null: bool,
}

impl<'a> ExtFields<'a> {
    /// Creates a view of entries that have passed [`validate`] and are UTF-8.
    #[inline]
    pub(crate) const fn new(encoded: &'a [u8], empty_is_null: bool) -> Self {
        Self { encoded, empty_is_null }
    }

    /// Returns the entries in the encoding of a ROCKETMQ header. An entry is a big-endian 16-bit key length, the
    /// key, a 32-bit value length and the value.
    #[inline]
    pub(crate) const fn encoded(self) -> &'a [u8] {
        self.encoded
    }

    /// Returns the value of a key, the last one if the key is repeated. Scans all fields.
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

    /// Returns whether [`get`](Self::get) returns a value for the key.
    #[must_use]
    pub fn contains_key(self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Returns whether an entry has the key, even if its value is null.
    pub(crate) fn has_key(self, key: &str) -> bool {
        RawEntries::new(self.encoded).any(|(other, _)| other == key.as_bytes())
    }

    /// Returns an iterator over the fields in the order of the wire, without nulls and with duplicates. Collected
    /// into a map, the last duplicate counts.
    ///
    /// This method first searches fields that were decoded from ROCKETMQ for nulls.
    #[must_use]
    pub fn iter(self) -> Iter<'a> {
        Iter { entries: self.live_entries() }
    }

    /// Returns the number of fields that [`iter`](Self::iter) yields. Scans all fields.
    #[must_use]
    pub fn len(self) -> usize {
        self.live_entries().count()
    }

    /// Returns whether [`iter`](Self::iter) yields no field.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.live_entries().next().is_none()
    }

    /// Returns the entries that are not null and not followed by a null of the same key.
    pub(crate) fn live_entries(&self) -> LiveEntries<'a> {
        LiveEntries::new(self.encoded, self.empty_is_null)
    }

    /// Returns the encoding of the [live entries](Self::live_entries). Copies only if there are others.
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

/// Rejects a key or value that no header can carry.
pub(crate) fn check_lengths(key: &[u8], value: usize) -> Result<(), HeaderError> {
    if key.len() > MAX_KEY {
        return Err(HeaderError::KeyTooLong { length: key.len() });
    }
    if value > MAX_VALUE {
        return Err(HeaderError::ValueTooLong { field: text(key).to_owned(), length: value });
    }
    Ok(())
}

/// Returns bytes of a map as text. They are UTF-8, since they were checked or were text before.
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

/// The fields that allow a reader to act as the sender. Java: `SessionCredentials`.
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

/// An iterator over the fields of [`ExtFields`] in the order of the wire.
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
