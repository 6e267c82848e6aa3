//! Reading a scalar from text.

use serde::de::{Deserializer, EnumAccess, IntoDeserializer, VariantAccess, Visitor, value::StrDeserializer};

use super::boxed::Boxed;
use crate::HeaderError;
use crate::java_number::parse_short;

/// Deserializes text as the requested type.
#[derive(Clone, Copy)]
pub(super) struct TextDeserializer<'de> {
    bytes: &'de [u8],
    /// The text that `bytes` is a piece of; empty if that is not valid UTF-8 as a whole.
    whole: &'de str,
    /// The end of the piece in `whole`.
    end: usize,
}

impl<'de> TextDeserializer<'de> {
    pub(super) const fn new(text: &'de str) -> Self {
        Self { bytes: text.as_bytes(), whole: text, end: text.len() }
    }

    /// Returns the deserializer of `bytes`, which are UTF-8 and end at `end` in `whole` unless that is empty.
    #[inline]
    pub(super) const fn piece(bytes: &'de [u8], whole: &'de str, end: usize) -> Self {
        Self { bytes, whole, end }
    }

    /// Returns the text. Numbers and bools are read from the bytes.
    #[inline]
    fn text(self) -> &'de str {
        let start = self.end - self.bytes.len();
        self.whole.get(start..self.end).unwrap_or_else(|| super::super::text(self.bytes))
    }
}

fn unsupported<T>(found: &'static str) -> Result<T, Boxed> {
    Err(HeaderError::Unsupported { field: String::new(), found }.into())
}

impl TextDeserializer<'_> {
    #[cold]
    fn malformed(self, expected: &'static str) -> Boxed {
        HeaderError::malformed(self.bytes, expected).into()
    }
}

macro_rules! integers {
    ($($method:ident $visit:ident $type:ty, $expected:literal;)*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Boxed> {
            let value = match parse_short(self.bytes) {
                Some(value) => <$type>::try_from(value).ok(),
                None => self.text().parse().ok(),
            };
            match value {
                Some(value) => visitor.$visit(value),
                None => Err(self.malformed($expected)),
            }
        }
    )*};
}

macro_rules! refuse {
    ($($method:ident($($type:ty),*) = $found:literal;)*) => {$(
        fn $method<V: Visitor<'de>>(self $(, _: $type)*, _: V) -> Result<V::Value, Boxed> {
            unsupported($found)
        }
    )*};
}

impl<'de> Deserializer<'de> for TextDeserializer<'de> {
    type Error = Boxed;

    integers! {
        deserialize_i8 visit_i8 i8, "an integer of 8 bits";
        deserialize_i16 visit_i16 i16, "an integer of 16 bits";
        deserialize_i32 visit_i32 i32, "an integer of 32 bits";
        deserialize_i64 visit_i64 i64, "an integer of 64 bits";
        deserialize_i128 visit_i128 i128, "an integer of 128 bits";
        deserialize_u8 visit_u8 u8, "an unsigned integer of 8 bits";
        deserialize_u16 visit_u16 u16, "an unsigned integer of 16 bits";
        deserialize_u32 visit_u32 u32, "an unsigned integer of 32 bits";
        deserialize_u64 visit_u64 u64, "an unsigned integer of 64 bits";
        deserialize_u128 visit_u128 u128, "an unsigned integer of 128 bits";
    }

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Boxed> {
        visitor.visit_borrowed_str(self.text())
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Boxed> {
        visitor.visit_borrowed_str(self.text())
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Boxed> {
        visitor.visit_borrowed_str(self.text())
    }

    #[inline]
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Boxed> {
        visitor.visit_borrowed_str(self.text())
    }

    /// Equivalent of Java's `Boolean.parseBoolean`, which never fails.
    #[inline]
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Boxed> {
        visitor.visit_bool(self.bytes.eq_ignore_ascii_case(b"true"))
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Boxed> {
        match self.text().trim().parse() {
            Ok(value) => visitor.visit_f32(value),
            Err(_) => Err(self.malformed("a number")),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Boxed> {
        match self.text().trim().parse() {
            Ok(value) => visitor.visit_f64(value),
            Err(_) => Err(self.malformed("a number")),
        }
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Boxed> {
        let mut chars = self.text().chars();
        match (chars.next(), chars.next()) {
            (Some(value), None) => visitor.visit_char(value),
            _ => Err(self.malformed("one character")),
        }
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Boxed> {
        visitor.visit_some(self)
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Boxed> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Boxed> {
        visitor.visit_enum(VariantName { text: self.text() })
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Boxed> {
        visitor.visit_unit()
    }

    refuse! {
        deserialize_bytes() = "a byte string";
        deserialize_byte_buf() = "a byte string";
        deserialize_unit() = "a unit";
        deserialize_unit_struct(&'static str) = "a unit struct";
        deserialize_seq() = "a sequence";
        deserialize_tuple(usize) = "a tuple";
        deserialize_tuple_struct(&'static str, usize) = "a tuple struct";
        deserialize_map() = "a map";
        deserialize_struct(&'static str, &'static [&'static str]) = "a struct";
    }
}

/// The name of a variant without content.
struct VariantName<'de> {
    text: &'de str,
}

impl<'de> EnumAccess<'de> for VariantName<'de> {
    type Error = Boxed;
    type Variant = NoContent;

    fn variant_seed<V: serde::de::DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, NoContent), Boxed> {
        let name: StrDeserializer<'de, Boxed> = self.text.into_deserializer();
        Ok((seed.deserialize(name)?, NoContent))
    }
}

struct NoContent;

const CONTENT: &str = "an enum variant with content";

impl<'de> VariantAccess<'de> for NoContent {
    type Error = Boxed;

    fn unit_variant(self) -> Result<(), Boxed> {
        Ok(())
    }

    fn newtype_variant_seed<T: serde::de::DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Boxed> {
        unsupported(CONTENT)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Boxed> {
        unsupported(CONTENT)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, Boxed> {
        unsupported(CONTENT)
    }
}
