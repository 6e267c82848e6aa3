//! A value of a [`Document`], with the conversions of fastjson.

use std::borrow::Cow;

use serde::Deserializer;
use serde::de::{Error, Visitor};

use super::deserialize::{Elements, Entries};
use super::document::{Document, Node};
use super::error::ReadError;
use crate::json::dialect::IN_BODIES;
use crate::json::{Lexer, Number};

/// A value that is not a reference.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value<'d> {
    pub(super) document: &'d Document<'d>,
    pub(super) node: Node,
    depth: usize,
    /// A key may also be an object in a string. An empty string or null is not a number as a key, and null is a
    /// text.
    pub(super) is_key: bool,
    /// Whether a reference led to this value, so that reading it counts as a repetition.
    pub(super) repeated: bool,
}

impl<'d> Value<'d> {
    pub(super) fn root(document: &'d Document<'d>) -> Result<Self, ReadError> {
        let (node, repeated) = document.resolve(document.root())?;
        Ok(Self { document, node, depth: 0, is_key: false, repeated })
    }

    /// Returns a child of this array or object, or the target of the child if it is a reference.
    pub(super) fn child(self, node: Node, is_key: bool) -> Result<Self, ReadError> {
        if self.depth == IN_BODIES.most {
            return Err(ReadError::at(self.offset(), IN_BODIES.fault));
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

    pub(super) fn is(self, bracket: char) -> bool {
        self.source().starts_with(bracket)
    }

    pub(super) fn is_null(self) -> bool {
        self.source() == "null"
    }

    /// Returns the content of a string, or the source of another value.
    pub(super) fn word(self) -> Cow<'d, str> {
        self.document.word(self.node)
    }

    /// Returns the text of the value where Java expects a string. For a key that is its word.
    pub(super) fn text(self) -> Result<Cow<'d, str>, ReadError> {
        if self.is_key || self.is_quoted() {
            return Ok(self.word());
        }
        let mut text = Vec::new();
        Lexer::new(self.source())
            .text(IN_BODIES, &mut text)
            .map_err(|fault| ReadError::at(self.offset() + fault.at, fault.what))?;
        String::from_utf8(text).map(Cow::Owned).map_err(ReadError::custom)
    }

    pub(super) fn is_quoted(self) -> bool {
        self.is('"') || self.is('\'')
    }

    pub(super) fn whole(self) -> Result<Number, ReadError> {
        let word = self.word();
        match &*word {
            "" | "null" if !self.is_key => Ok(Number::Signed(0)),
            "false" => Ok(Number::Signed(0)),
            "true" => Ok(Number::Signed(1)),
            text => Number::parse(text)
                .and_then(Number::whole)
                .ok_or_else(|| self.mismatch(text, "a 64-bit integer")),
        }
    }

    pub(super) fn float(self) -> Result<f64, ReadError> {
        let word = self.word();
        match &*word {
            "" | "null" => Ok(0.0),
            "NaN" => Ok(f64::NAN),
            text => Number::parse(text).map(Number::as_f64).ok_or_else(|| self.mismatch(text, "a number")),
        }
    }

    pub(super) fn bool(self) -> Result<bool, ReadError> {
        let word = self.word();
        match &*word {
            "1" | "Y" => Ok(true),
            "" | "null" | "N" => Ok(false),
            text if text.eq_ignore_ascii_case("true") => Ok(true),
            text if text.eq_ignore_ascii_case("false") => Ok(false),
            text if Number::parse(text).is_some() => Ok(false),
            text => Err(self.mismatch(text, "a boolean")),
        }
    }

    pub(super) fn bytes(self) -> Result<Vec<u8>, ReadError> {
        if !self.is('[') {
            return if self.is_null() {
                Ok(Vec::new())
            } else {
                Err(self.mismatch(self.source(), "an array of bytes"))
            };
        }
        let byte = |node: Node| match self.child(node, false)?.whole()? {
            Number::Signed(number @ -128..=255) => Ok(number as u8),
            _ => Err(ReadError::at(node.start as usize, "expected a byte")),
        };
        self.document.children(self.node).map(byte).collect()
    }

    pub(super) fn mismatch(self, found: &str, expected: &str) -> ReadError {
        const MAX_SHOWN: usize = 40;
        let shown: String = found.chars().take(MAX_SHOWN).collect();
        ReadError::custom(format_args!("expected {expected}, found `{}`", shown.escape_debug()))
    }

    /// Adds the position of this value to an error without one, such as that of a visitor.
    pub(super) fn located<T>(self, result: Result<T, ReadError>) -> Result<T, ReadError> {
        result.map_err(|error| error.or_at(self.offset()))
    }

    pub(super) fn visit_number<'de, V: Visitor<'de>>(
        number: Number,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        match number {
            Number::Signed(number) => visitor.visit_i64(number),
            Number::Unsigned(number) => visitor.visit_u64(number),
            Number::Float(number) => visitor.visit_f64(number),
        }
    }

    pub(super) fn visit_any<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.source() {
            "null" if !self.is_key => visitor.visit_unit(),
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            "NaN" => visitor.visit_f64(f64::NAN),
            source => match (source.as_bytes().first(), Number::parse(source)) {
                (Some(b'{'), _) => visitor.visit_map(Entries::all(self)),
                (Some(b'['), _) => visitor.visit_seq(Elements::new(self)),
                (_, Some(number)) => Self::visit_number(number, visitor),
                (_, None) if self.is_quoted() || self.is_key => visitor.visit_str(&self.word()),
                (_, None) => Err(self.mismatch(source, "a number")),
            },
        }
    }

    /// Reads an object in the string of a key. fastjson 1 reads this form, and some peers write it.
    pub(super) fn visit_inner<'de, V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        let word = self.word();
        let inner =
            Document::scan_inner(&word).map_err(|error| ReadError::at(self.offset(), error.reason))?;
        let (node, repeated) = inner.resolve(inner.root())?;
        let root = Value { document: &inner, node, depth: self.depth, is_key: false, repeated };
        root.deserialize_struct("", fields, visitor)
            .map_err(|error| ReadError::at(self.offset(), error.reason))
    }
}
