//! A serializer for JSON that every Java release can read.

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use serde_json::Error;

use crate::json::escape::push_quoted;

/// The kind of value that was written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// `null` for a value that is null in Java. A `NaN` is a [`Value`](Self::Value), though written as `null`.
    Null,
    Value,
}

/// Writes compact JSON like `serde_json`, with the differences of RocketMQ's bodies. A map key may be any value: a
/// scalar key is quoted, which all Java releases accept, and an object stays an object. Bytes are signed numbers,
/// as in Java. Null members are omitted, as in Java.
pub(super) struct JsonWriter<'a> {
    out: &'a mut Vec<u8>,
}

impl<'a> JsonWriter<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out }
    }

    fn scalar<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<Written, Error> {
        serde_json::to_writer(&mut *self.out, value)?;
        Ok(Written::Value)
    }

    fn string(&mut self, value: &str) -> Written {
        push_quoted(self.out, value.as_bytes());
        Written::Value
    }

    fn null(&mut self) -> Written {
        self.out.extend_from_slice(b"null");
        Written::Null
    }

    fn key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let start = self.out.len();
        key.serialize(&mut *self)?;
        if !matches!(self.out.get(start), Some(b'"' | b'{' | b'[')) {
            self.out.insert(start, b'"');
            self.out.push(b'"');
        }
        Ok(())
    }

    /// Writes `{"variant":`, the external tag of an enum.
    fn variant(&mut self, variant: &'static str) -> Result<(), Error> {
        self.out.push(b'{');
        self.string(variant);
        self.out.push(b':');
        Ok(())
    }
}

/// An open array or object.
pub(super) struct Compound<'w, 'a> {
    writer: &'w mut JsonWriter<'a>,
    empty: bool,
    /// The start of the current member, including its comma, and whether it is the first member.
    member: (usize, bool),
    close: &'static str,
}

impl<'w, 'a> Compound<'w, 'a> {
    fn open(writer: &'w mut JsonWriter<'a>, open: u8, close: &'static str) -> Self {
        writer.out.push(open);
        Self { writer, empty: true, member: (0, true), close }
    }

    fn comma(&mut self) {
        self.member = (self.writer.out.len(), self.empty);
        if !self.empty {
            self.writer.out.push(b',');
        }
        self.empty = false;
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.comma();
        value.serialize(&mut *self.writer)?;
        Ok(())
    }

    fn entry<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.comma();
        self.writer.string(key);
        self.value(value)
    }

    /// Writes the value of a member after its key. Removes the member if the value is null.
    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.writer.out.push(b':');
        if value.serialize(&mut *self.writer)? == Written::Null {
            let (start, was_empty) = self.member;
            self.writer.out.truncate(start);
            self.empty = was_empty;
        }
        Ok(())
    }

    fn close(self) -> Result<Written, Error> {
        self.writer.out.extend_from_slice(self.close.as_bytes());
        Ok(Written::Value)
    }
}

macro_rules! scalars {
    ($($method:ident: $type:ty,)*) => {
        $(fn $method(self, value: $type) -> Result<Written, Error> {
            self.scalar(&value)
        })*
    };
}

impl<'w, 'a> Serializer for &'w mut JsonWriter<'a> {
    type Ok = Written;
    type Error = Error;
    type SerializeSeq = Compound<'w, 'a>;
    type SerializeTuple = Compound<'w, 'a>;
    type SerializeTupleStruct = Compound<'w, 'a>;
    type SerializeTupleVariant = Compound<'w, 'a>;
    type SerializeMap = Compound<'w, 'a>;
    type SerializeStruct = Compound<'w, 'a>;
    type SerializeStructVariant = Compound<'w, 'a>;

    scalars! {
        serialize_bool: bool,
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_i128: i128,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_u64: u64,
        serialize_u128: u128,
        serialize_f32: f32,
        serialize_f64: f64,
    }

    fn serialize_char(self, value: char) -> Result<Written, Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<Written, Error> {
        Ok(self.string(value))
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<Written, Error> {
        let mut array = Compound::open(self, b'[', "]");
        for byte in bytes {
            array.element(&byte.cast_signed())?;
        }
        array.close()
    }

    fn serialize_none(self) -> Result<Written, Error> {
        Ok(self.null())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Written, Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Written, Error> {
        Ok(self.null())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Written, Error> {
        Ok(self.null())
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Written, Error> {
        Ok(self.string(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<Written, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Written, Error> {
        self.variant(variant)?;
        value.serialize(&mut *self)?;
        self.out.push(b'}');
        Ok(Written::Value)
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Compound<'w, 'a>, Error> {
        Ok(Compound::open(self, b'[', "]"))
    }

    fn serialize_tuple(self, _len: usize) -> Result<Compound<'w, 'a>, Error> {
        Ok(Compound::open(self, b'[', "]"))
    }

    fn serialize_tuple_struct(self, _name: &'static str, _len: usize) -> Result<Compound<'w, 'a>, Error> {
        Ok(Compound::open(self, b'[', "]"))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Compound<'w, 'a>, Error> {
        self.variant(variant)?;
        Ok(Compound::open(self, b'[', "]}"))
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Compound<'w, 'a>, Error> {
        Ok(Compound::open(self, b'{', "}"))
    }

    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Compound<'w, 'a>, Error> {
        Ok(Compound::open(self, b'{', "}"))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Compound<'w, 'a>, Error> {
        self.variant(variant)?;
        Ok(Compound::open(self, b'{', "}}"))
    }
}

macro_rules! elements {
    ($($trait:ident::$method:ident,)*) => {
        $(impl $trait for Compound<'_, '_> {
            type Ok = Written;
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.element(value)
            }

            fn end(self) -> Result<Written, Error> {
                self.close()
            }
        })*
    };
}

elements! {
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field,
}

macro_rules! fields {
    ($($trait:ident,)*) => {
        $(impl $trait for Compound<'_, '_> {
            type Ok = Written;
            type Error = Error;

            fn serialize_field<T>(&mut self, key: &'static str, value: &T) -> Result<(), Error>
            where
                T: Serialize + ?Sized,
            {
                self.entry(key, value)
            }

            fn end(self) -> Result<Written, Error> {
                self.close()
            }
        })*
    };
}

fields! { SerializeStruct, SerializeStructVariant, }

impl SerializeMap for Compound<'_, '_> {
    type Ok = Written;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.comma();
        self.writer.key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.value(value)
    }

    fn end(self) -> Result<Written, Error> {
        self.close()
    }
}
