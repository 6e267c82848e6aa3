//! A deserializer that has a value for every key and records what it is asked for.

use std::cell::Cell;
use std::slice;

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::FieldKind;
use crate::probe::{Fault, FirstVariant};

/// What a header asked for while it was read.
#[derive(Default)]
pub(super) struct Seen {
    /// The name of the struct and its keys, aliases included.
    pub(super) header: Option<(&'static str, &'static [&'static str])>,
    /// The type of the last value.
    pub(super) kind: Option<FieldKind>,
    /// Whether the last value was asked for as an `Option`.
    pub(super) is_option: bool,
}

/// Reads a header from these keys. Each has a zero, an empty text or the first variant as its value.
pub(super) fn read<H: DeserializeOwned>(keys: &[&'static str]) -> (Seen, Result<(), Fault>) {
    let seen = Cell::default();
    let result = H::deserialize(Header { keys, seen: &seen }).map(drop);
    (seen.into_inner(), result)
}

fn update(seen: &Cell<Seen>, change: impl FnOnce(&mut Seen)) {
    let mut now = seen.take();
    change(&mut now);
    seen.set(now);
}

/// The header as a whole.
struct Header<'a> {
    keys: &'a [&'static str],
    seen: &'a Cell<Seen>,
}

impl<'de> Deserializer<'de> for Header<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_map(Fields { keys: self.keys.iter(), seen: self.seen })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        keys: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        update(self.seen, |seen| seen.header = Some((name, keys)));
        self.deserialize_any(visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        update(self.seen, |seen| seen.header = Some((name, &[])));
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit seq tuple
        tuple_struct map enum identifier ignored_any
    }
}

struct Fields<'a> {
    keys: slice::Iter<'a, &'static str>,
    seen: &'a Cell<Seen>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some(&key) = self.keys.next() else { return Ok(None) };
        let key: StrDeserializer<'_, Fault> = key.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        seed.deserialize(Value { seen: self.seen })
    }
}

/// The value of a field.
struct Value<'a> {
    seen: &'a Cell<Seen>,
}

impl Value<'_> {
    fn is(&self, kind: FieldKind) {
        update(self.seen, |seen| seen.kind = Some(kind));
    }
}

macro_rules! scalars {
    ($($method:ident $visit:ident $value:expr, $kind:ident;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            self.is(FieldKind::$kind);
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
        deserialize_i128 visit_i128 0, Long;
        deserialize_u128 visit_u128 0, Long;
        deserialize_f32 visit_f32 0.0, Double;
        deserialize_f64 visit_f64 0.0, Double;
        deserialize_char visit_char '0', String;
        deserialize_str visit_borrowed_str "", String;
        deserialize_string visit_borrowed_str "", String;
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Fault> {
        Err(Fault::Other("a field has no type of its own".to_owned()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        update(self.seen, |seen| seen.is_option = true);
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.is(FieldKind::Enum(variants));
        visitor.visit_enum(FirstVariant(variants))
    }

    forward_to_deserialize_any! {
        bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
