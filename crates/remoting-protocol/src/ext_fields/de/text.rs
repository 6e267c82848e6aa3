//! Reading a scalar from text.

use serde::de::{Deserializer, EnumAccess, IntoDeserializer, VariantAccess, Visitor, value::StrDeserializer};

use crate::HeaderError;
use crate::java_number::parse_short;

/// Deserializes text as the requested type.
#[derive(Clone, Copy)]
pub(super) struct TextDeserializer<'de> {
    pub(super) text: &'de str,
}

fn unsupported<T>(found: &'static str) -> Result<T, HeaderError> {
    Err(HeaderError::Unsupported { field: String::new(), found })
}

impl TextDeserializer<'_> {
    fn malformed(self, expected: &'static str) -> HeaderError {
        HeaderError::malformed(self.text.as_bytes(), expected)
    }
}

macro_rules! integers {
    ($($method:ident $visit:ident $type:ty, $expected:literal;)*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, HeaderError> {
            let value = match parse_short(self.text.as_bytes()) {
                Some(value) => <$type>::try_from(value).ok(),
                None => self.text.parse().ok(),
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
        fn $method<V: Visitor<'de>>(self $(, _: $type)*, _: V) -> Result<V::Value, HeaderError> {
            unsupported($found)
        }
    )*};
}

impl<'de> Deserializer<'de> for TextDeserializer<'de> {
    type Error = HeaderError;

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
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, HeaderError> {
        visitor.visit_borrowed_str(self.text)
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, HeaderError> {
        visitor.visit_borrowed_str(self.text)
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, HeaderError> {
        visitor.visit_borrowed_str(self.text)
    }

    #[inline]
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, HeaderError> {
        visitor.visit_borrowed_str(self.text)
    }

    /// Equivalent of Java's `Boolean.parseBoolean`, which never fails.
    #[inline]
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, HeaderError> {
        visitor.visit_bool(self.text.eq_ignore_ascii_case("true"))
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, HeaderError> {
        match self.text.trim().parse() {
            Ok(value) => visitor.visit_f32(value),
            Err(_) => Err(self.malformed("a number")),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, HeaderError> {
        match self.text.trim().parse() {
            Ok(value) => visitor.visit_f64(value),
            Err(_) => Err(self.malformed("a number")),
        }
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, HeaderError> {
        let mut chars = self.text.chars();
        match (chars.next(), chars.next()) {
            (Some(value), None) => visitor.visit_char(value),
            _ => Err(self.malformed("one character")),
        }
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, HeaderError> {
        visitor.visit_some(self)
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, HeaderError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, HeaderError> {
        visitor.visit_enum(VariantName { text: self.text })
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, HeaderError> {
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
    type Error = HeaderError;
    type Variant = NoContent;

    fn variant_seed<V: serde::de::DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, NoContent), HeaderError> {
        let name: StrDeserializer<'de, HeaderError> = self.text.into_deserializer();
        Ok((seed.deserialize(name)?, NoContent))
    }
}

struct NoContent;

const CONTENT: &str = "an enum variant with content";

impl<'de> VariantAccess<'de> for NoContent {
    type Error = HeaderError;

    fn unit_variant(self) -> Result<(), HeaderError> {
        Ok(())
    }

    fn newtype_variant_seed<T: serde::de::DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, HeaderError> {
        unsupported(CONTENT)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, HeaderError> {
        unsupported(CONTENT)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, HeaderError> {
        unsupported(CONTENT)
    }
}
