//! The wire codec of Apache RocketMQ remoting.

#![forbid(unsafe_code)]

pub mod body;
mod code;
mod command;
mod error;
pub mod ext_fields;
mod flag;
mod frame;
mod header;
mod language;
mod version;

pub use bytes;
pub use bytestring;

pub use body::BodyError;
pub use code::{RequestCode, ResponseCode};
pub use command::RemotingCommand;
pub use error::{DecodeError, DecodeErrorKind, EncodeError, HeaderError, LookAlike};
pub use ext_fields::ExtFields;
pub use flag::CommandFlags;
pub use frame::{FrameDecoder, FrameEncoder, FrameLimits};
pub use header::SerializeType;
pub use language::LanguageCode;
pub use version::MqVersion;
