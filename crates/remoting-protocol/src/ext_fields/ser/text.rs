//! Writing a scalar as text.

use std::fmt::{self, Display, Write};

use serde::Serialize;
use serde::ser::{Impossible, Serializer};

use super::super::MAX_VALUE;
use crate::HeaderError;
use crate::java_number::{push_double, push_float};

/// Writes an `N`-byte length and the text of a scalar at `out[at..]`. Returns the end, or `None` for
/// `Option::None`, which has no text. Bytes after the end are scratch.
///
/// The position is passed by value, so that it stays in a register from field to field. In memory it would delay
/// every field.
///
/// Rejects a value that no header can carry. The caller rejects keys.
pub(super) struct TextSerializer<'a, const N: usize> {
    pub(super) out: &'a mut Vec<u8>,
    pub(super) at: usize,
}

impl<const N: usize> TextSerializer<'_, N> {
    #[inline]
    fn push(self, text: &[u8]) -> Result<Option<usize>, HeaderError> {
        Self::check(text.len())?;
        let end = self.at + N + text.len();
        if let Some((front, content)) = space(self.out, self.at, end).split_first_chunk_mut::<N>() {
            *front = length::<N>(text.len());
            copy(content, text);
        }
        Ok(Some(end))
    }

    /// Writes a text whose length the compiler knows, like [`push`](Self::push).
    #[inline(always)]
    fn push_short<const TEXT: usize>(self, text: &[u8; TEXT]) -> Result<Option<usize>, HeaderError> {
        let end = self.at + N + TEXT;
        if let Some((front, content)) = space(self.out, self.at, end).split_first_chunk_mut::<N>() {
            *front = length::<N>(TEXT);
            content.copy_from_slice(text);
        }
        Ok(Some(end))
    }

    #[inline(never)]
    fn push_integer(self, value: impl itoa::Integer) -> Result<Option<usize>, HeaderError> {
        self.push(itoa::Buffer::new().format(value).as_bytes())
    }

    /// Writes the text that `write` appends, then the length before it.
    fn push_written(
        self,
        write: impl FnOnce(&mut Vec<u8>) -> fmt::Result,
    ) -> Result<Option<usize>, HeaderError> {
        let content = self.at + N;
        self.out.resize(content, 0);
        write(self.out).map_err(|_| HeaderError::Custom {
            field: String::new(),
            message: "the Display implementation failed".to_owned(),
        })?;
        let end = self.out.len();
        Self::check(end - content)?;
        self.out[self.at..content].copy_from_slice(&length::<N>(end - content));
        Ok(Some(end))
    }

    #[inline]
    fn check(length: usize) -> Result<(), HeaderError> {
        if N == 4 && length > MAX_VALUE {
            return Err(HeaderError::ValueTooLong { field: String::new(), length });
        }
        Ok(())
    }
}

/// Copies a text into a slice of its length. A short text is copied as its start and its end, which may overlap:
/// this costs less than a copy of variable length.
#[inline(always)]
fn copy(to: &mut [u8], text: &[u8]) {
    match text.len() {
        4..=8 => copy_ends::<4>(to, text),
        9..=16 => copy_ends::<8>(to, text),
        _ => to.copy_from_slice(text),
    }
}

#[inline(always)]
fn copy_ends<const N: usize>(to: &mut [u8], text: &[u8]) {
    if let (Some(start), Some(first)) = (to.first_chunk_mut::<N>(), text.first_chunk()) {
        *start = *first;
    }
    if let (Some(end), Some(last)) = (to.last_chunk_mut::<N>(), text.last_chunk()) {
        *end = *last;
    }
}

/// Returns `out[at..end]`, and enlarges `out` if needed.
#[inline(always)]
pub(super) fn space(out: &mut Vec<u8>, at: usize, end: usize) -> &mut [u8] {
    if out.len() < end {
        grow(out, end);
    }
    out.get_mut(at..end).unwrap_or_default()
}

#[cold]
fn grow(out: &mut Vec<u8>, end: usize) {
    out.resize(end + end / 2, 0);
}

/// Returns the last `N` bytes of a length.
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
        fn $method(self, value: $type) -> Result<Option<usize>, HeaderError> {
            match value {
                // Most numbers in headers are flags and counts.
                0..=9 => self.push_short(&[b'0' + value as u8]),
                _ => self.push_integer(value),
            }
        }
    )*};
}

impl<const N: usize> Serializer for TextSerializer<'_, N> {
    type Ok = Option<usize>;
    type Error = HeaderError;
    type SerializeSeq = Impossible<Option<usize>, HeaderError>;
    type SerializeTuple = Impossible<Option<usize>, HeaderError>;
    type SerializeTupleStruct = Impossible<Option<usize>, HeaderError>;
    type SerializeTupleVariant = Impossible<Option<usize>, HeaderError>;
    type SerializeMap = Impossible<Option<usize>, HeaderError>;
    type SerializeStruct = Impossible<Option<usize>, HeaderError>;
    type SerializeStructVariant = Impossible<Option<usize>, HeaderError>;

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
    fn serialize_bool(self, value: bool) -> Result<Option<usize>, HeaderError> {
        if value { self.push_short(b"true") } else { self.push_short(b"false") }
    }

    fn serialize_f32(self, value: f32) -> Result<Option<usize>, HeaderError> {
        self.push_written(|out| {
            push_float(out, value);
            Ok(())
        })
    }

    fn serialize_f64(self, value: f64) -> Result<Option<usize>, HeaderError> {
        self.push_written(|out| {
            push_double(out, value);
            Ok(())
        })
    }

    fn serialize_char(self, value: char) -> Result<Option<usize>, HeaderError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<Option<usize>, HeaderError> {
        self.push(value.as_bytes())
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<Option<usize>, HeaderError> {
        self.push_written(|out| write!(Appender(out), "{value}"))
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Option<usize>, HeaderError> {
        self.serialize_str(variant)
    }

    #[inline]
    fn serialize_none(self) -> Result<Option<usize>, HeaderError> {
        Ok(None)
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Option<usize>, HeaderError> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Option<usize>, HeaderError> {
        value.serialize(self)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Option<usize>, HeaderError> {
        unsupported("a byte string")
    }

    fn serialize_unit(self) -> Result<Option<usize>, HeaderError> {
        unsupported("a unit")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Option<usize>, HeaderError> {
        unsupported("a unit struct")
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Option<usize>, HeaderError> {
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

/// Formats into the buffer.
struct Appender<'a>(&'a mut Vec<u8>);

impl Write for Appender<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}
