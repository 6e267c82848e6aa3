//! The two encodings of a command's header.

mod binary;
mod json;

use bytes::{Buf, Bytes, BytesMut};

use crate::{Body, DecodeError, EncodeError, RemotingCommand};

/// Bytes before a header: the length word and the header-length word.
pub(crate) const HEAD: usize = 8;

/// Takes the frame of `frame` bytes at the front of `src` off, which has come whole: `header` bytes of it, behind the
/// first 8, are its header.
///
/// On an error nothing has been taken. Never `None`: the result is what the frame decoder returns, so that the command
/// is not moved once more right after it has been put together, which would wait for all its parts.
#[inline]
pub(crate) fn decode(
    serialize_type: SerializeType,
    src: &mut BytesMut,
    header: usize,
    frame: usize,
) -> Result<Option<RemotingCommand>, DecodeError> {
    match serialize_type {
        SerializeType::Json => json::decode(src, header, frame),
        SerializeType::RocketMq => binary::decode(src, header, frame),
    }
}

/// Appends [`HEAD`] bytes to be filled in and the header of `command`, makes room for `body` more
/// bytes, and gives the bytes of the header. On an error part of it may have been appended.
#[inline]
pub(crate) fn encode(
    command: &RemotingCommand,
    max_header: usize,
    body: usize,
    dst: &mut BytesMut,
) -> Result<usize, EncodeError> {
    match command.serialize_type {
        SerializeType::Json => json::encode(command, max_header, body, dst),
        SerializeType::RocketMq => binary::encode(command, max_header, body, dst),
    }
}

/// Takes the frame of `frame` bytes at the front of `src` off and gives what stands behind its first `from` bytes,
/// without a reference to the buffer where that is none.
///
/// As a whole: each further handle on the buffer costs an atomic increment now and a decrement later.
#[inline]
fn take_frame(src: &mut BytesMut, frame: usize, from: usize) -> Bytes {
    if from == frame {
        src.advance(frame);
        return Bytes::new();
    }
    let mut rest = src.split_to(frame).freeze();
    rest.advance(from);
    rest
}

/// Takes `length` bytes off the front of what is left of a frame; `None` if that is none.
fn take(rest: &mut Bytes, length: usize) -> Option<Bytes> {
    (length > 0).then(|| rest.split_to(length))
}

/// The rest of a frame as a body, without a reference to the buffer where it is empty.
#[inline]
fn body(rest: Bytes) -> Body {
    Body::Bytes(if rest.is_empty() { Bytes::new() } else { rest })
}

/// Refuses a header of more bytes than `limit`.
fn check_header(length: usize, limit: usize) -> Result<(), EncodeError> {
    if length > limit { Err(EncodeError::HeaderTooLong { length, limit }) } else { Ok(()) }
}

/// How a header is encoded: the type byte of the header-length word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SerializeType {
    /// 0: JSON, as fastjson writes it. What Java sends unless told otherwise, and the only one for codes above 32 767.
    #[default]
    Json,
    /// 1: Java's `RocketMQSerializable`, binary.
    RocketMq,
}

impl SerializeType {
    /// The type byte.
    #[must_use]
    pub const fn to_byte(self) -> u8 {
        match self {
            Self::Json => 0,
            Self::RocketMq => 1,
        }
    }

    /// The type of this byte.
    #[must_use]
    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::Json),
            1 => Some(Self::RocketMq),
            _ => None,
        }
    }

    /// The name of the Java constant, also the value of the Java property `rocketmq.serialize.type`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::RocketMq => "ROCKETMQ",
        }
    }
}

impl std::fmt::Display for SerializeType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
