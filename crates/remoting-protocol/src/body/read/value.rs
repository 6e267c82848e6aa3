//! A value of a [`Document`] as serde sees it, with the conversions that fastjson makes.

use std::borrow::Cow;

use serde::Deserializer;
use serde::de::{Error, IntoDeserializer, Unexpected, Visitor};

use super::access::{Elements, Entries, Variant};
use super::document::{Document, MAX_DEPTH, Node};
use super::error::ReadError;
use super::scalar::Number;

/// One value, not a reference.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value<'d> {
    pub(super) document: &'d Document<'d>,
    pub(super) node: Node,
    depth: u16,
    /// A key may also be an object in a string, is never an empty or null number, and null is a text like
    /// others.
    is_key: bool,
    /// Whether a reference led here, so that what is read has a bound of its own.
    repeated: bool,
}

impl<'d> Value<'d> {
    pub(super) fn root(document: &'d Document<'d>) -> Result<Self, ReadError> {
        let (node, repeated) = document.resolve(document.root())?;
        Ok(Self { document, node, depth: 0, is_key: false, repeated })
    }

    /// A child of this array or object, or what that refers to.
    pub(super) fn child(self, node: Node, is_key: bool) -> Result<Self, ReadError> {
        if self.depth == MAX_DEPTH {
            return Err(ReadError::too_deep(self.offset()));
        }
        let document = self.document;
        let (node, refers) = document.resolve(node)?;
        let repeated = self.repeated || refers;
        if repeated {
            let text = if document.is_container(node) { 0 } else { document.source(node).len() };
            document.repeat(text, node.start)?;
        }
        Ok(Self { document, node, depth: self.depth + 1, is_key, repeated })
    }

    pub(super) fn offset(self) -> usize {
        self.node.start as usize
    }

    pub(super) fn source(self) -> &'d str {
        self.document.source(self.node)
    }

    fn is(self, bracket: char) -> bool {
        self.source().starts_with(bracket)
    }

    fn is_null(self) -> bool {
        self.source() == "null"
    }

    /// A string's content, or a bare word as it stands.
    fn word(self) -> Result<Cow<'d, str>, ReadError> {
        if !self.is('"') && !self.is('\'') {
            return Ok(self.source().into());
        }
        self.document
            .content(self.node)
            .ok_or_else(|| ReadError::custom("an escape in the string is not valid"))
    }

    fn whole(self) -> Result<Number, ReadError> {
        let word = self.word()?;
        match &*word {
            "" | "null" if !self.is_key => Ok(Number::Signed(0)),
            "false" => Ok(Number::Signed(0)),
            "true" => Ok(Number::Signed(1)),
            text => Number::parse(text)
                .and_then(Number::whole)
                .ok_or_else(|| self.mismatch(text, "a 64-bit integer")),
        }
    }

    fn float(self) -> Result<f64, ReadError> {
        let word = self.word()?;
        match &*word {
            "" | "null" => Ok(0.0),
            "NaN" => Ok(f64::NAN),
            text => Number::parse(text).map(Number::as_f64).ok_or_else(|| self.mismatch(text, "a number")),
        }
    }

    fn bool(self) -> Result<bool, ReadError> {
        let word = self.word()?;
        match &*word {
            "1" | "Y" => Ok(true),
            "" | "null" | "N" => Ok(false),
            text if text.eq_ignore_ascii_case("true") => Ok(true),
            text if text.eq_ignore_ascii_case("false") => Ok(false),
            text if Number::parse(text).is_some() => Ok(false),
            text => Err(self.mismatch(text, "a boolean")),
        }
    }

    fn bytes(self) -> Result<Vec<u8>, ReadError> {
        if !self.is('[') {
            return if self.is_null() {
                Ok(Vec::new())
            } else {
                Err(self.mismatch(self.source(), "an array of bytes"))
            };
        }
        let byte = |node: Node| match self.child(node, false)?.whole()? {
            Number::Signed(number @ -128..=255) => Ok(number as u8),
            _ => Err(ReadError::at(node.start as usize, "not a byte")),
        };
        self.document.children(self.node).map(byte).collect()
    }

    fn mismatch(self, found: &str, expected: &str) -> ReadError {
        const MAX_SHOWN: usize = 40;
        let shown: String = found.chars().take(MAX_SHOWN).collect();
        ReadError::custom(format_args!("found `{}` where {expected} should be", shown.escape_debug()))
    }

    /// Errors of the visitor, which knows no place, get this value's.
    fn placed<T>(self, result: Result<T, ReadError>) -> Result<T, ReadError> {
        result.map_err(|error| error.or_at(self.offset()))
    }

    fn visit_number<'de, V: Visitor<'de>>(number: Number, visitor: V) -> Result<V::Value, ReadError> {
        match number {
            Number::Signed(number) => visitor.visit_i64(number),
            Number::Unsigned(number) => visitor.visit_u64(number),
            Number::Float(number) => visitor.visit_f64(number),
        }
    }

    fn visit_any<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.source() {
            "null" if !self.is_key => visitor.visit_unit(),
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            "NaN" => visitor.visit_f64(f64::NAN),
            source => match (source.as_bytes().first(), Number::parse(source)) {
                (Some(b'{'), _) => visitor.visit_map(Entries::all(self)),
                (Some(b'['), _) => visitor.visit_seq(Elements::new(self)),
                (_, Some(number)) => Self::visit_number(number, visitor),
                (_, None) if self.is('"') || self.is('\'') || self.is_key => visitor.visit_str(&self.word()?),
                (_, None) => Err(self.mismatch(source, "a number")),
            },
        }
    }

    /// Only where a key holds an object in its string; fastjson 1 reads this form, and some peers write it.
    fn visit_inner<'de, V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        let word = self.word()?;
        let inner =
            Document::scan_inner(&word).map_err(|error| ReadError::at(self.offset(), error.reason))?;
        let (node, repeated) = inner.resolve(inner.root())?;
        let root = Value { document: &inner, node, depth: self.depth, is_key: false, repeated };
        root.deserialize_struct("", fields, visitor)
            .map_err(|error| ReadError::at(self.offset(), error.reason))
    }
}

