//! Errors of the frame decoder.

use std::fmt;

/// The error of [`FrameDecoder::decode`](crate::FrameDecoder::decode): the bytes are not a valid frame.
///
/// Always a fault of the peer. Close its connection: the start of the next frame is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    kind: DecodeErrorKind,
    offset: usize,
}

impl DecodeError {
    pub(crate) const fn new(kind: DecodeErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }

    /// Returns the kind of the error.
    #[must_use]
    pub const fn kind(&self) -> &DecodeErrorKind {
        &self.kind
    }

    /// Returns the position of the error in bytes from the start of the frame, including its length word.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at byte {} of the frame)", self.kind, self.offset)
    }
}

impl std::error::Error for DecodeError {}

/// The kind of a [`DecodeError`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The length word exceeds the limit.
    #[error("frame of {length} bytes exceeds the limit of {limit}{}", Suffix(*look_alike))]
    #[non_exhaustive]
    FrameTooLong {
        /// The announced length of the frame in bytes, including its length word.
        length: u64,
        /// [`FrameLimits::max_frame`](crate::FrameLimits::max_frame).
        limit: usize,
        /// The protocol that the peer seems to speak instead.
        look_alike: Option<LookAlike>,
    },
    /// The length word is negative, or too small for the header-length word.
    #[error("invalid frame length {length}{}", Suffix(*look_alike))]
    #[non_exhaustive]
    BadFrameLength {
        /// The length word in bytes.
        length: i32,
        /// The protocol that the peer seems to speak instead.
        look_alike: Option<LookAlike>,
    },
    /// The type byte is neither 0 (JSON) nor 1 (ROCKETMQ).
    #[error("serialize type {0} is neither 0 (JSON) nor 1 (ROCKETMQ)")]
    UnknownSerializeType(u8),
    /// The header exceeds the limit.
    #[error("header of {length} bytes exceeds the limit of {limit}")]
    #[non_exhaustive]
    HeaderTooLong {
        /// The announced length of the header in bytes.
        length: usize,
        /// [`FrameLimits::max_header`](crate::FrameLimits::max_header).
        limit: usize,
    },
    /// The header is longer than the frame.
    #[error("header of {length} bytes in a frame that has {available} for header and body")]
    #[non_exhaustive]
    HeaderOverrun {
        /// The announced length of the header in bytes.
        length: usize,
        /// The bytes of the frame after the header-length word.
        available: usize,
    },
    /// A ROCKETMQ header ends inside a field.
    #[error("ROCKETMQ header ends inside {0}")]
    Truncated(&'static str),
    /// A length in a ROCKETMQ header is negative.
    #[error("ROCKETMQ header: {field} has the negative length {length}")]
    #[non_exhaustive]
    NegativeLength {
        /// The field, with an article.
        field: &'static str,
        /// The length.
        length: i32,
    },
    /// A field of a ROCKETMQ header is longer than the rest of the header or map.
    #[error("ROCKETMQ header: {field} has {length} bytes, but only {available} are left")]
    #[non_exhaustive]
    Overrun {
        /// The field, with an article.
        field: &'static str,
        /// The length of the field in bytes.
        length: usize,
        /// The remaining bytes of the header or map.
        available: usize,
    },
    /// A ROCKETMQ header has this number of bytes after its last field. Java reads them as the start of the body.
    #[error("ROCKETMQ header: {0} bytes after the last field")]
    SlackBytes(usize),
    /// A JSON header is not UTF-8. In a ROCKETMQ header invalid bytes are read as U+FFFD.
    #[error("{0} is not UTF-8")]
    InvalidUtf8(&'static str),
    /// A JSON header is not valid JSON, or has an unexpected value.
    #[error("JSON header: {0}")]
    Json(&'static str),
}

/// A protocol whose first four bytes were read as a length word. `Display` prints a hint for an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LookAlike {
    /// An HTTP/1 request or response.
    Http,
    /// The preface of HTTP/2, as a gRPC client sends it.
    Http2,
    /// A TLS record, usually a ClientHello.
    Tls,
    /// A PROXY protocol v1 header.
    ProxyV1,
    /// A PROXY protocol v2 header, or the empty lines of a telnet session.
    ProxyV2,
    /// A Redis client.
    Redis,
    /// An SSH client.
    Ssh,
}

impl LookAlike {
    /// Returns the protocol that starts with these bytes, if it is known. Public for the TLS step of the transport,
    /// which sees the first bytes before the decoder.
    #[doc(hidden)]
    #[must_use]
    pub const fn of(word: [u8; 4]) -> Option<Self> {
        match &word {
            b"GET " | b"POST" | b"PUT " | b"HEAD" | b"DELE" | b"OPTI" | b"PATC" | b"CONN" | b"TRAC"
            | b"HTTP" => Some(Self::Http),
            b"PRI " => Some(Self::Http2),
            [0x14..=0x17, 0x03, ..] => Some(Self::Tls),
            b"PROX" => Some(Self::ProxyV1),
            b"\r\n\r\n" => Some(Self::ProxyV2),
            [b'*', b'0'..=b'9', ..] | b"PING" => Some(Self::Redis),
            b"SSH-" => Some(Self::Ssh),
            _ => None,
        }
    }
}

impl fmt::Display for LookAlike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Http => "HTTP, which this port does not support",
            Self::Http2 => "HTTP/2 (gRPC?), which this port does not support",
            Self::Tls => "a TLS handshake, but plaintext was expected: TLS is disabled, or the client started it too late",
            Self::ProxyV1 => "a PROXY protocol v1 header, which this port does not expect",
            Self::ProxyV2 => "a PROXY protocol v2 header or a telnet session, which this port does not expect",
            Self::Redis => "Redis, which this port does not support",
            Self::Ssh => "SSH, which this port does not support",
        })
    }
}

/// Appends the protocol that the bytes look like.
struct Suffix(Option<LookAlike>);

impl fmt::Display for Suffix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(look_alike) => write!(f, "; the bytes look like {look_alike}"),
            None => Ok(()),
        }
    }
}
