//! The two encodings of a command's header.

mod binary;
mod json;

use bytes::{Bytes, BytesMut};
use bytestring::ByteString;

use crate::{CommandFlags, DecodeError, EncodeError, ExtFields, LanguageCode, MqVersion, RemotingCommand};

/// Takes the frame at the front of `src` off, which has come whole: `header` and `body` bytes behind the first 8.
///
/// On an error nothing has been taken.
pub(crate) fn decode(
    serialize_type: SerializeType,
    src: &mut BytesMut,
    header: usize,
    body: usize,
) -> Result<RemotingCommand, DecodeError> {
    match serialize_type {
        SerializeType::Json => json::decode(src, header, body),
        SerializeType::RocketMq => binary::decode(src, header, body),
    }
}

/// Appends the header of `command`; on an error part of it may have been appended.
pub(crate) fn encode(
    command: &RemotingCommand,
    max_header: usize,
    dst: &mut BytesMut,
) -> Result<(), EncodeError> {
    match command.serialize_type {
        SerializeType::Json => json::encode(command, max_header, dst),
        SerializeType::RocketMq => binary::encode(command, max_header, dst),
    }
}

/// The fields of a header, as both encodings carry them.
struct HeaderFields {
    code: i32,
    language: LanguageCode,
    version: MqVersion,
    opaque: i32,
    flags: CommandFlags,
    remark: Option<ByteString>,
    ext_fields: Option<ExtFields>,
}

impl HeaderFields {
    fn into_command(self, serialize_type: SerializeType, body: Bytes) -> RemotingCommand {
        RemotingCommand {
            code: self.code,
            language: self.language,
            version: self.version,
            opaque: self.opaque,
            flags: self.flags,
            serialize_type,
            remark: self.remark,
            ext_fields: self.ext_fields,
            body: body.into(),
        }
    }
}

/// Takes `length` bytes off, without a reference to the buffer where that is none.
fn take(src: &mut BytesMut, length: usize) -> Bytes {
    if length == 0 { Bytes::new() } else { src.split_to(length).freeze() }
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
