//! The entries of arrays, objects and enums, as serde asks for them one by one.

use serde::Deserializer;
use serde::de::{DeserializeSeed, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::document::{Children, Node};
use super::error::ReadError;
use super::value::Value;

/// The elements of an array; null has none.
pub(super) struct Elements<'d> {
    array: Value<'d>,
    elements: Children<'d>,
}

impl<'d> Elements<'d> {
    pub(super) fn new(array: Value<'d>) -> Self {
        Self { array, elements: array.document.children(array.node) }
    }
}

impl<'de> SeqAccess<'de> for Elements<'_> {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, ReadError> {
        let element = self.elements.next();
        element.map(|node| seed.deserialize(self.array.child(node, false)?)).transpose()
    }
}

/// The entries of an object; null has none.
pub(super) struct Entries<'d> {
    object: Value<'d>,
    children: Children<'d>,
    value: Option<Node>,
    /// Where the entries begin that others of the same field come after; in order.
    replaced: Vec<u32>,
}

impl<'d> Entries<'d> {
    /// Every entry, for a map: what is inserted last stays.
    pub(super) fn all(object: Value<'d>) -> Self {
        let children = object.document.children(object.node);
        Self { object, children, value: None, replaced: Vec::new() }
    }

    /// Of entries of the same field the last, for a struct: a derived `Deserialize` takes each field once. Other
    /// entries pass, however often they come.
    pub(super) fn last_of_each(object: Value<'d>, fields: &[&str]) -> Self {
        let document = object.document;
        let mut last = vec![None; fields.len()];
        let mut replaced = Vec::new();
        for key in document.children(object.node).step_by(2) {
            let word = document.word(key);
            if let Some(field) = fields.iter().position(|field| *field == word) {
                replaced.extend(last[field].replace(key.start));
            }
        }
        replaced.sort_unstable();
        Self { replaced, ..Self::all(object) }
    }

    fn next(&mut self) -> Option<(Node, Node)> {
        loop {
            let (key, value) = (self.children.next()?, self.children.next()?);
            if self.replaced.binary_search(&key.start).is_err() {
                return Some((key, value));
            }
        }
    }
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ReadError> {
        let Some((key, value)) = self.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(self.object.child(key, true)?).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ReadError> {
        let value =
            self.value.take().ok_or_else(|| ReadError::custom("a value was asked for before its key"))?;
        seed.deserialize(self.object.child(value, false)?)
    }
}

/// An enum's variant with content: `{"Variant":content}`.
pub(super) struct Variant<'d> {
    name: Value<'d>,
    content: Value<'d>,
}

impl<'d> Variant<'d> {
    pub(super) fn new(object: Value<'d>) -> Result<Self, ReadError> {
        let mut entries = Entries::all(object);
        match (entries.next(), entries.next()) {
            (Some((name, content)), None) => {
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
