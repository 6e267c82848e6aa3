//! The wire codec of Apache RocketMQ remoting: encodes commands to bytes and decodes bytes to commands.
//!
//! A connection carries frames. Each frame carries one command, which is a request or a response. All integers are
//! big-endian:
//!
//! ```text
//!  0        4        5                    8                  8 + H
//!  ┌────────┬────────┬────────────────────┬──────────────────┬──────────────────┐
//!  │ length │  type  │  header length H   │      header      │       body       │
//!  │  i32   │   u8   │        u24         │     H bytes      │ length - 4 - H   │
//!  └────────┴────────┴────────────────────┴──────────────────┴──────────────────┘
//!    bytes     0 JSON, 1 ROCKETMQ           code, language, version, opaque, flag,
//!    that      (binary)                     remark, ext fields
//!    follow
//! ```
//!
//! * [`RemotingCommand`] is a command: a plain value without connection, clock or state of a call.
//! * [`ExtFields`] is its flat map of text, the form of [typed headers](ext_fields).
//! * [`FrameDecoder`] and [`FrameEncoder`] convert between bytes and commands, within [`FrameLimits`].
//! * [`body`] reads and writes bodies in JSON (the dialect of fastjson) and protobuf.
//! * [`operation`](mod@operation) ties a request code to the types of its request and response.
//! * [`RequestCode`], [`ResponseCode`], [`LanguageCode`] and [`MqVersion`] are open sets: numbers without a name
//!   are valid.
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
//! let received = FrameDecoder::new(limits).decode(&mut wire)?.ok_or("the frame is incomplete")?;
//! assert_eq!(received, request);
//! let header: GetRouteInfoRequestHeader = received.header()?;
//! assert_eq!(header.topic, "TopicTest");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The crate does no I/O, starts no task and reads no clock. It reserves no memory for bytes that have not arrived.
//! On any input it takes linear time and does not panic. An error states what is wrong and at which byte. Decoding
//! a header of either encoding needs no allocation per field.
//!
//! [The wire format](https://github.com/rocketmq-rs/remoting/blob/main/docs/wire-format.md) describes every byte,
//! and the input that is accepted beyond it.

#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))] // docs.rs shows the feature of an item

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
pub mod operation;
pub mod properties;
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

/// Tests the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
