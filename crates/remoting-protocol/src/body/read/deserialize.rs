//! The serde traits of values, and of the entries of arrays, objects and enums.

use serde::Deserializer;
use serde::de::{
    DeserializeSeed, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess, Unexpected, VariantAccess,
    Visitor,
};

use super::document::{Children, Node};
use super::error::ReadError;
use super::value::Value;
use crate::json::Number;

macro_rules! forward {
    ($($method:ident => $read:ident,)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
            self.located(self.$read().and_then(|value| forward!(@ $read, visitor, value)))
        })*
    };
    (@ whole, $visitor:ident, $value:ident) => { Self::visit_number($value, $visitor) };
    (@ float, $visitor:ident, $value:ident) => { $visitor.visit_f64($value) };
    (@ bool, $visitor:ident, $value:ident) => { $visitor.visit_bool($value) };
    (@ bytes, $visitor:ident, $value:ident) => { $visitor.visit_byte_buf($value) };
}

impl<'de> Deserializer<'de> for Value<'_> {
    type Error = ReadError;

    forward! {
        deserialize_bool => bool,
        deserialize_i8 => whole,
        deserialize_i16 => whole,
        deserialize_i32 => whole,
        deserialize_i64 => whole,
        deserialize_u8 => whole,
        deserialize_u16 => whole,
        deserialize_u32 => whole,
        deserialize_u64 => whole,
        deserialize_f32 => float,
        deserialize_f64 => float,
        deserialize_bytes => bytes,
        deserialize_byte_buf => bytes,
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.located(self.visit_any(visitor))
    }

    /// Every value except null has a text, as in Java: a number its digits, an object its JSON.
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        if self.is_null() && !self.is_key {
            return self.located(Err(ReadError::invalid_type(Unexpected::Other("null"), &visitor)));
        }
        if self.repeated && self.document.is_container(self.node) {
            self.located(self.document.repeat(self.source().len(), self.node.start))?;
        }
        self.located(self.text().and_then(|text| visitor.visit_str(&text)))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let quoted_null = self.is_key && self.word() == "null";
        if quoted_null || self.is_null() {
            return self.located(visitor.visit_none());
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        if self.is('[') || self.is_null() {
            return self.located(visitor.visit_seq(Elements::new(self)));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        if self.is('{') || self.is_null() {
            return self.located(visitor.visit_map(Entries::all(self)));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        if self.is('{') {
            return self.located(visitor.visit_map(Entries::last_of_each(self, fields)));
        }
        if self.is_key && self.is_quoted() {
            return self.visit_inner(fields, visitor);
        }
        self.deserialize_any(visitor)
    }

    /// Reads the name of a variant, or its ordinal, which requires that the variants have Java's order.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        if self.is('{') {
            return self.located(Variant::new(self).and_then(|variant| visitor.visit_enum(variant)));
        }
        self.located(match Number::parse(self.source()) {
            Some(Number::Signed(ordinal)) if !self.is_quoted() => match u32::try_from(ordinal) {
                Ok(ordinal) => visitor.visit_enum(ordinal.into_deserializer()),
                Err(_) => Err(self.mismatch(self.source(), "an ordinal")),
            },
            _ => visitor.visit_enum(self.word().into_deserializer()),
        })
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_any(visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.deserialize_any(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_unit()
    }
}

/// The elements of an array. Null has none.
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

/// The entries of an object. Null has none.
pub(super) struct Entries<'d> {
    object: Value<'d>,
    children: Children<'d>,
    value: Option<Node>,
    /// The positions of entries that a later entry of the same field replaces, in ascending order.
    replaced: Vec<u32>,
}

impl<'d> Entries<'d> {
    /// Returns every entry, for a map, which keeps the entry inserted last.
    pub(super) fn all(object: Value<'d>) -> Self {
        let children = object.document.children(object.node);
        Self { object, children, value: None, replaced: Vec::new() }
    }

    /// Returns only the last entry of each field, for a struct, since a derived `Deserialize` accepts each field
    /// once. Entries that are not fields are all returned.
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
        let value = self.value.take().ok_or_else(|| ReadError::custom("value requested before its key"))?;
        seed.deserialize(self.object.child(value, false)?)
    }
}

/// A variant of an enum with content: `{"Variant":content}`.
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
            _ => Err(ReadError::custom("expected an enum: a name, or an object with one entry")),
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
