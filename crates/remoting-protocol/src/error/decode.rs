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
    /// Text is not UTF-8.
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
    /// An HTTP/1 request, HTTP/2 preface or HTTP response.
    Http,
    /// A TLS ClientHello.
    Tls,
}

impl fmt::Display for LookAlike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Http => "HTTP",
            Self::Tls => "TLS",
        })
    }
}

struct Suffix(Option<LookAlike>);

impl fmt::Display for Suffix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(look_alike) => write!(f, "; it looks like {look_alike}"),
            None => Ok(()),
        }
    }
}
