//! The entries of arrays, objects and enums, as serde asks for them one by one.

use std::collections::HashMap;
use std::vec::IntoIter;

use serde::Deserializer;
use serde::de::{DeserializeSeed, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::error::ReadError;
use super::value::Value;

/// The elements of an array; null has none.
pub(super) struct Elements<'d> {
    array: Value<'d>,
    elements: IntoIter<u32>,
}

impl<'d> Elements<'d> {
    pub(super) fn new(array: Value<'d>) -> Self {
        let elements: Vec<u32> = array.document.children(array.at).collect();
        Self { array, elements: elements.into_iter() }
    }
}

impl<'de> SeqAccess<'de> for Elements<'_> {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, ReadError> {
        let element = self.elements.next();
        element.map(|at| seed.deserialize(self.array.child(at, false)?)).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.elements.len())
    }
}

/// The entries of an object; null has none.
pub(super) struct Entries<'d> {
    object: Value<'d>,
    entries: IntoIter<(u32, u32)>,
    value: Option<u32>,
}

impl<'d> Entries<'d> {
    /// Every entry, for a map: what is inserted last stays.
    pub(super) fn all(object: Value<'d>) -> Self {
        Self { object, entries: pairs(object).into_iter(), value: None }
    }

    /// Of entries with the same key the last, for a struct: a derived `Deserialize` takes each field once.
    pub(super) fn last_of_each(object: Value<'d>) -> Self {
        let mut entries = pairs(object);
        let document = object.document;
        let last: HashMap<_, _> = entries.iter().map(|&(key, _)| (document.word(key), key)).collect();
        if last.len() < entries.len() {
            entries.retain(|&(key, _)| last.get(&document.word(key)) == Some(&key));
        }
        Self { object, entries: entries.into_iter(), value: None }
    }
}

fn pairs(object: Value<'_>) -> Vec<(u32, u32)> {
    let mut children = object.document.children(object.at);
    std::iter::from_fn(|| children.next().zip(children.next())).collect()
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ReadError> {
        let Some((key, value)) = self.entries.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(self.object.child(key, true)?).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ReadError> {
        let value =
            self.value.take().ok_or_else(|| ReadError::custom("a value was asked for before its key"))?;
        seed.deserialize(self.object.child(value, false)?)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}

/// An enum's variant with content: `{"Variant":content}`.
pub(super) struct Variant<'d> {
    name: Value<'d>,
    content: Value<'d>,
}

impl<'d> Variant<'d> {
    pub(super) fn new(object: Value<'d>) -> Result<Self, ReadError> {
        match pairs(object)[..] {
            [(name, content)] => {
                Ok(Self { name: object.child(name, true)?, content: object.child(content, false)? })
            }
            _ => Err(ReadError::custom("an enum is a name, or an object with one entry")),
        }
    }
}

impl<'de, 'd> EnumAccess<'de> for Variant<'d> {
    type Error = ReadError;
    type Variant = Value<'d>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Value<'d>), ReadError> {
        Ok((seed.deserialize(self.name)?, self.content))
    }
}

impl<'de> VariantAccess<'de> for Value<'_> {
    type Error = ReadError;

    fn unit_variant(self) -> Result<(), ReadError> {
        serde::de::Deserialize::deserialize(self)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, ReadError> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_tuple(len, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.deserialize_struct("", fields, visitor)
    }
}
