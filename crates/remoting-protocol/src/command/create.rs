//! The constructors.

use super::{Layout, SerializeTypeWord, Texts};
use crate::{Body, CommandFlags, LanguageCode, MqVersion, RemotingCommand, RequestCode, ResponseCode};

/// # Constructors
///
/// A new command has opaque 0, language [`RUST`](LanguageCode::RUST), version [`CURRENT`](MqVersion::CURRENT) and a
/// JSON header, but no remark, ext fields or body.
impl RemotingCommand {
    #[inline]
    fn new(code: i32, flags: CommandFlags) -> Self {
        Self {
            code,
            language: LanguageCode::RUST,
            version: MqVersion::CURRENT,
            opaque: 0,
            flags,
            serialize_type: SerializeTypeWord::Json,
            texts: Texts::default(),
            layout: Layout::default(),
            buffer: Box::default(),
            bytes: Body::default(),
        }
    }

    /// Creates a request that expects a response. The sender assigns the opaque.
    #[must_use]
    #[inline]
    pub fn request(code: RequestCode) -> Self {
        Self::new(code.0, CommandFlags::REQUEST)
    }

    /// Creates a one-way request: the peer sends no response.
    #[must_use]
    #[inline]
    pub fn oneway(code: RequestCode) -> Self {
        Self::new(code.0, CommandFlags::ONEWAY)
    }

    /// Creates a response that belongs to no request yet; see [`response_to`](Self::response_to).
    #[must_use]
    #[inline]
    pub fn response(code: ResponseCode) -> Self {
        Self::new(code.0, CommandFlags::RESPONSE)
    }

    /// Creates a response with the opaque and the header encoding of `request`.
    #[must_use]
    #[inline]
    pub fn response_to(request: &Self, code: ResponseCode) -> Self {
        let mut response = Self::response(code);
        response.opaque = request.opaque;
        response.serialize_type = request.serialize_type;
        response
    }
}
