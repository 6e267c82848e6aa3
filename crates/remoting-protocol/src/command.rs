//! The command: what one frame carries.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use bytestring::ByteString;
use serde::{Deserialize, Serialize};

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

    /// The same command in memory of its own, exactly as large as needed.
    ///
    /// The parts of a decoded command are slices of the connection's read buffer, and one of them keeps the whole
    /// buffer alive: 64 KiB as a rule, and what a larger frame needed. Whoever keeps a command, or a slice of its body,
    /// beyond the answer (a cache, a queue) copies it once. Costs two allocations at most, and one more for the ext
    /// fields of a JSON header.
    #[must_use]
    pub fn detached(&self) -> Self {
        let mut detached = self.clone();
        detached.detach();
        detached
    }

    /// Copies the parts of a small command out of the connection's read buffer; one of more than
    /// [`SMALL`](Self::SMALL) bytes stays as it is.
    ///
    /// For a request that waits, such as a long poll: it then keeps alive what it needs, and at most eight times as much.
    /// Costs two allocations at most, and nothing where there is nothing to copy.
    pub fn detach_if_small(&mut self) {
        if self.sliced_len() <= Self::SMALL {
            self.detach();
        }
    }

    /// Up to how many bytes of remark, ext fields and body [`detach_if_small`](Self::detach_if_small) copies: 16 KiB.
    pub const SMALL: usize = 16 << 10;

    /// Bytes of the parts that may be slices of a read buffer.
    fn sliced_len(&self) -> usize {
        self.remark.as_deref().map_or(0, str::len)
            + self.ext_fields.as_ref().and_then(ExtFields::as_slice_of_frame).map_or(0, Bytes::len)
            + self.body.as_bytes().len()
    }

    /// Puts the parts one behind the other into one buffer of their own.
    fn detach(&mut self) {
        let remark = self.remark.as_deref().unwrap_or_default();
        let ext =
            self.ext_fields.as_ref().and_then(ExtFields::as_slice_of_frame).cloned().unwrap_or_default();
        let lengths = (remark.len(), ext.len());
        let mut copy = Vec::with_capacity(self.sliced_len());
        for part in [remark.as_bytes(), &ext, self.body.as_bytes()] {
            copy.extend_from_slice(part);
        }
        let mut rest = Bytes::from(copy);
        if lengths.0 > 0 {
            self.remark = ByteString::try_from(rest.split_to(lengths.0)).ok();
        }
        if lengths.1 > 0 {
            self.ext_fields = Some(ExtFields::from_wire(rest.split_to(lengths.1)));
        }
        if let Body::Bytes(body) = &mut self.body {
            *body = rest;
        }
    }
}

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

    /// With this remark.
    #[must_use]
    #[inline]
    pub fn with_remark(mut self, remark: impl Into<ByteString>) -> Self {
        self.remark = Some(remark.into());
        self
    }

    /// With this body: bytes, text, or one that is [not in memory](ExternalBody).
    #[must_use]
    #[inline]
    pub fn with_body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// With this ext field, in place of one of the same key.
    ///
    /// # Errors
    ///
    /// The key is longer than 32 767 bytes, or the value longer than a header can be.
    #[inline]
    pub fn with_ext_field(mut self, key: &str, value: &str) -> Result<Self, HeaderError> {
        self.ext_fields_mut().insert(key, value)?;
        Ok(self)
    }

    /// With the fields of a typed header as ext fields, in place of those of the same keys.
    ///
    /// What serde calls `None` is left out, as Java leaves out null. See [`header`](Self::header) for an example.
    ///
    /// # Errors
    ///
    /// A field is neither text, number, bool, char nor unit enum.
    #[inline(always)]
    pub fn with_header<H: Serialize + ?Sized>(mut self, header: &H) -> Result<Self, HeaderError> {
        self.ext_fields_mut().extend_from_header(header)?;
        Ok(self)
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
        self.flags = self.flags.with(CommandFlags::RESPONSE);
    }

    /// Sets the one-way bit, as Java's `markOnewayRPC`.
    pub fn mark_oneway(&mut self) {
        self.flags = self.flags.with(CommandFlags::ONEWAY);
    }

    /// Sets how the header will be encoded.
    pub fn set_serialize_type(&mut self, serialize_type: SerializeType) {
        self.serialize_type = serialize_type;
    }

    /// Sets or removes the remark.
    pub fn set_remark(&mut self, remark: Option<ByteString>) {
        self.remark = remark;
    }

    /// Sets the body; an empty one is none.
    pub fn set_body(&mut self, body: impl Into<Body>) {
        self.body = body.into();
    }

    /// The ext fields to change, from now on present even if empty.
    #[inline]
    pub fn ext_fields_mut(&mut self) -> &mut ExtFields {
        self.ext_fields.get_or_insert_default()
    }

    /// Sets or removes all ext fields.
    pub fn set_ext_fields(&mut self, ext_fields: Option<ExtFields>) {
        self.ext_fields = ext_fields;
    }
}
