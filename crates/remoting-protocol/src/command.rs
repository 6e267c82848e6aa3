//! The command: the content of one frame.

// rustdoc lists the inherent impls in the order of these modules. The blank lines keep rustfmt from sorting them.
mod create;

mod read;

mod build;

mod texts;

mod content;

mod body;

mod success;

mod response_error;

use std::fmt;

pub(crate) use self::content::{EXT_LENGTH, Layout, Texts};
pub use self::response_error::ResponseError;
use crate::excerpt;
use crate::{Body, CommandFlags, LanguageCode, MqVersion, SerializeType};

/// A request or a response.
///
/// Equivalent of Java's `org.apache.rocketmq.remoting.protocol.RemotingCommand`, without its run-time state.
///
/// ```
/// use remoting_protocol::{RemotingCommand, RequestCode, ResponseCode};
///
/// let request = RemotingCommand::request(RequestCode::GET_ROUTEINFO_BY_TOPIC)
///     .with_opaque(7)
///     .with_ext_field("topic", "TopicTest")?;
/// assert_eq!(request.ext_field("topic"), Some("TopicTest"));
///
/// let response = RemotingCommand::response_to(&request, ResponseCode::TOPIC_NOT_EXIST).with_remark("no route");
/// assert!(response.is_response());
/// assert_eq!(response.opaque(), 7);
/// # Ok::<(), remoting_protocol::HeaderError>(())
/// ```
///
/// A decoded command holds one buffer: a copy of a small frame, or a handle to the read buffer of a larger frame;
/// see [`FrameDecoder`](crate::FrameDecoder). Remark, ext fields and body are slices of this buffer. A clone shares
/// the body; the clone of a decoded command copies no bytes, except the ext fields of large frames with a JSON
/// header. The first clone of a small decoded command allocates a reference count of 24 bytes.
///
/// Two commands are equal if their fields are equal. External bodies are equal if they are the same object.
///
/// `Debug` prints the length and the first 16 bytes of the body, only the start of a long text, and no
/// [credentials](crate::ExtFields#credentials).
///
/// The layout in memory is no part of the API.
// The layout makes moves fast. Enums around a command, such as `Option`, are told apart by a field with unused values, and
// the compiler may move the bytes before, of and after that field apart from each other. So this field is the last one and
// a whole word: what is before it has a size that needs no overlapping stores, for which the next move would wait.
#[repr(C)]
pub struct RemotingCommand {
    /// The body, preceded by the remark and the ext fields if they share its buffer.
    pub(crate) bytes: Body,
    /// The remark and the ext fields, unless they share a buffer with the body.
    pub(crate) buffer: Box<[u8]>,
    pub(crate) layout: Layout,
    pub(crate) code: i32,
    pub(crate) version: MqVersion,
    pub(crate) opaque: i32,
    pub(crate) flags: CommandFlags,
    pub(crate) language: LanguageCode,
    pub(crate) texts: Texts,
    pub(crate) serialize_type: SerializeTypeWord,
}

/// A [`SerializeType`] of eight bytes: see the layout of [`RemotingCommand`].
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub(crate) enum SerializeTypeWord {
    Json,
    RocketMq,
}

impl From<SerializeType> for SerializeTypeWord {
    #[inline]
    fn from(serialize_type: SerializeType) -> Self {
        match serialize_type {
            SerializeType::Json => Self::Json,
            SerializeType::RocketMq => Self::RocketMq,
        }
    }
}

/// Like the derived impl, with a fast path for a body in memory and an empty `buffer`, whose parts are cloned where they are
/// returned. Not inlined: the compiler would move an inlined clone with `memcpy`.
impl Clone for RemotingCommand {
    #[inline(never)]
    fn clone(&self) -> Self {
        match &self.bytes {
            Body::Bytes(bytes) if self.buffer.is_empty() => {
                Self { bytes: Body::Bytes(bytes.clone()), buffer: Box::default(), ..*self }
            }
            body => Self { bytes: body.clone(), buffer: self.buffer.clone(), ..*self },
        }
    }
}

/// Compares the fields, not their layout in memory.
impl PartialEq for RemotingCommand {
    fn eq(&self, other: &Self) -> bool {
        let numbers = |command: &Self| {
            let Self { code, version, opaque, flags, language, serialize_type, .. } = *command;
            (code, version, opaque, flags, language, serialize_type)
        };
        numbers(self) == numbers(other)
            && self.remark_bytes() == other.remark_bytes()
            && self.ext_fields() == other.ext_fields()
            && self.body() == other.body()
            && self.external_body().map(Body::address) == other.external_body().map(Body::address)
    }
}

impl Eq for RemotingCommand {}

impl fmt::Debug for RemotingCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemotingCommand")
            .field("code", &self.code)
            .field("language", &self.language)
            .field("version", &self.version)
            .field("opaque", &self.opaque)
            .field("flags", &self.flags)
            .field("serialize_type", &self.serialize_type())
            .field("remark", &self.remark().map(excerpt::Text))
            .field("ext_fields", &self.ext_fields())
            .field("body", &self.to_body())
            .finish()
    }
}