macro_rules! forward {
    ($($method:ident => $read:ident,)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
            self.placed(self.$read().and_then(|value| forward!(@ $read, visitor, value)))
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
        self.placed(self.visit_any(visitor))
    }

    /// Anything but null has a text, as in Java: a number its digits, an object its JSON.
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        if self.is_null() && !self.is_key {
            return self.placed(Err(ReadError::invalid_type(Unexpected::Other("null"), &visitor)));
        }
        if self.repeated && self.document.is_container(self.node) {
            self.placed(self.document.repeat(self.source().len(), self.node.start))?;
        }
        self.placed(self.word().and_then(|word| visitor.visit_str(&word)))
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
        let quoted_null = self.is_key && self.word().is_ok_and(|word| word == "null");
        if quoted_null || self.is_null() {
            return self.placed(visitor.visit_none());
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
            return self.placed(visitor.visit_seq(Elements::new(self)));
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
            return self.placed(visitor.visit_map(Entries::all(self)));
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
            return self.placed(visitor.visit_map(Entries::last_of_each(self, fields)));
        }
        if self.is_key && (self.is('"') || self.is('\'')) {
            return self.visit_inner(fields, visitor);
        }
        self.deserialize_any(visitor)
    }

    /// By name, or by number where Java wrote the ordinal: the variants must then stand in Java's order.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        if self.is('{') {
            return self.placed(Variant::new(self).and_then(|variant| visitor.visit_enum(variant)));
        }
        let quoted = self.is('"') || self.is('\'');
        self.placed(match Number::parse(self.source()) {
            Some(Number::Signed(ordinal)) if !quoted => match u32::try_from(ordinal) {
                Ok(ordinal) => visitor.visit_enum(ordinal.into_deserializer()),
                Err(_) => Err(self.mismatch(self.source(), "an ordinal")),
            },
            _ => self.word().and_then(|word| visitor.visit_enum(word.into_deserializer())),
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
