//! The wire codec of Apache RocketMQ remoting: commands to bytes and bytes to commands.
//!
//! A connection carries frames, and a frame carries one command, a request or a response. All integers are
//! big-endian:
//!
//! ```text
//!  0        4        5                    8                  8 + H
//!  ┌────────┬────────┬────────────────────┬──────────────────┬──────────────────┐
//!  │ length │  type  │  header length H   │      header      │       body       │
//!  │  i32   │   u8   │        u24         │     H bytes      │ length - 4 - H   │
//!  └────────┴────────┴────────────────────┴──────────────────┴──────────────────┘
//!    counts    0 JSON, 1 ROCKETMQ           code, language, version, opaque, flag,
//!    what      (binary)                     remark, ext fields
//!    follows
//! ```
//!
//! * [`RemotingCommand`] is the command, as a value: no connection, no clock, no state of a call.
//! * [`ExtFields`] is its flat map of text, which [typed headers](ext_fields) are read from and written to.
//! * [`FrameDecoder`] and [`FrameEncoder`] turn bytes into commands and back, within [`FrameLimits`].
//! * [`body`] reads and writes bodies of JSON (with fastjson's dialect) and protobuf.
//! * [`RequestCode`], [`ResponseCode`], [`LanguageCode`] and [`MqVersion`] are open: a number without a name is as
//!   good as one with.
//!
//! ```
//! use remoting_protocol::bytes::BytesMut;
//! use remoting_protocol::{FrameDecoder, FrameEncoder, FrameLimits, RemotingCommand, RequestCode};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! #[serde(rename_all = "camelCase")]
//! struct GetRouteInfoRequestHeader {
//!     topic: String,
//!     accept_standard_json_only: Option<bool>,
//! }
//!
//! let header = GetRouteInfoRequestHeader { topic: "TopicTest".to_owned(), accept_standard_json_only: Some(true) };
//! let request = RemotingCommand::request(RequestCode::GET_ROUTEINFO_BY_TOPIC).with_opaque(7).with_header(&header)?;
//!
//! let limits = FrameLimits::default();
//! let mut wire = BytesMut::new();
//! FrameEncoder::new(limits).encode(&request, &mut wire)?;
//! assert_eq!(
//!     &wire[8..],
//!     br#"{"code":105,"extFields":{"topic":"TopicTest","acceptStandardJsonOnly":"true"},"flag":0,"language":"RUST","opaque":7,"serializeTypeCurrentRPC":"JSON","version":513}"#
//! );
//!
//! let received = FrameDecoder::new(limits).decode(&mut wire)?.ok_or("the frame is not whole")?;
//! assert_eq!(received, request);
//! let header: GetRouteInfoRequestHeader = received.header()?;
//! assert_eq!(header.topic, "TopicTest");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The crate does no I/O, starts no task and reads no clock: bytes go in, commands come out. Nothing is reserved for
//! bytes that have not come, and no bytes make it panic, recurse or work more than once over its input; errors say
//! what is wrong and at which byte. A header of either encoding is decoded without an allocation per field.
//!
//! The format in full, with what is accepted beyond it, is in `docs/wire-format.md`.

#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))] // docs.rs says which feature an item needs

pub mod body;
mod code;
mod command;
mod error;
mod excerpt;
pub mod ext_fields;
mod flag;
mod frame;
mod header;
mod java_number;
mod json;
mod language;
mod lossy;
mod name;
mod serialize_type;
mod version;

pub use bytes;

pub use body::{Body, BodyError, ExternalBody};
pub use code::{RequestCode, ResponseCode};
pub use command::{RemotingCommand, ResponseError};
pub use error::{DecodeError, DecodeErrorKind, EncodeError, ErrorChain, HeaderError, LookAlike};
pub use ext_fields::ExtFields;
pub use flag::CommandFlags;
pub use frame::{Encoded, FrameDecoder, FrameEncoder, FrameLimits};
pub use language::LanguageCode;
pub use name::UnknownName;
pub use serialize_type::SerializeType;
pub use version::MqVersion;

/// The README's example, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
