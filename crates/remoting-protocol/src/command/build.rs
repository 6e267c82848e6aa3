//! Setting the parts of a command.

use crate::{Body, CommandFlags, LanguageCode, MqVersion, RemotingCommand, SerializeType};

/// # Building
///
/// Each method consumes the command and returns it changed.
///
/// ```
/// use remoting_protocol::{RemotingCommand, RequestCode, SerializeType};
///
/// let request = RemotingCommand::request(RequestCode::HEART_BEAT)
///     .with_opaque(7)
///     .with_serialize_type(SerializeType::RocketMq)
///     .with_body("a body");
/// assert_eq!((request.opaque(), request.body()), (7, &b"a body"[..]));
/// ```
impl RemotingCommand {
    /// Sets the code: a [`RequestCode`](crate::RequestCode), a [`ResponseCode`](crate::ResponseCode) or a number.
    #[must_use]
    #[inline]
    pub fn with_code(mut self, code: impl Into<i32>) -> Self {
        self.code = code.into();
        self
    }

    /// Sets the language. Default [`RUST`](LanguageCode::RUST).
    #[must_use]
    #[inline]
    pub fn with_language(mut self, language: LanguageCode) -> Self {
        self.language = language;
        self
    }

    /// Sets the version. Default [`CURRENT`](MqVersion::CURRENT).
    #[must_use]
    #[inline]
    pub fn with_version(mut self, version: MqVersion) -> Self {
        self.version = version;
        self
    }

    /// Sets the opaque. Default 0; a client or server assigns one to each request that it sends.
    #[must_use]
    #[inline]
    pub fn with_opaque(mut self, opaque: i32) -> Self {
        self.opaque = opaque;
        self
    }

    /// Sets the whole flag word.
    #[must_use]
    #[inline]
    pub fn with_flags(mut self, flags: CommandFlags) -> Self {
        self.flags = flags;
        self
    }

    /// Sets the encoding of the header. Default [`Json`](SerializeType::Json).
    #[must_use]
    #[inline]
    pub fn with_serialize_type(mut self, serialize_type: SerializeType) -> Self {
        self.serialize_type = serialize_type.into();
        self
    }

    /// Sets the body: bytes, text, or an [external body](crate::ExternalBody). An empty body equals an absent one.
    ///
    /// ```
    /// use remoting_protocol::{RemotingCommand, RequestCode};
    ///
    /// let request = RemotingCommand::request(RequestCode::SEND_MESSAGE);
    /// assert_eq!(request.clone().with_body("text").body(), b"text");
    /// assert_eq!(request.with_body(vec![1, 2, 3]).body_len(), 3);
    /// ```
    #[must_use]
    #[inline]
    pub fn with_body(mut self, body: impl Into<Body>) -> Self {
        self.replace_body(body.into());
        self
    }
}

/// # Changing in place
impl RemotingCommand {
    /// Sets the code.
    pub fn set_code(&mut self, code: impl Into<i32>) {
        self.code = code.into();
    }

    /// Sets the language.
    pub fn set_language(&mut self, language: LanguageCode) {
        self.language = language;
    }

    /// Sets the version.
    pub fn set_version(&mut self, version: MqVersion) {
        self.version = version;
    }

    /// Sets the opaque.
    pub fn set_opaque(&mut self, opaque: i32) {
        self.opaque = opaque;
    }

    /// Sets the whole flag word.
    pub fn set_flags(&mut self, flags: CommandFlags) {
        self.flags = flags;
    }

    /// Sets the response bit. Equivalent of Java's `markResponseType`.
    pub fn mark_response(&mut self) {
        self.flags |= CommandFlags::RESPONSE;
    }

    /// Sets the one-way bit. Equivalent of Java's `markOnewayRPC`.
    pub fn mark_oneway(&mut self) {
        self.flags |= CommandFlags::ONEWAY;
    }

    /// Sets the encoding of the header.
    pub fn set_serialize_type(&mut self, serialize_type: SerializeType) {
        self.serialize_type = serialize_type.into();
    }

    /// Sets the body. An empty body equals an absent one.
    pub fn set_body(&mut self, body: impl Into<Body>) {
        self.replace_body(body.into());
    }
}
