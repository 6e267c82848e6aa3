//! Why bytes are not a frame.

use std::fmt;

/// Why bytes could not be read as a frame: always the fault of the peer, and the end of its connection, since
/// the next frame cannot be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    kind: DecodeErrorKind,
    offset: usize,
}

impl DecodeError {
    pub(crate) const fn new(kind: DecodeErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> &DecodeErrorKind {
        &self.kind
    }

    /// Where: bytes from the start of the frame, its length word included.
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

/// What is wrong with a frame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The length word announces more than the limit.
    #[error("frame of {length} bytes exceeds the limit of {limit}{}", Suffix(*look_alike))]
    FrameTooLong {
        /// Announced bytes of the frame with its length word.
        length: u64,
        /// [`FrameLimits::max_frame`](crate::FrameLimits::max_frame).
        limit: usize,
        /// The protocol that the peer seems to speak instead.
        look_alike: Option<LookAlike>,
    },
    /// The length word is negative, or leaves no room for the header-length word.
    #[error("frame length {length} is not possible{}", Suffix(*look_alike))]
    BadFrameLength {
        /// The length word.
        length: i32,
        /// The protocol that the peer seems to speak instead.
        look_alike: Option<LookAlike>,
    },
    /// The type byte is neither 0 (JSON) nor 1 (ROCKETMQ).
    #[error("serialize type {0} is neither 0 (JSON) nor 1 (ROCKETMQ)")]
    UnknownSerializeType(u8),
    /// The header is longer than the limit.
    #[error("header of {length} bytes exceeds the limit of {limit}")]
    HeaderTooLong {
        /// Announced bytes of the header.
        length: usize,
        /// [`FrameLimits::max_header`](crate::FrameLimits::max_header).
        limit: usize,
    },
    /// The header is longer than the frame around it.
    #[error("header of {length} bytes in a frame with room for {room}")]
    HeaderOverrun {
        /// Announced bytes of the header.
        length: usize,
        /// What the frame has left for it.
        room: usize,
    },
    /// A ROCKETMQ header ends inside a field.
    #[error("ROCKETMQ header ends inside {0}")]
    Truncated(&'static str),
    /// A length in a ROCKETMQ header is negative.
    #[error("ROCKETMQ header: {field} has the negative length {length}")]
    NegativeLength {
        /// Which part.
        field: &'static str,
        /// The length.
        length: i32,
    },
    /// A length in a ROCKETMQ header leads out of what contains it.
    #[error("ROCKETMQ header: {field} of {length} bytes where {room} are left")]
    Overrun {
        /// Which part.
        field: &'static str,
        /// Its length.
        length: usize,
        /// What is left.
        room: usize,
    },
    /// A ROCKETMQ header goes on after its last field. Java reads the rest as the begin of the body.
    #[error("ROCKETMQ header: {0} bytes after the last field")]
    SlackBytes(usize),
    /// A JSON header is not UTF-8. In a ROCKETMQ header such text is read with U+FFFD.
    #[error("{0} is not UTF-8")]
    InvalidUtf8(&'static str),
    /// A JSON header is not JSON, or not JSON of this shape.
    #[error("JSON header: {0}")]
    Json(&'static str),
}

/// Another protocol whose first bytes were read as a length word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LookAlike {
    /// An HTTP/1 request or response.
    Http,
    /// The preface of HTTP/2, as a gRPC client sends it.
    Http2,
    /// A TLS record, mostly a ClientHello.
    Tls,
    /// A PROXY protocol v1 line.
    ProxyV1,
    /// A PROXY protocol v2 header; or somebody at a keyboard, pressing enter.
    ProxyV2,
    /// A Redis client.
    Redis,
    /// An SSH client.
    Ssh,
}

impl LookAlike {
    /// What else begins with these bytes, if it is known.
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
            Self::Http => "HTTP, which this port does not speak",
            Self::Http2 => "HTTP/2 (gRPC?), which this port does not speak",
            Self::Tls => "a TLS handshake, where plaintext was expected: TLS is off here, or the client spoke too late for it",
            Self::ProxyV1 => "a PROXY protocol v1 header, which is not expected here",
            Self::ProxyV2 => "a PROXY protocol v2 header or a telnet session, which are not expected here",
            Self::Redis => "Redis, which this port does not speak",
            Self::Ssh => "SSH, which this port does not speak",
        })
    }
}

/// Appends what the bytes look like, if anything.
struct Suffix(Option<LookAlike>);

impl fmt::Display for Suffix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(look_alike) => write!(f, "; the bytes look like {look_alike}"),
            None => Ok(()),
        }
    }
}
