//! A typed header into ext fields: a serde `Serializer` whose only shape is a flat map of scalars.

mod text;

use serde::Serialize;
use serde::ser::{Error, Impossible, SerializeMap, SerializeStruct, Serializer};

use self::text::TextSerializer;
use super::check_lengths;
use crate::HeaderError;

/// Appends the fields of `header` as encoded entries; on an error part of them may have been appended.
pub(super) fn append<H: Serialize + ?Sized>(header: &H, encoded: &mut Vec<u8>) -> Result<(), HeaderError> {
    header.serialize(HeaderSerializer { encoded })
}

/// Writes what must be a struct, a map, or one of them in a newtype or `Some`.
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
    type Ok = ();
    type Error = HeaderError;
    type SerializeMap = FieldsSerializer<'a>;
    type SerializeStruct = FieldsSerializer<'a>;
    type SerializeSeq = Impossible<(), HeaderError>;
    type SerializeTuple = Impossible<(), HeaderError>;
    type SerializeTupleStruct = Impossible<(), HeaderError>;
    type SerializeTupleVariant = Impossible<(), HeaderError>;
    type SerializeStructVariant = Impossible<(), HeaderError>;

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
    ) -> Result<(), HeaderError> {
        value.serialize(self)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), HeaderError> {
        value.serialize(self)
    }

    fn serialize_none(self) -> Result<(), HeaderError> {
        Ok(())
    }

    fn serialize_unit(self) -> Result<(), HeaderError> {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), HeaderError> {
        Ok(())
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
    ) -> Result<(), HeaderError> {
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

/// Writes the fields one after another.
pub(super) struct FieldsSerializer<'a> {
    encoded: &'a mut Vec<u8>,
    /// Where the entry begins whose key has been written and whose value is awaited.
    entry: usize,
}

impl<'a> FieldsSerializer<'a> {
    /// With room for so many fields of a usual size, so that a header is one allocation.
    #[inline]
    fn new(encoded: &'a mut Vec<u8>, fields: usize) -> Self {
        encoded.reserve(64 + 32 * fields.clamp(4, 64));
        Self { encoded, entry: 0 }
    }

    /// Completes the entry at `self.entry`, whose key stands at the end of the buffer, or takes it back.
    // Inlined, so that the length of the buffer stays in a register from field to field: written to memory and read
    // back each time, it is what all of a header waits for.
    #[inline(always)]
    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), HeaderError> {
        let value_at = self.encoded.len();
        match value.serialize(TextSerializer::<4> { out: self.encoded }) {
            Ok(true) => Ok(()),
            Ok(false) => {
                self.encoded.truncate(self.entry);
                Ok(())
            }
            Err(error) => Err(self.in_field(value_at, error)),
        }
    }

    #[cold]
    fn in_field(&self, value_at: usize, error: HeaderError) -> HeaderError {
        error.in_field(&self.encoded[self.entry + 2..value_at])
    }
}

/// Appends a key of which the compiler knows the length.
#[inline(always)]
fn push_key(encoded: &mut Vec<u8>, key: &str) {
    static ROOM: [u8; 32] = [0; 32];
    let at = encoded.len();
    let end = at + 2 + key.len();
    // Room first: a short key is then written as constants, not put together elsewhere and copied, which would have to
    // wait until its parts have left the processor's store buffer.
    match key.len() {
        0..=14 => encoded.extend_from_slice(&ROOM[..16]),
        15..=30 => encoded.extend_from_slice(&ROOM),
        _ => encoded.resize(end, 0),
    }
    if let Some(([high, low], content)) = encoded[at..end].split_first_chunk_mut() {
        [*high, *low] = (key.len() as u16).to_be_bytes();
        content.copy_from_slice(key.as_bytes());
    }
    encoded.truncate(end);
}

impl SerializeStruct for FieldsSerializer<'_> {
    type Ok = ();
    type Error = HeaderError;

    // Inlined, because the compiler knows the key and its length then.
    #[inline(always)]
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), HeaderError> {
        check_lengths(key.as_bytes(), 0)?;
        self.entry = self.encoded.len();
        push_key(self.encoded, key);
        self.value(value)
    }

    fn end(self) -> Result<(), HeaderError> {
        Ok(())
    }
}

impl SerializeMap for FieldsSerializer<'_> {
    type Ok = ();
    type Error = HeaderError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), HeaderError> {
        self.entry = self.encoded.len();
        if !key.serialize(TextSerializer::<2> { out: self.encoded })? {
            return Err(HeaderError::custom("a header has a key that is None"));
        }
        check_lengths(&self.encoded[self.entry + 2..], 0)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), HeaderError> {
        self.value(value)
    }

    fn end(self) -> Result<(), HeaderError> {
        Ok(())
    }
}
