//! One scalar into text.

use std::fmt::{self, Display, Write};

use serde::Serialize;
use serde::ser::{Impossible, Serializer};

use super::super::ExtFields;
use super::super::number::{push_double, push_float};
use crate::HeaderError;

/// Appends the text of a scalar behind its length, `N` bytes of it, and says whether there is one: `None` has none.
///
/// Refuses a value that no header can hold. A key that is too long is for the caller to refuse.
pub(super) struct TextSerializer<'a, const N: usize> {
    pub(super) out: &'a mut Vec<u8>,
}

impl<const N: usize> TextSerializer<'_, N> {
    #[inline]
    fn push(self, text: &[u8]) -> Result<bool, HeaderError> {
        Self::check(text.len())?;
        self.out.reserve(N + text.len());
        self.out.extend_from_slice(&length::<N>(text.len()));
        self.out.extend_from_slice(text);
        Ok(true)
    }

    /// As [`push`](Self::push), of a text whose length the compiler knows, in one piece.
    #[inline]
    fn push_short<const TEXT: usize>(self, text: &[u8; TEXT]) -> Result<bool, HeaderError> {
        let mut piece = [0; 16];
        piece[..N].copy_from_slice(&length::<N>(TEXT));
        piece[N..N + TEXT].copy_from_slice(text);
        self.out.extend_from_slice(&piece[..N + TEXT]);
        Ok(true)
    }

    #[inline(never)]
    fn push_integer(self, value: impl itoa::Integer) -> Result<bool, HeaderError> {
        self.push(itoa::Buffer::new().format(value).as_bytes())
    }

    /// Appends what `write` appends, and the length before it when it is known.
    fn push_written(self, write: impl FnOnce(&mut Vec<u8>) -> fmt::Result) -> Result<bool, HeaderError> {
        let start = self.out.len();
        self.out.extend_from_slice(&[0; N]);
        write(self.out).map_err(|_| HeaderError::Custom {
            field: String::new(),
            message: "its Display failed".to_owned(),
        })?;
        let written = self.out.len() - start - N;
        Self::check(written)?;
        self.out[start..start + N].copy_from_slice(&length::<N>(written));
        Ok(true)
    }

    #[inline]
    fn check(length: usize) -> Result<(), HeaderError> {
        if N == 4 && length > ExtFields::MAX_VALUE {
            return Err(HeaderError::ValueTooLong { field: String::new(), length });
        }
        Ok(())
    }
}

/// The last `N` bytes of a length.
#[inline]
fn length<const N: usize>(length: usize) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.copy_from_slice(&(length as u32).to_be_bytes()[4 - N..]);
    bytes
}

fn unsupported<T>(found: &'static str) -> Result<T, HeaderError> {
    Err(HeaderError::Unsupported { field: String::new(), found })
}

macro_rules! integers {
    ($($method:ident($type:ty);)*) => {$(
        #[inline]
        fn $method(self, value: $type) -> Result<bool, HeaderError> {
            match value {
                // Most numbers in headers are flags and counts.
                0..=9 => self.push_short(&[b'0' + value as u8]),
                _ => self.push_integer(value),
            }
        }
    )*};
}

impl<const N: usize> Serializer for TextSerializer<'_, N> {
    type Ok = bool;
    type Error = HeaderError;
    type SerializeSeq = Impossible<bool, HeaderError>;
    type SerializeTuple = Impossible<bool, HeaderError>;
    type SerializeTupleStruct = Impossible<bool, HeaderError>;
    type SerializeTupleVariant = Impossible<bool, HeaderError>;
    type SerializeMap = Impossible<bool, HeaderError>;
    type SerializeStruct = Impossible<bool, HeaderError>;
    type SerializeStructVariant = Impossible<bool, HeaderError>;

    integers! {
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_i64(i64);
        serialize_i128(i128);
        serialize_u8(u8);
        serialize_u16(u16);
        serialize_u32(u32);
        serialize_u64(u64);
        serialize_u128(u128);
    }

    #[inline]
    fn serialize_bool(self, value: bool) -> Result<bool, HeaderError> {
        if value { self.push_short(b"true") } else { self.push_short(b"false") }
    }

    fn serialize_f32(self, value: f32) -> Result<bool, HeaderError> {
        self.push_written(|out| {
            push_float(out, value);
            Ok(())
        })
    }

    fn serialize_f64(self, value: f64) -> Result<bool, HeaderError> {
        self.push_written(|out| {
            push_double(out, value);
            Ok(())
        })
    }

    fn serialize_char(self, value: char) -> Result<bool, HeaderError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<bool, HeaderError> {
        self.push(value.as_bytes())
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<bool, HeaderError> {
        self.push_written(|out| write!(Appender(out), "{value}"))
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<bool, HeaderError> {
        self.serialize_str(variant)
    }

    #[inline]
    fn serialize_none(self) -> Result<bool, HeaderError> {
        Ok(false)
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<bool, HeaderError> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<bool, HeaderError> {
        value.serialize(self)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<bool, HeaderError> {
        unsupported("a byte string")
    }

    fn serialize_unit(self) -> Result<bool, HeaderError> {
        unsupported("a unit")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<bool, HeaderError> {
        unsupported("a unit struct")
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<bool, HeaderError> {
        unsupported("an enum variant with content")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, HeaderError> {
        unsupported("a sequence")
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, HeaderError> {
        unsupported("a tuple")
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, HeaderError> {
        unsupported("a tuple struct")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, HeaderError> {
        unsupported("an enum variant with content")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, HeaderError> {
        unsupported("a map")
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, HeaderError> {
        unsupported("a struct")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, HeaderError> {
        unsupported("an enum variant with content")
    }
}

/// Formatting straight into the buffer.
struct Appender<'a>(&'a mut Vec<u8>);

impl Write for Appender<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}
