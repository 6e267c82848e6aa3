//! Writing a typed header as ext fields: a serde `Serializer` for a flat map of scalars.

mod text;

use serde::Serialize;
use serde::ser::{Error, Impossible, SerializeMap, SerializeStruct, Serializer};

use self::text::{TextSerializer, space};
use super::check_lengths;
use crate::HeaderError;

/// Appends the fields of `header` as encoded entries and returns where they end. Bytes after that are not part of
/// them. After an error some of them may have been appended.
pub(crate) fn append<H: Serialize + ?Sized>(header: &H, encoded: &mut Vec<u8>) -> Result<usize, HeaderError> {
    header.serialize(HeaderSerializer { encoded })
}

/// Serializes a struct, a map, or one of them in a newtype or `Some`.
struct HeaderSerializer<'a> {
    encoded: &'a mut Vec<u8>,
}

fn not_a_map<T>(found: &'static str) -> Result<T, HeaderError> {
    Err(HeaderError::NotAMap { found })
}

macro_rules! refuse {
    ($($method:ident($($type:ty),*) = $found:literal;)*) => {$(
        fn $method(self $(, _: $type)*) -> Result<Self::Ok, HeaderError> {
            not_a_map($found)
        }
    )*};
}

impl<'a> Serializer for HeaderSerializer<'a> {
    type Ok = usize;
    type Error = HeaderError;
    type SerializeMap = FieldsSerializer<'a>;
    type SerializeStruct = FieldsSerializer<'a>;
    type SerializeSeq = Impossible<usize, HeaderError>;
    type SerializeTuple = Impossible<usize, HeaderError>;
    type SerializeTupleStruct = Impossible<usize, HeaderError>;
    type SerializeTupleVariant = Impossible<usize, HeaderError>;
    type SerializeStructVariant = Impossible<usize, HeaderError>;

    #[inline]
    fn serialize_struct(self, _: &'static str, fields: usize) -> Result<FieldsSerializer<'a>, HeaderError> {
        Ok(FieldsSerializer::new(self.encoded, fields))
    }

    fn serialize_map(self, fields: Option<usize>) -> Result<FieldsSerializer<'a>, HeaderError> {
        Ok(FieldsSerializer::new(self.encoded, fields.unwrap_or_default()))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<usize, HeaderError> {
        value.serialize(self)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<usize, HeaderError> {
        value.serialize(self)
    }

    fn serialize_none(self) -> Result<usize, HeaderError> {
        Ok(self.encoded.len())
    }

    fn serialize_unit(self) -> Result<usize, HeaderError> {
        Ok(self.encoded.len())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<usize, HeaderError> {
        Ok(self.encoded.len())
    }

    refuse! {
        serialize_bool(bool) = "a bool";
        serialize_i8(i8) = "a number";
        serialize_i16(i16) = "a number";
        serialize_i32(i32) = "a number";
        serialize_i64(i64) = "a number";
        serialize_u8(u8) = "a number";
        serialize_u16(u16) = "a number";
        serialize_u32(u32) = "a number";
        serialize_u64(u64) = "a number";
        serialize_f32(f32) = "a number";
        serialize_f64(f64) = "a number";
        serialize_char(char) = "a char";
        serialize_str(&str) = "text";
        serialize_bytes(&[u8]) = "bytes";
        serialize_unit_variant(&'static str, u32, &'static str) = "an enum";
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<usize, HeaderError> {
        not_a_map("an enum")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, HeaderError> {
        not_a_map("a sequence")
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, HeaderError> {
        not_a_map("a tuple")
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, HeaderError> {
        not_a_map("a tuple")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, HeaderError> {
        not_a_map("an enum")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, HeaderError> {
        not_a_map("an enum")
    }
}

/// Serializes the fields one by one into a buffer that was enlarged before.
pub(super) struct FieldsSerializer<'a> {
    encoded: &'a mut Vec<u8>,
    /// The start of the next entry. Bytes after it are scratch.
    entry: usize,
    /// The start of the value after the key that was written.
    value: usize,
}

impl<'a> FieldsSerializer<'a> {
    /// Enlarges the buffer for this number of fields of a usual size, so that a header takes one allocation.
    #[inline]
    fn new(encoded: &'a mut Vec<u8>, fields: usize) -> Self {
        let entry = encoded.len();
        let room = 64 + 32 * fields.clamp(4, 64);
        if encoded.capacity() == 0 {
            *encoded = Vec::with_capacity(room); // costs less than growing
        }
        encoded.resize(entry + room, 0);
        Self { encoded, entry, value: entry }
    }

    /// Completes the entry at `self.entry`, or omits it.
    #[inline(always)]
    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), HeaderError> {
        match value.serialize(TextSerializer::<4> { out: self.encoded, at: self.value }) {
            Ok(Some(end)) => {
                self.entry = end;
                Ok(())
            }
            Ok(None) => Ok(()),
            Err(error) => Err(in_field(self.encoded, self.entry, self.value, error)),
        }
    }
}

#[cold]
fn in_field(encoded: &[u8], entry: usize, value: usize, error: HeaderError) -> HeaderError {
    error.in_field(&encoded[entry + 2..value])
}

impl SerializeStruct for FieldsSerializer<'_> {
    type Ok = usize;
    type Error = HeaderError;

    // Inlined so that the compiler knows the key and its length.
    #[inline(always)]
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), HeaderError> {
        check_lengths(key.as_bytes(), 0)?;
        self.value = self.entry + 2 + key.len();
        if let Some((length, content)) = space(self.encoded, self.entry, self.value).split_first_chunk_mut() {
            *length = (key.len() as u16).to_be_bytes();
            content.copy_from_slice(key.as_bytes());
        }
        self.value(value)
    }

    #[inline]
    fn end(self) -> Result<usize, HeaderError> {
        Ok(self.entry)
    }
}

impl SerializeMap for FieldsSerializer<'_> {
    type Ok = usize;
    type Error = HeaderError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), HeaderError> {
        match key.serialize(TextSerializer::<2> { out: self.encoded, at: self.entry })? {
            Some(end) => self.value = end,
            None => return Err(HeaderError::custom("a key of the header is None")),
        }
        check_lengths(&self.encoded[self.entry + 2..self.value], 0)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), HeaderError> {
        self.value(value)
    }

    fn end(self) -> Result<usize, HeaderError> {
        Ok(self.entry)
    }
}
