//! Reading a typed header from ext fields: a serde `Deserializer` for a flat map of scalars.

mod boxed;
mod flattened;
mod text;

use std::collections::HashMap;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};

use self::boxed::Boxed;
pub use self::flattened::flattened;
use self::text::TextDeserializer;
use super::ExtFields;
use super::entries::RawEntries;
use crate::HeaderError;

/// Reads a header from ext fields.
pub(crate) fn from_entries<'de, H: Deserialize<'de>>(fields: ExtFields<'de>) -> Result<H, HeaderError> {
    let ExtFields { encoded, empty_is_null } = fields;
    match H::deserialize(HeaderDeserializer { encoded, empty_is_null, replaced: None }) {
        Ok(header) => Ok(header),
        // Repeated keys are rare, so only a failure starts a search for them: serde rejects a repeated key,
        // [`Fields`] a null after a value, and a malformed value may be one that a later value replaces.
        Err(_) => {
            let replaced = replaced_entries(encoded);
            let deserializer = HeaderDeserializer { encoded, empty_is_null, replaced: Some(&replaced) };
            H::deserialize(deserializer).map_err(Boxed::into_inner)
        }
    }
}

/// Returns the positions, counted from the end, of the entries that a later entry of the same key replaces, in
/// ascending order.
fn replaced_entries(encoded: &[u8]) -> Vec<usize> {
    let mut last = HashMap::new();
    let mut replaced = Vec::new();
    let mut entries = RawEntries::new(encoded);
    let mut at = entries.rest().len();
    while let Some((key, _)) = entries.next() {
        replaced.extend(last.insert(key, at));
        at = entries.rest().len();
    }
    replaced.sort_unstable();
    replaced
}

/// Reads a single field from its text, for `#[serde(deserialize_with)]` where serde presents it as text.
/// [`flattened()`] does this for all fields of a flattened struct.
///
/// # Errors
///
/// Returns an error if the text is not a valid `T`.
pub fn from_text<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    T::deserialize(TextDeserializer::new(&text)).map_err(serde::de::Error::custom)
}

/// Deserializes the whole map.
struct HeaderDeserializer<'de, 'r> {
    encoded: &'de [u8],
    empty_is_null: bool,
    /// The result of [`replaced_entries`], on the second attempt.
    replaced: Option<&'r [usize]>,
}

macro_rules! refuse {
    ($($method:ident($($type:ty),*) = $found:literal;)*) => {$(
        fn $method<V: Visitor<'de>>(self $(, _: $type)*, _: V) -> Result<V::Value, Boxed> {
            Err(HeaderError::NotAMap { found: $found }.into())
        }
    )*};
}

impl<'de> Deserializer<'de> for HeaderDeserializer<'de, '_> {
    type Error = Boxed;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Boxed> {
        visitor.visit_map(Fields {
            entries: RawEntries::new(self.encoded),
            // One check of the whole buffer replaces those of its pieces. It fails only for a length that does not
            // look like UTF-8, such as one above 127, since all pieces are UTF-8.
            whole: std::str::from_utf8(self.encoded).unwrap_or_default(),
            encoded: self.encoded,
            empty_is_null: self.empty_is_null,
            replaced: self.replaced,
            nulls: 0,
            key: &[],
            value: &[],
        })
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Boxed> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Boxed> {
        visitor.visit_unit()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Boxed> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Boxed> {
        visitor.visit_newtype_struct(self)
    }

    refuse! {
        deserialize_bool() = "a bool";
        deserialize_i8() = "a number";
        deserialize_i16() = "a number";
        deserialize_i32() = "a number";
        deserialize_i64() = "a number";
        deserialize_u8() = "a number";
        deserialize_u16() = "a number";
        deserialize_u32() = "a number";
        deserialize_u64() = "a number";
        deserialize_f32() = "a number";
        deserialize_f64() = "a number";
        deserialize_char() = "a char";
        deserialize_str() = "text";
        deserialize_string() = "text";
        deserialize_bytes() = "bytes";
        deserialize_byte_buf() = "bytes";
        deserialize_seq() = "a sequence";
        deserialize_tuple(usize) = "a tuple";
        deserialize_tuple_struct(&'static str, usize) = "a tuple";
        deserialize_enum(&'static str, &'static [&'static str]) = "an enum";
    }

    forward_to_deserialize_any! { map struct identifier ignored_any }
}

/// The number of nulls for which a header is searched for an earlier value of the same key.
const MAX_LOOK_BACKS: u8 = 8;

/// The keys of one letter, as in the hottest headers. Taking them from here is cheaper than slicing text.
const LETTERS: [&str; 26] = [
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u",
    "v", "w", "x", "y", "z",
];

/// Deserializes the fields one by one.
struct Fields<'de, 'r> {
    entries: RawEntries<'de>,
    /// All entries as text; empty if they are not valid UTF-8 as a whole.
    whole: &'de str,
    encoded: &'de [u8],
    empty_is_null: bool,
    replaced: Option<&'r [usize]>,
    /// The number of nulls for which an earlier value was searched.
    nulls: u8,
    key: &'de [u8],
    value: &'de [u8],
}

impl<'de> Fields<'de, '_> {
    /// Returns the deserializer of a piece of the buffer that ends `from_end` bytes before the end of the buffer.
    #[inline]
    const fn piece(&self, bytes: &'de [u8], from_end: usize) -> TextDeserializer<'de> {
        TextDeserializer::piece(bytes, self.whole, self.encoded.len() - from_end)
    }

    /// Returns whether the null of `key` in `entry`, counted from the end, may remove a value that was already
    /// deserialized.
    ///
    /// Searches the earlier entries for the first few nulls only: most headers have no more, and it costs less than
    /// [`replaced_entries`]. Doing this for every null would be quadratic.
    #[inline(never)]
    fn may_remove(&mut self, key: &[u8], entry: usize) -> bool {
        if self.replaced.is_some() {
            return false;
        }
        if self.nulls == MAX_LOOK_BACKS {
            return true;
        }
        self.nulls += 1;
        let before = &self.encoded[..self.encoded.len() - entry];
        RawEntries::new(before).any(|(other, value)| other == key && !value.is_empty())
    }
}

impl<'de> MapAccess<'de> for Fields<'de, '_> {
    type Error = Boxed;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Boxed> {
        loop {
            let entry = self.entries.rest().len();
            let Some((key, value)) = self.entries.next() else { return Ok(None) };
            if value.is_empty() && self.empty_is_null {
                if self.may_remove(key, entry) {
                    return Err(HeaderError::Duplicate { field: "" }.into());
                }
                continue;
            }
            if let Some(replaced) = self.replaced
                && replaced.binary_search(&entry).is_ok()
            {
                continue;
            }
            self.key = key;
            self.value = value;
            let after = self.entries.rest().len();
            let key = match key {
                [letter @ b'a'..=b'z'] => TextDeserializer::new(LETTERS[usize::from(letter - b'a')]),
                _ => self.piece(key, after + value.len() + 4),
            };
            return seed.deserialize(key).map(Some);
        }
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Boxed> {
        let value = self.piece(self.value, self.entries.rest().len());
        seed.deserialize(value).map_err(|error| error.in_field(self.key))
    }
}
