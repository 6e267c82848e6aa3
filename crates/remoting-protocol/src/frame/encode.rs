//! The frame encoder.

use bytes::BytesMut;

use super::{HEAD, LENGTH};
use crate::header;
use crate::{Body, EncodeError, FrameLimits, RemotingCommand};

/// An encoder of commands to frames.
///
/// Equivalent of Java's `NettyEncoder` and `RemotingCommand.fastEncodeHeader`.
///
/// ```
/// use remoting_protocol::bytes::BytesMut;
/// use remoting_protocol::{FrameEncoder, RemotingCommand, RequestCode, SerializeType};
///
/// let mut out = BytesMut::new();
/// let command = RemotingCommand::request(RequestCode::HEART_BEAT).with_serialize_type(SerializeType::RocketMq);
/// FrameEncoder::default().encode(&command.with_body("a body"), &mut out)?;
/// assert_eq!(out.len(), 8 + 21 + 6);
/// # Ok::<(), remoting_protocol::EncodeError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct FrameEncoder {
    limits: FrameLimits,
    flatten_threshold: usize,
}

impl FrameEncoder {
    /// The default of [`with_flatten_threshold`](Self::with_flatten_threshold): 8 192 bytes.
    pub const DEFAULT_FLATTEN_THRESHOLD: usize = 8 << 10;

    /// Creates an encoder with these limits.
    #[must_use]
    pub const fn new(limits: FrameLimits) -> Self {
        Self { limits, flatten_threshold: Self::DEFAULT_FLATTEN_THRESHOLD }
    }

    /// Sets the length in bytes up to which [`encode_split`](Self::encode_split) copies a body after its header.
    /// Default 8 192.
    ///
    /// Many small commands are then one write. Up to the default a copy costs less than a further slice in a
    /// vectored write. With 0 no body is copied.
    #[must_use]
    pub const fn with_flatten_threshold(mut self, bytes: usize) -> Self {
        self.flatten_threshold = bytes;
        self
    }

    /// Appends the whole frame of `command` to `dst`.
    ///
    /// # Errors
    ///
    /// Returns an [`EncodeError`] if the frame or header exceeds its limit, if the code or version does not fit a
    /// ROCKETMQ header, or if the body is [external](crate::ExternalBody); use [`encode_split`](Self::encode_split)
    /// for those. The content of `dst` is then unchanged, so an invalid command does not affect others.
    pub fn encode(&self, command: &RemotingCommand, dst: &mut BytesMut) -> Result<(), EncodeError> {
        if let Some(external) = command.external_body()
            && !external.is_empty()
        {
            return Err(EncodeError::ExternalBody { length: external.len() });
        }
        let whole = Self { flatten_threshold: usize::MAX, ..*self };
        whole.encode_split(command, dst).map(|encoded| debug_assert_eq!(encoded, Encoded::Whole))
    }

    /// Appends the frame of `command` to `dst`, but returns a body that exceeds the
    /// [threshold](Self::with_flatten_threshold) or is [external](crate::ExternalBody). The caller must write this
    /// body next.
    ///
    /// ```
    /// use remoting_protocol::bytes::BytesMut;
    /// use remoting_protocol::{Encoded, FrameEncoder, RemotingCommand, RequestCode};
    ///
    /// let encoder = FrameEncoder::default().with_flatten_threshold(4);
    /// let mut out = BytesMut::new();
    /// let command = RemotingCommand::request(RequestCode::HEART_BEAT);
    ///
    /// let small = encoder.encode_split(&command.clone().with_body("tiny"), &mut out)?;
    /// assert_eq!(small, Encoded::Whole);
    ///
    /// let large = encoder.encode_split(&command.with_body("not so tiny"), &mut out)?;
    /// assert_eq!(large, Encoded::Head { body: "not so tiny".into() });
    /// # Ok::<(), remoting_protocol::EncodeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the errors of [`encode`](Self::encode), except for an external body.
    pub fn encode_split(
        &self,
        command: &RemotingCommand,
        dst: &mut BytesMut,
    ) -> Result<Encoded, EncodeError> {
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
    ) -> Result<Encoded, EncodeError> {
        let body_len = command.body_len();
        let flatten = match command.external_body() {
            None => body_len <= self.flatten_threshold,
            Some(_) => body_len == 0,
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
            let header_word = u64::from(command.serialize_type().to_byte()) << 24 | header as u64;
            *head = (((frame - LENGTH) as u64) << 32 | header_word).to_be_bytes();
        }

        if flatten {
            dst.extend_from_slice(command.body());
            Ok(Encoded::Whole)
        } else {
            Ok(Encoded::Head { body: command.to_body() })
        }
    }
}

/// The part of a frame that [`FrameEncoder::encode_split`] has appended.
///
/// Exhaustive on purpose: a caller that ignored a variant would lose a body.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "the frame is incomplete without its body"]
pub enum Encoded {
    /// The whole frame.
    Whole,
    /// The frame up to its body.
    Head {
        /// The body, which the caller must write next.
        body: Body,
    },
}

impl Default for FrameEncoder {
    fn default() -> Self {
        Self::new(FrameLimits::default())
    }
}
