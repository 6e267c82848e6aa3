//! Commands into frames.

use bytes::BytesMut;

use super::{HEAD, LENGTH};
use crate::header;
use crate::{Body, EncodeError, FrameLimits, RemotingCommand};

/// Makes frames of commands; Java's `NettyEncoder` and `RemotingCommand.fastEncodeHeader`.
///
/// ```
/// use remoting_protocol::bytes::BytesMut;
/// use remoting_protocol::{FrameEncoder, FrameLimits, RemotingCommand, RequestCode, SerializeType};
///
/// let encoder = FrameEncoder::new(FrameLimits::default()).with_flatten_threshold(4);
/// let mut out = BytesMut::new();
/// let command = RemotingCommand::request(RequestCode::HEART_BEAT).with_serialize_type(SerializeType::RocketMq);
///
/// assert_eq!(encoder.encode(&command.clone().with_body("tiny"), &mut out)?, None);
/// assert_eq!(out.len(), 8 + 21 + 4);
///
/// let large = encoder.encode(&command.with_body("not so tiny"), &mut out)?;
/// assert_eq!(large, Some("not so tiny".into())); // to be written next, from where it is
/// # Ok::<(), remoting_protocol::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct FrameEncoder {
    limits: FrameLimits,
    flatten_threshold: usize,
}

impl FrameEncoder {
    /// The default of [`with_flatten_threshold`](Self::with_flatten_threshold): 8 KiB.
    pub const DEFAULT_FLATTEN_THRESHOLD: usize = 8 << 10;

    /// An encoder with these limits.
    #[must_use]
    pub const fn new(limits: FrameLimits) -> Self {
        Self { limits, flatten_threshold: Self::DEFAULT_FLATTEN_THRESHOLD }
    }

    /// Sets up to how many bytes a body is copied behind its header, so that many small commands leave in one write.
    /// Default 8 KiB, where a copy still costs less than another slice in a vectored write; 0 never copies.
    #[must_use]
    pub const fn with_flatten_threshold(mut self, bytes: usize) -> Self {
        self.flatten_threshold = bytes;
        self
    }

    /// Appends the frame of `command` to `dst`. `Some(body)`: all but the body, which the caller must write next. An
    /// [external body](crate::ExternalBody) always comes back, unless it is empty.
    ///
    /// # Errors
    ///
    /// The command does not fit a frame within the limits, or its code or version not the ROCKETMQ header. `dst` is as
    /// it was (its capacity may have grown), so that one bad command costs no other one anything.
    pub fn encode(&self, command: &RemotingCommand, dst: &mut BytesMut) -> Result<Option<Body>, EncodeError> {
        let start = dst.len();
        let result = self.append(command, dst, start);
        if result.is_err() {
            dst.truncate(start);
        }
        result
    }

    #[inline]
    fn append(
        &self,
        command: &RemotingCommand,
        dst: &mut BytesMut,
        start: usize,
    ) -> Result<Option<Body>, EncodeError> {
        let body = &command.body;
        let body_len = body.len();
        let flatten = match body {
            Body::Bytes(_) => body_len <= self.flatten_threshold,
            Body::External(_) => body_len == 0,
        };
        let max_header = self.limits.max_header();
        let header = header::encode(command, max_header, if flatten { body_len } else { 0 }, dst)?;
        let frame = (HEAD + header).saturating_add(body_len);
        let limit = self.limits.max_frame();
        if frame > limit {
            return Err(EncodeError::FrameTooLong { length: frame, limit });
        }
        if let Some(head) = dst.get_mut(start..).and_then(<[u8]>::first_chunk_mut::<HEAD>) {
            // Within the limits the frame length fits 31 bits and the header length 24.
            let header_word = u64::from(command.serialize_type.to_byte()) << 24 | header as u64;
            *head = (((frame - LENGTH) as u64) << 32 | header_word).to_be_bytes();
        }

        if flatten {
            dst.extend_from_slice(body.as_bytes());
            Ok(None)
        } else {
            Ok(Some(body.clone()))
        }
    }
}

impl Default for FrameEncoder {
    fn default() -> Self {
        Self::new(FrameLimits::default())
    }
}
