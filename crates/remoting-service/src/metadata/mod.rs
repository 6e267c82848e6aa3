//! The metadata of calls and their answers.

mod base64;
mod error;
mod ext_fields;
#[cfg(feature = "tonic")]
mod grpc;
mod key;

use std::fmt;

use bytes::Bytes;

pub(crate) use self::base64::{decode, encode};
pub use self::error::MetadataError;
use self::key::{Form, form, is_value};

/// The metadata of a call or of its answer: text and binary values by key. gRPC calls it metadata too; over remoting it is
/// ext fields.
///
/// A key has lower-case letters, digits, `-`, `_` and `.`. A key that ends with `-bin` has binary values, any other key has
/// a text of printable ASCII. Values are not empty. Keys that others use are refused, and are no metadata in a
/// received command or request:
///
/// * of gRPC: all that begin with `grpc-`;
/// * of HTTP: `connection`, `content-length`, `content-type`, `date`, `host`, `keep-alive`, `proxy-connection`, `server`, `te`,
///   `trailer`, `transfer-encoding`, `upgrade`, `user-agent` and `via`;
/// * of RocketMQ's request headers, such as those that `NamespaceHook` sets: `bname`, `lo`, `ns`, `nsd` and `oway`.
///
/// A key has one text. [`append`](Self::append) adds to it after a comma, and repeated headers of a gRPC peer arrive the
/// same way: gRPC and HTTP give both forms the same meaning. Binary values of one key stay apart.
///
/// ```
/// use remoting_service::Metadata;
///
/// let mut metadata = Metadata::new();
/// metadata.insert("tenant", "orders")?;
/// metadata.append("tenant", "invoices")?;
/// metadata.insert_bin("trace-bin", vec![0, 255])?;
/// assert_eq!(metadata.get("tenant"), Some("orders,invoices"));
/// assert_eq!(metadata.get_bin("trace-bin").map(|value| &value[..]), Some(&[0, 255][..]));
/// assert!(metadata.insert("grpc-timeout", "1S").is_err());
/// # Ok::<(), remoting_service::MetadataError>(())
/// ```
///
/// # On the wire
///
/// Over remoting a key and its text are an ext field. The binary values of a key are one ext field: base64 without padding,
/// separated by commas. Of the ext fields of a received command, those whose key and value have the form above are
/// metadata. The first 1 024 of them are read, counting repeated keys. The other ext fields, such as most fields of Java's
/// typed headers, are no metadata.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    // A few entries: a scan is faster than hashing, and the order is that of insertion.
    entries: Vec<Entry>,
}

#[derive(Clone, PartialEq, Eq)]
struct Entry {
    key: Box<str>,
    values: Values,
}

#[derive(Clone, PartialEq, Eq)]
enum Values {
    Text(String),
    Binary(Vec<Bytes>),
}

/// The largest number of entries read from a peer. Each is searched for among those before it.
const MAX_RECEIVED: usize = 1_024;

/// The value of a key of [`Metadata`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetadataValue<'a> {
    /// The text of a key.
    Text(&'a str),
    /// The binary values of a key that ends with `-bin`.
    Binary(&'a [Bytes]),
}

impl Metadata {
    /// Creates metadata without entries. It allocates nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// Sets the text of a key.
    ///
    /// # Errors
    ///
    /// Returns a [`MetadataError`] if the key or the value has the wrong form, or the key is reserved.
    pub fn insert(&mut self, key: &str, value: impl Into<String>) -> Result<(), MetadataError> {
        let value = text(key, value.into())?;
        self.put(key, Values::Text(value));
        Ok(())
    }

    /// Adds to the text of a key, after a comma if the key has one.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`insert`](Self::insert).
    pub fn append(&mut self, key: &str, value: impl Into<String>) -> Result<(), MetadataError> {
        let value = text(key, value.into())?;
        match self.values_mut(key) {
            Some(Values::Text(text)) => {
                text.push(',');
                text.push_str(&value);
            }
            _ => self.put(key, Values::Text(value)),
        }
        Ok(())
    }

    /// Sets a binary value as the only one of a key, which ends with `-bin`.
    ///
    /// # Errors
    ///
    /// Returns a [`MetadataError`] if the key has the wrong form or is reserved, or the value is empty.
    pub fn insert_bin(&mut self, key: &str, value: impl Into<Bytes>) -> Result<(), MetadataError> {
        let value = binary(key, value.into())?;
        self.put(key, Values::Binary(vec![value]));
        Ok(())
    }

    /// Adds a binary value to those of a key, which ends with `-bin`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`insert_bin`](Self::insert_bin).
    pub fn append_bin(&mut self, key: &str, value: impl Into<Bytes>) -> Result<(), MetadataError> {
        let value = binary(key, value.into())?;
        match self.values_mut(key) {
            Some(Values::Binary(values)) => values.push(value),
            _ => self.put(key, Values::Binary(vec![value])),
        }
        Ok(())
    }

    /// Returns the text of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        match self.value(key)? {
            MetadataValue::Text(text) => Some(text),
            MetadataValue::Binary(_) => None,
        }
    }

    /// Returns the first binary value of a key that ends with `-bin`.
    #[must_use]
    pub fn get_bin(&self, key: &str) -> Option<&Bytes> {
        self.get_all_bin(key).first()
    }

    /// Returns the binary values of a key that ends with `-bin`, in order.
    #[must_use]
    pub fn get_all_bin(&self, key: &str) -> &[Bytes] {
        match self.value(key) {
            Some(MetadataValue::Binary(values)) => values,
            _ => &[],
        }
    }

    /// Removes a key. Returns whether it had a value.
    pub fn remove(&mut self, key: &str) -> bool {
        let before = self.entries.len();
        self.entries.retain(|entry| *entry.key != *key);
        self.entries.len() < before
    }

    /// Returns an iterator over the keys and their values, in the order of insertion.
    pub fn iter(&self) -> impl Iterator<Item = (&str, MetadataValue<'_>)> {
        self.entries.iter().map(|entry| (&*entry.key, entry.value()))
    }

    /// Returns the number of keys.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether there is no key.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn value(&self, key: &str) -> Option<MetadataValue<'_>> {
        self.entries.iter().find(|entry| *entry.key == *key).map(Entry::value)
    }

    fn values_mut(&mut self, key: &str) -> Option<&mut Values> {
        self.entries.iter_mut().find(|entry| *entry.key == *key).map(|entry| &mut entry.values)
    }

    fn put(&mut self, key: &str, values: Values) {
        match self.values_mut(key) {
            Some(old) => *old = values,
            None => self.entries.push(Entry { key: key.into(), values }),
        }
    }
}

