//! The command: what one frame carries.

mod body;
mod build;
mod detach;
mod response_error;
mod success;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use bytestring::ByteString;
use serde::Deserialize;

pub use self::response_error::ResponseError;
use crate::excerpt;
use crate::{
    Body, CommandFlags, ExtFields, ExternalBody, HeaderError, LanguageCode, MqVersion, RequestCode,
    ResponseCode, SerializeType,
};

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
/// A clone is cheap where the command was decoded: remark, ext fields (over ROCKETMQ) and body are slices of the
/// read buffer, which stays alive as long as one of them does. Whoever keeps a command, or a small part of one,
/// for long calls [`detached`](Self::detached) or [`detach_if_small`](Self::detach_if_small) first.
///
/// `Debug` shows of the body its length and first 16 bytes, of a long text its beginning, and no
/// [credentials](ExtFields#credentials).
#[derive(PartialEq, Eq)]
pub struct RemotingCommand {
    pub(crate) code: i32,
    pub(crate) language: LanguageCode,
    pub(crate) version: MqVersion,
    pub(crate) opaque: i32,
    pub(crate) flags: CommandFlags,
    pub(crate) serialize_type: SerializeType,
    pub(crate) remark: Option<ByteString>,
    pub(crate) ext_fields: Option<ExtFields>,
    pub(crate) body: Body,
}

/// As derived, apart from a shorter way for the many that have neither remark nor ext fields. Not inlined, since the
/// copy's next place would then be filled by a call of `memcpy`.
impl Clone for RemotingCommand {
    #[inline(never)]
    fn clone(&self) -> Self {
        match (&self.remark, &self.ext_fields) {
            (None, None) => Self { remark: None, ext_fields: None, body: self.body.clone(), ..*self },
            _ => self.clone_with_texts(),
        }
    }
}

impl fmt::Debug for RemotingCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemotingCommand")
            .field("code", &self.code)
            .field("language", &self.language)
            .field("version", &self.version)
            .field("opaque", &self.opaque)
            .field("flags", &self.flags)
            .field("serialize_type", &self.serialize_type)
            .field("remark", &self.remark.as_deref().map(excerpt::Text))
            .field("ext_fields", &self.ext_fields)
            .field("body", &self.body)
            .finish()
    }
}

/// Making one.
impl RemotingCommand {
    #[inline(never)]
    fn clone_with_texts(&self) -> Self {
        Self {
            remark: self.remark.clone(),
            ext_fields: self.ext_fields.clone(),
            body: self.body.clone(),
            ..*self
        }
    }

    #[inline]
    fn new(code: i32, flags: CommandFlags) -> Self {
        Self {
            code,
            language: LanguageCode::RUST,
            version: MqVersion::CURRENT,
            opaque: 0,
            flags,
            serialize_type: SerializeType::Json,
            remark: None,
            ext_fields: None,
            body: Body::default(),
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
        Self { opaque: request.opaque, serialize_type: request.serialize_type, ..Self::response(code) }
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

    /// The human-readable part of a response, mostly an error text. Over ROCKETMQ an empty remark arrives as none.
    #[must_use]
    pub fn remark(&self) -> Option<&str> {
        self.remark.as_deref()
    }

    /// The ext fields, if the command has any: over JSON an empty map differs from none, over ROCKETMQ it does not.
    #[must_use]
    pub const fn ext_fields(&self) -> Option<&ExtFields> {
        self.ext_fields.as_ref()
    }

    /// The value of one ext field; the last one where a peer sent the key twice.
    #[must_use]
    pub fn ext_field(&self, key: &str) -> Option<&str> {
        self.ext_fields.as_ref()?.get(key)
    }

    /// The ext fields as a typed header, as Java's `decodeCommandCustomHeader`.
    ///
    /// `H` may borrow its strings from the command. A command without ext fields reads as an empty map, so an `H`
    /// with nothing but optional fields still comes out.
    ///
    /// ```
    /// # use remoting_protocol::{RemotingCommand, RequestCode};
    /// #[derive(serde::Serialize, serde::Deserialize)]
    /// #[serde(rename_all = "camelCase")]
    /// struct GetMaxOffsetRequestHeader<'a> {
    ///     topic: &'a str,
    ///     queue_id: i32,
    ///     committed: Option<bool>,
    /// }
    ///
    /// let header = GetMaxOffsetRequestHeader { topic: "T", queue_id: 3, committed: None };
    /// let request = RemotingCommand::request(RequestCode::GET_MAX_OFFSET).with_header(&header)?;
    /// assert_eq!(request.ext_field("queueId"), Some("3"));
    ///
    /// let header: GetMaxOffsetRequestHeader = request.header()?;
    /// assert_eq!((header.topic, header.queue_id, header.committed), ("T", 3, None));
    /// # Ok::<(), remoting_protocol::HeaderError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A field that `H` needs is absent, or its text does not read as the field's type: the error names both. Java
    /// logs these and goes on with defaults.
    pub fn header<'de, H: Deserialize<'de>>(&'de self) -> Result<H, HeaderError> {
        match &self.ext_fields {
            Some(fields) => fields.to_header(),
            None => ExtFields::no_fields_to_header(),
        }
    }

    /// The body; empty means none, which is the same on the wire.
    ///
    /// Of an [external body](Self::external_body), which only a command to be sent can have, nothing is in memory:
    /// it is empty here, and [`body_len`](Self::body_len) tells its length.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        self.body.as_bytes()
    }

    /// The body, without the rest; empty for an [external one](Self::external_body), as [`body`](Self::body).
    #[must_use]
    #[inline]
    pub fn into_body(self) -> Bytes {
        self.body.into_bytes()
    }

    /// How many bytes the body has on the wire, be it in memory or not.
    #[must_use]
    pub fn body_len(&self) -> usize {
        self.body.len()
    }

    /// The body, if it is not in memory, such as a region of a file.
    #[must_use]
    pub fn external_body(&self) -> Option<&Arc<dyn ExternalBody>> {
        self.body.as_external()
    }
}
