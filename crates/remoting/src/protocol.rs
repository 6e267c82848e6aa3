//! Commands, typed headers and bodies, and the codec that turns them into bytes and back.
//!
//! Most programs need only [`RemotingCommand`] and the codes, which the crate's root has too. The rest is for
//! typed headers with special fields ([`ext_fields`]), for bodies outside of a command ([`body`]), and for
//! tools that read and write frames themselves ([`FrameDecoder`], [`FrameEncoder`]).
//!
//! The whole layer is the crate [`remoting-protocol`](https://docs.rs/remoting-protocol), which does no I/O.

pub use remoting_rpc::transport::protocol::{
    Body, BodyError, CommandFlags, DecodeError, DecodeErrorKind, EncodeError, Encoded, ErrorChain, ExtFields,
    ExternalBody, FrameDecoder, FrameEncoder, FrameLimits, HeaderError, LanguageCode, LookAlike, MqVersion,
    RemotingCommand, RequestCode, ResponseCode, ResponseError, SerializeType, UnknownName, body, bytes,
    ext_fields, operation, properties,
};
