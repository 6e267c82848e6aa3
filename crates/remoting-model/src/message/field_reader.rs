//! Reads the fields of one message.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use remoting_protocol::bytes::Bytes;

use super::{MessageDecodeError, MessageDecodeErrorKind};

/// Reads one message, which is a part of longer bytes. Offsets count from the start of those.
pub(super) struct FieldReader<'a> {
    bytes: &'a Bytes,
    message_offset: usize,
    /// The start of the current field.
    field_offset: usize,
    /// The next byte to read.
    at: usize,
    end: usize,
}

impl<'a> FieldReader<'a> {
    /// Starts at a message, and reads its size. The size must be at least `least`.
    pub(super) fn at_message(
        bytes: &'a Bytes,
        message_offset: usize,
        least: usize,
    ) -> Result<Self, MessageDecodeError> {
        let end = bytes.len();
        let mut reader =
            Self { bytes, message_offset, field_offset: message_offset, at: message_offset, end };
        let available = end.saturating_sub(message_offset);
        let size = reader.i32("the total size")?;
        match usize::try_from(size) {
            Ok(length) if (least..=available).contains(&length) => reader.end = message_offset + length,
            _ => return Err(reader.error(MessageDecodeErrorKind::TotalSize { size, available })),
        }
        Ok(reader)
    }

    /// Returns the error of the field that was read last.
    pub(super) fn error(&self, kind: MessageDecodeErrorKind) -> MessageDecodeError {
        MessageDecodeError::new(kind, self.message_offset, self.field_offset)
    }

    /// Returns the end of the message.
    pub(super) const fn end(&self) -> usize {
        self.end
    }

    /// Returns the size of the message in bytes.
    pub(super) const fn size(&self) -> usize {
        self.end - self.message_offset
    }

    fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], MessageDecodeError> {
        self.field_offset = self.at;
        let rest = self.bytes.get(self.at..self.end).unwrap_or_default();
        let Some(array) = rest.first_chunk::<N>() else {
            return Err(self.error(MessageDecodeErrorKind::Truncated(field)));
        };
        self.at += N;
        Ok(*array)
    }

    pub(super) fn i8(&mut self, field: &'static str) -> Result<i8, MessageDecodeError> {
        self.array(field).map(i8::from_be_bytes)
    }

    pub(super) fn i16(&mut self, field: &'static str) -> Result<i16, MessageDecodeError> {
        self.array(field).map(i16::from_be_bytes)
    }

    pub(super) fn i32(&mut self, field: &'static str) -> Result<i32, MessageDecodeError> {
        self.array(field).map(i32::from_be_bytes)
    }

    pub(super) fn i64(&mut self, field: &'static str) -> Result<i64, MessageDecodeError> {
        self.array(field).map(i64::from_be_bytes)
    }

    /// Reads an address and a port of four bytes.
    pub(super) fn host(
        &mut self,
        is_v6: bool,
        field: &'static str,
    ) -> Result<SocketAddr, MessageDecodeError> {
        let ip = if is_v6 {
            IpAddr::V6(Ipv6Addr::from(self.array::<16>(field)?))
        } else {
            IpAddr::V4(Ipv4Addr::from(self.array::<4>(field)?))
        };
        let port = self.i32(field)?;
        match u16::try_from(port) {
            Ok(port) => Ok(SocketAddr::new(ip, port)),
            Err(_) => Err(self.error(MessageDecodeErrorKind::Port(port))),
        }
    }

    /// Checks a length that was read last, and moves past as many bytes.
    fn advance(
        &mut self,
        length: i32,
        field: &'static str,
    ) -> Result<std::ops::Range<usize>, MessageDecodeError> {
        let Ok(unsigned) = usize::try_from(length) else {
            return Err(self.error(MessageDecodeErrorKind::NegativeLength { field, length }));
        };
        let available = self.end - self.at;
        if unsigned > available {
            return Err(self.error(MessageDecodeErrorKind::Overrun { field, length: unsigned, available }));
        }
        let range = self.at..self.at + unsigned;
        self.at = range.end;
        Ok(range)
    }

    /// Returns the next `length` bytes without a copy. `length` is the field that was read last.
    pub(super) fn bytes(&mut self, length: i32, field: &'static str) -> Result<Bytes, MessageDecodeError> {
        self.advance(length, field).map(|range| self.bytes.slice(range))
    }

    /// Returns the next `length` bytes. `length` is the field that was read last.
    pub(super) fn slice(&mut self, length: i32, field: &'static str) -> Result<&'a [u8], MessageDecodeError> {
        self.advance(length, field).map(|range| self.bytes.get(range).unwrap_or_default())
    }
}
