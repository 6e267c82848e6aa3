//! A deserializer that records the types it is asked for.

use std::cell::Cell;

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::BodyKind;
use crate::probe::{Fault, FirstVariant};

/// Returns the name and the keys of a struct, aliases included.
pub(super) fn keys<B: DeserializeOwned>() -> Option<(&'static str, &'static [&'static str])> {
    let seen = Cell::new(None);
    // The result does not matter: a struct is asked for before anything can fail.
    let _ = B::deserialize(Start { seen: &seen });
    seen.into_inner()
}

/// Returns the type of the field with this key, or `None` if the key is an alias of a field.
pub(super) fn kind<B: DeserializeOwned>(key: &'static str) -> Result<Option<BodyKind>, Fault> {
    let seen = Cell::new(None);
    B::deserialize(Root { key, times: 1, seen: &seen })?;
    let kind = seen.take().ok_or_else(|| Fault::Other("no value was asked for".to_owned()))?;
    // serde refuses a field that comes twice, by its main key.
    match B::deserialize(Root { key, times: 2, seen: &seen }) {
        Err(Fault::Duplicate(field)) if field != key => Ok(None),
        _ => Ok(Some(kind)),
    }
}

struct Start<'a> {
    seen: &'a Cell<Option<(&'static str, &'static [&'static str])>>,
}

impl<'de> Deserializer<'de> for Start<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Fault> {
        Err(Fault::Other("not a struct".to_owned()))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        keys: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.seen.set(Some((name, keys)));
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// An object with one key, once or twice.
struct Root<'a> {
    key: &'static str,
    times: usize,
    seen: &'a Cell<Option<BodyKind>>,
}

impl<'de> Deserializer<'de> for Root<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_map(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> MapAccess<'de> for Root<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        if self.times == 0 {
            return Ok(None);
        }
        self.times -= 1;
        let key: StrDeserializer<'_, Fault> = self.key.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        seed.deserialize(Value { seen: self.seen })
    }
}

/// A value of whatever type is asked for: zero, an empty text, the first variant, or a container of one such value.
struct Value<'a> {
    seen: &'a Cell<Option<BodyKind>>,
}

macro_rules! scalars {
    ($($method:ident $visit:ident $value:expr, $kind:ident;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            self.seen.set(Some(BodyKind::$kind));
            visitor.$visit($value)
        }
    )*};
}

impl<'de> Deserializer<'de> for Value<'_> {
    type Error = Fault;

    scalars! {
        deserialize_bool visit_bool false, Bool;
        deserialize_i8 visit_i8 0, Int;
        deserialize_i16 visit_i16 0, Int;
        deserialize_i32 visit_i32 0, Int;
        deserialize_u8 visit_u8 0, Int;
        deserialize_u16 visit_u16 0, Int;
        deserialize_u32 visit_u32 0, Int;
        deserialize_i64 visit_i64 0, Long;
        deserialize_u64 visit_u64 0, Long;
        deserialize_f32 visit_f32 0.0, Double;
        deserialize_f64 visit_f64 0.0, Double;
        deserialize_str visit_borrowed_str "", String;
        deserialize_string visit_borrowed_str "", String;
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Fault> {
        Err(Fault::Other("the type of a value is not known".to_owned()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let element = Cell::new(None);
        let value = visitor.visit_seq(One { key: None, value: Some(&element) })?;
        self.seen.set(element.take().map(|element| BodyKind::List(element.into())));
        Ok(value)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let (key, entry) = (Cell::new(None), Cell::new(None));
        let value = visitor.visit_map(One { key: Some(&key), value: Some(&entry) })?;
        let kinds = key.take().zip(entry.take());
        self.seen.set(kinds.map(|(key, entry)| BodyKind::Map(key.into(), entry.into())));
        Ok(value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.seen.set(Some(BodyKind::Object(name)));
        visitor.visit_map(One { key: None, value: None })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.seen.set(Some(BodyKind::Enum(name, variants)));
        visitor.visit_enum(FirstVariant(variants))
    }

    forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

/// One element or entry, or none if there is no value.
struct One<'a> {
    key: Option<&'a Cell<Option<BodyKind>>>,
    value: Option<&'a Cell<Option<BodyKind>>>,
}

impl<'de> SeqAccess<'de> for One<'_> {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        self.value.take().map(|seen| seed.deserialize(Value { seen })).transpose()
    }
}

impl<'de> MapAccess<'de> for One<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        self.key.take().map(|seen| seed.deserialize(Value { seen })).transpose()
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        let seen = self.value.take().ok_or_else(|| Fault::Other("a value without a key".to_owned()))?;
        seed.deserialize(Value { seen })
    }
}
