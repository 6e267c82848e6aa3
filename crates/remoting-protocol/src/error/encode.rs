//! Errors of the frame encoder.

/// The error of [`FrameEncoder::encode`](crate::FrameEncoder::encode): the command does not fit a frame.
///
/// Always a fault of this side, and of this command only: nothing was written, and the connection stays usable.
/// Java truncates the numbers instead, and sends frames that its peer rejects.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// The code exceeds the 16 bits of a ROCKETMQ header. Java sends another code instead.
    #[error(
        "code {code} does not fit the 16 bits of a ROCKETMQ header; send this command with a JSON header"
    )]
    #[non_exhaustive]
    CodeTooWide {
        /// The code of the command.
        code: i32,
    },
    /// The version exceeds the 16 bits of a ROCKETMQ header.
    #[error(
        "version {version} does not fit the 16 bits of a ROCKETMQ header; send this command with a JSON header"
    )]
    #[non_exhaustive]
    VersionTooWide {
        /// The version of the command.
        version: i32,
    },
    /// The header exceeds the limit, which is at most the maximum of its 24-bit length.
    #[error("header of {length} bytes exceeds the limit of {limit}; move data into the body")]
    #[non_exhaustive]
    HeaderTooLong {
        /// The length of the header in bytes.
        length: usize,
        /// [`FrameLimits::max_header`](crate::FrameLimits::max_header).
        limit: usize,
    },
    /// The frame exceeds the limit: a peer would close the connection.
    #[error(
        "frame of {length} bytes exceeds the limit of {limit}; split the body or raise the limit on both sides"
    )]
    #[non_exhaustive]
    FrameTooLong {
        /// The length of the frame in bytes, including its length word.
        length: usize,
        /// [`FrameLimits::max_frame`](crate::FrameLimits::max_frame).
        limit: usize,
    },
    /// The body is external, but [`FrameEncoder::encode`](crate::FrameEncoder::encode) writes whole frames.
    #[error("cannot write a whole frame: the body of {length} bytes is not in memory")]
    #[non_exhaustive]
    ExternalBody {
        /// The length of the body in bytes.
        length: usize,
    },
    /// The transport cannot write an [external body](crate::ExternalBody) of this type.
    #[error("the transport cannot write the body {body}: it is neither bytes nor a supported type")]
    UnknownBody {
        /// The `Debug` text of the body.
        body: String,
    },
}
