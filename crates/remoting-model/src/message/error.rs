//! Errors of decoding and encoding messages.

use std::fmt;

use thiserror::Error;

use super::CompressionError;

/// The error of decoding a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageDecodeError {
    kind: MessageDecodeErrorKind,
    message_offset: usize,
    offset: usize,
}

impl MessageDecodeError {
    pub(super) const fn new(kind: MessageDecodeErrorKind, message_offset: usize, offset: usize) -> Self {
        Self { kind, message_offset, offset }
    }

    /// Returns the kind of the error.
    #[must_use]
    pub const fn kind(&self) -> &MessageDecodeErrorKind {
        &self.kind
    }

    /// Returns the position of the message in bytes from the start of the decoded bytes.
    #[must_use]
    pub const fn message_offset(&self) -> usize {
        self.message_offset
    }

    /// Returns the position of the malformed field in bytes from the start of the decoded bytes.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for MessageDecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, message_offset, offset } = self;
        write!(f, "cannot decode the message at byte {message_offset}: {kind} (at byte {offset})")
    }
}

impl std::error::Error for MessageDecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.kind.source()
    }
}

/// The kind of a [`MessageDecodeError`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MessageDecodeErrorKind {
    /// The size of the message is too small, or more than there are bytes.
    #[error("the total size is {size}, and {available} bytes are left")]
    #[non_exhaustive]
    TotalSize {
        /// The size of the message in bytes, as it is stated.
        size: i32,
        /// The bytes from the start of the message to the end of the list.
        available: usize,
    },
    /// The magic code is that of no version. `0xCBD43194` marks the unused end of a commit-log file.
    #[error("{0:#010X} is not the magic code of a message")]
    MagicCode(u32),
    /// The message ends inside a field.
    #[error("the message ends inside {0}")]
    Truncated(&'static str),
    /// A length is negative.
    #[error("{field} has the negative length {length}")]
    #[non_exhaustive]
    NegativeLength {
        /// The field, with an article.
        field: &'static str,
        /// The length.
        length: i32,
    },
    /// A field is longer than the rest of the message.
    #[error("{field} has {length} bytes, but only {available} are left")]
    #[non_exhaustive]
    Overrun {
        /// The field, with an article.
        field: &'static str,
        /// The length of the field in bytes.
        length: usize,
        /// The remaining bytes of the message.
        available: usize,
    },
    /// The port of a host is not between 0 and 65535.
    #[error("the port {0} is not between 0 and 65535")]
    Port(i32),
    /// The body does not match its checksum.
    #[error("the body has the checksum {computed:#010X}, and {stored:#010X} is stated")]
    #[non_exhaustive]
    BodyCrc {
        /// The checksum in the message.
        stored: i32,
        /// The checksum of the body.
        computed: i32,
    },
    /// The body cannot be decompressed, or the decompressed bodies of the list are longer than
    /// [`MessageDecoder::max_decompressed`](super::MessageDecoder::max_decompressed).
    #[error("the body cannot be decompressed")]
    Compression(#[source] CompressionError),
    /// A message of an inner batch cannot be decoded. The offsets of the source count from the start of the body.
    #[error("the body is not a batch of messages")]
    InnerBatch(#[source] Box<MessageDecodeError>),
}

impl MessageDecodeErrorKind {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(self)
    }
}

/// The error of encoding a message.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MessageEncodeError {
    /// A part of the message is longer than its length field can state.
    #[error("{field} has {length} bytes, and may have {limit}")]
    #[non_exhaustive]
    TooLong {
        /// The part, with an article.
        field: &'static str,
        /// Its length in bytes.
        length: usize,
        /// The largest length in bytes.
        limit: usize,
    },
    /// A name or value of a property cannot be written: a reader would not read it, or read other properties.
    #[error("the property {name:?} {reason}")]
    #[non_exhaustive]
    Property {
        /// The name of the property.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}