impl Entry {
    fn value(&self) -> MetadataValue<'_> {
        match &self.values {
            Values::Text(text) => MetadataValue::Text(text),
            Values::Binary(values) => MetadataValue::Binary(values),
        }
    }
}

/// Checks an entry of text.
fn text(key: &str, value: String) -> Result<String, MetadataError> {
    match form(key)? {
        Form::Binary => Err(MetadataError::TextForBinary { key: key.into() }),
        Form::Text if !is_value(&value) => Err(MetadataError::Value { key: key.into() }),
        Form::Text => Ok(value),
    }
}

/// Checks a binary entry.
fn binary(key: &str, value: Bytes) -> Result<Bytes, MetadataError> {
    match form(key)? {
        Form::Text => Err(MetadataError::BinaryForText { key: key.into() }),
        Form::Binary if value.is_empty() => Err(MetadataError::EmptyBinary { key: key.into() }),
        Form::Binary => Ok(value),
    }
}

impl fmt::Debug for Metadata {
    /// Prints the keys, and the lengths of the values: a value may be a credential.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lengths = self.iter().map(|(key, value)| match value {
            MetadataValue::Text(text) => (key, text.len()),
            MetadataValue::Binary(values) => (key, values.iter().map(Bytes::len).sum()),
        });
        f.debug_map().entries(lengths.map(|(key, length)| (key, format!("{length} bytes")))).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_of_the_wrong_form_and_reserved_names_are_refused() {
        let mut metadata = Metadata::new();
        for key in ["", "Tenant", "ten ant", ":path", "ténant"] {
            assert_eq!(metadata.insert(key, "x"), Err(MetadataError::Key { key: key.into() }));
        }
        let reserved = ["grpc-status", "grpc-x", "te", "content-type", "connection", "user-agent"];
        for key in reserved.into_iter().chain(["bname", "lo", "ns", "nsd", "oway"]) {
            assert_eq!(metadata.insert(key, "x"), Err(MetadataError::Reserved { key: key.into() }));
        }
        for value in ["", "a\n", "é", "\u{7f}"] {
            assert_eq!(metadata.append("tenant", value), Err(MetadataError::Value { key: "tenant".into() }));
        }
        assert!(matches!(metadata.insert("x-bin", "text"), Err(MetadataError::TextForBinary { .. })));
        assert!(matches!(metadata.insert_bin("x", "bytes"), Err(MetadataError::BinaryForText { .. })));
        assert!(matches!(metadata.append_bin("x-bin", ""), Err(MetadataError::EmptyBinary { .. })));
        assert!(metadata.is_empty());
    }

    #[test]
    fn texts_of_a_key_are_joined_and_binary_values_stay_apart() {
        let mut metadata = Metadata::new();
        for value in ["a", "b,c"] {
            metadata.append("text", value).unwrap();
            metadata.append_bin("x-bin", value).unwrap();
        }
        assert_eq!(metadata.get("text"), Some("a,b,c"));
        assert_eq!(metadata.get_all_bin("x-bin"), [Bytes::from("a"), Bytes::from("b,c")]);
        assert_eq!((metadata.len(), metadata.get("x-bin"), metadata.get_bin("text")), (2, None, None));
        assert!(metadata.remove("text") && !metadata.remove("text"));
    }

    #[test]
    fn debug_prints_no_value() {
        let mut metadata = Metadata::new();
        metadata.insert("authorization", "secret").unwrap();
        assert_eq!(format!("{metadata:?}"), r#"{"authorization": "6 bytes"}"#);
    }
}
