//! The command: what one frame carries.

mod body;
mod build;
mod content;
mod response_error;
mod success;
mod texts;

use std::fmt;

pub(crate) use self::content::{EXT_LENGTH, Layout, Texts};
pub use self::response_error::ResponseError;
use crate::excerpt;
use crate::{Body, CommandFlags, LanguageCode, MqVersion, RequestCode, ResponseCode, SerializeType};

/// One request or response, as `org.apache.rocketmq.remoting.protocol.RemotingCommand` without its run-time state.
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
/// A decoded command is one buffer: a copy of a small frame, or a handle to the read buffer that a larger one came in;
/// see [`FrameDecoder`](crate::FrameDecoder). Remark, ext fields and body are slices of it. A clone copies no body, and
/// of a decoded command nothing.
///
/// `Debug` shows of the body its length and first 16 bytes, of a long text its beginning, and no
/// [credentials](crate::ExtFields#credentials).
pub struct RemotingCommand {
    pub(crate) code: i32,
    pub(crate) version: MqVersion,
    pub(crate) opaque: i32,
    pub(crate) flags: CommandFlags,
    pub(crate) language: LanguageCode,
    pub(crate) serialize_type: SerializeType,
    pub(crate) texts: Texts,
    pub(crate) layout: Layout,
    /// Remark and ext fields, unless they are in the same buffer as the body.
    pub(crate) buffer: Box<[u8]>,
    /// The body, and what is before it in the same buffer.
    pub(crate) bytes: Body,
}

/// As derived, apart from a shorter way for the many that have no buffer for remark and ext fields. Not inlined, since
/// the place of the copy would then be filled by a call of `memcpy`.
impl Clone for RemotingCommand {
    #[inline(never)]
    fn clone(&self) -> Self {
        let buffer = if self.buffer.is_empty() { Box::default() } else { self.buffer.clone() };
        Self { buffer, bytes: self.bytes.clone(), ..*self }
    }
}

/// Commands are equal if they say the same, however they keep it. External bodies are equal if they are the same one.
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
            .field("serialize_type", &self.serialize_type)
            .field("remark", &self.remark().map(excerpt::Text))
            .field("ext_fields", &self.ext_fields())
            .field("body", &self.to_body())
            .finish()
    }
}

/// Making one.
impl RemotingCommand {
    #[inline]
    fn new(code: i32, flags: CommandFlags) -> Self {
        Self {
            code,
            language: LanguageCode::RUST,
            version: MqVersion::CURRENT,
            opaque: 0,
            flags,
            serialize_type: SerializeType::Json,
            texts: Texts::default(),
            layout: Layout::default(),
            buffer: Box::default(),
            bytes: Body::default(),
        }
    }

    /// A request that wants an answer: opaque 0 (whoever sends it assigns one), language
    /// [`RUST`](LanguageCode::RUST), version [`CURRENT`](MqVersion::CURRENT), JSON header, nothing else.
    #[must_use]
    #[inline]
    pub fn request(code: RequestCode) -> Self {
        Self::new(code.0, CommandFlags::REQUEST)
    }

    /// As [`request`](Self::request), with the one-way bit: the peer must not answer.
    #[must_use]
    #[inline]
    pub fn oneway(code: RequestCode) -> Self {
        Self::new(code.0, CommandFlags::ONEWAY)
    }

    /// A response that belongs to no request yet; see [`response_to`](Self::response_to).
    #[must_use]
    #[inline]
    pub fn response(code: ResponseCode) -> Self {
        Self::new(code.0, CommandFlags::RESPONSE)
    }

    /// A response with the opaque and the header encoding of `request`.
    #[must_use]
    #[inline]
    pub fn response_to(request: &Self, code: ResponseCode) -> Self {
        let mut response = Self::response(code);
        response.opaque = request.opaque;
        response.serialize_type = request.serialize_type;
        response
    }
}

/// Reading.
impl RemotingCommand {
    /// The code as the number on the wire.
    #[must_use]
    pub const fn code(&self) -> i32 {
        self.code
    }

    /// The code, read as that of a request.
    #[must_use]
    pub const fn request_code(&self) -> RequestCode {
        RequestCode(self.code)
    }

    /// The code, read as that of a response.
    #[must_use]
    pub const fn response_code(&self) -> ResponseCode {
        ResponseCode(self.code)
    }

    /// In which language the sender is written.
    #[must_use]
    pub const fn language(&self) -> LanguageCode {
        self.language
    }

    /// Which release the sender speaks for.
    #[must_use]
    pub const fn version(&self) -> MqVersion {
        self.version
    }

    /// The number that leads from a response back to its request.
    #[must_use]
    pub const fn opaque(&self) -> i32 {
        self.opaque
    }

    /// The flag word, with bits that have no name.
    #[must_use]
    pub const fn flags(&self) -> CommandFlags {
        self.flags
    }

    /// How the header was, or will be, encoded.
    #[must_use]
    pub const fn serialize_type(&self) -> SerializeType {
        self.serialize_type
    }

    /// Whether the command answers a request.
    #[must_use]
    pub const fn is_response(&self) -> bool {
        self.flags.is_response()
    }

    /// Whether nobody waits for an answer.
    #[must_use]
    pub const fn is_oneway(&self) -> bool {
        self.flags.is_oneway()
    }
}
