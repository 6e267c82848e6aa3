//! The parts of a command, set one by one.

use crate::{Body, CommandFlags, LanguageCode, MqVersion, RemotingCommand, SerializeType};

/// Building: each takes the command and gives it back.
impl RemotingCommand {
    /// With this code.
    #[must_use]
    #[inline]
    pub fn with_code(mut self, code: impl Into<i32>) -> Self {
        self.code = code.into();
        self
    }

    /// With this language.
    #[must_use]
    #[inline]
    pub fn with_language(mut self, language: LanguageCode) -> Self {
        self.language = language;
        self
    }

    /// With this version.
    #[must_use]
    #[inline]
    pub fn with_version(mut self, version: MqVersion) -> Self {
        self.version = version;
        self
    }

    /// With this opaque.
    #[must_use]
    #[inline]
    pub fn with_opaque(mut self, opaque: i32) -> Self {
        self.opaque = opaque;
        self
    }

    /// With exactly these flags.
    #[must_use]
    #[inline]
    pub fn with_flags(mut self, flags: CommandFlags) -> Self {
        self.flags = flags;
        self
    }

    /// With the header encoded so.
    #[must_use]
    #[inline]
    pub fn with_serialize_type(mut self, serialize_type: SerializeType) -> Self {
        self.serialize_type = serialize_type;
        self
    }

    /// With this body: bytes, text, or one that is [not in memory](crate::ExternalBody).
    #[must_use]
    #[inline]
    pub fn with_body(mut self, body: impl Into<Body>) -> Self {
        self.replace_body(body.into());
        self
    }
}

/// Changing.
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

    /// Sets the response bit, as Java's `markResponseType`.
    pub fn mark_response(&mut self) {
        self.flags |= CommandFlags::RESPONSE;
    }

    /// Sets the one-way bit, as Java's `markOnewayRPC`.
    pub fn mark_oneway(&mut self) {
        self.flags |= CommandFlags::ONEWAY;
    }

    /// Sets how the header will be encoded.
    pub fn set_serialize_type(&mut self, serialize_type: SerializeType) {
        self.serialize_type = serialize_type;
    }

    /// Sets the body; an empty one is none.
    pub fn set_body(&mut self, body: impl Into<Body>) {
        self.replace_body(body.into());
    }
}
