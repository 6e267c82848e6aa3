//! Why a command could not become a frame.

/// Why [`FrameEncoder::encode`](crate::FrameEncoder::encode) refused a command.
///
/// Always the fault of this side, and of this command only: the connection and other commands are unharmed.
/// Java truncates the numbers and sends what its peer will refuse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// A ROCKETMQ header has 16 bits for the code; Java would send another code in its place.
    #[error(
        "code {code} does not fit the 16 bits of a ROCKETMQ header; send this command with a JSON header"
    )]
    CodeTooWide {
        /// The code of the command.
        code: i32,
    },
    /// A ROCKETMQ header has 16 bits for the version.
    #[error(
        "version {version} does not fit the 16 bits of a ROCKETMQ header; send this command with a JSON header"
    )]
    VersionTooWide {
        /// The version of the command.
        version: i32,
    },
    /// The header is longer than the limit, at most the 24 bits of its length.
    #[error("header of {length} bytes exceeds the limit of {limit}; move data into the body")]
    HeaderTooLong {
        /// Bytes of the header.
        length: usize,
        /// [`FrameLimits::max_header`](crate::FrameLimits::max_header).
        limit: usize,
    },
    /// The frame is longer than the limit; a peer would close the connection.
    #[error(
        "frame of {length} bytes exceeds the limit of {limit}; split the body or raise the limit on both sides"
    )]
    FrameTooLong {
        /// Bytes of the frame with its length word.
        length: usize,
        /// [`FrameLimits::max_frame`](crate::FrameLimits::max_frame).
        limit: usize,
    },
    /// [`FrameEncoder::encode`](crate::FrameEncoder::encode) writes bytes, and the body is not in memory.
    #[error("the body of {length} bytes is not in memory, so that the frame cannot be written as a whole")]
    ExternalBody {
        /// Bytes of the body.
        length: usize,
    },
    /// The transport cannot write an [external body](crate::ExternalBody) of this type.
    #[error("the transport cannot write the body {body}: it is neither bytes nor a type that it knows")]
    UnknownBody {
        /// The body's `Debug` text.
        body: String,
    },
}
