//! Commands into frames.

use bytes::BytesMut;

use super::{HEAD, LENGTH};
use crate::header;
use crate::{Body, EncodeError, FrameLimits, RemotingCommand};

/// Makes frames of commands; Java's `NettyEncoder` and `RemotingCommand.fastEncodeHeader`.
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
    /// The default of [`with_flatten_threshold`](Self::with_flatten_threshold): 8 KiB.
    pub const DEFAULT_FLATTEN_THRESHOLD: usize = 8 << 10;

    /// An encoder with these limits.
    #[must_use]
    pub const fn new(limits: FrameLimits) -> Self {
        Self { limits, flatten_threshold: Self::DEFAULT_FLATTEN_THRESHOLD }
    }

    /// Sets up to how many bytes [`encode_split`](Self::encode_split) copies a body behind its header, so that many
    /// small commands leave in one write. Default 8 KiB, where a copy still costs less than another slice in a vectored
    /// write; 0 never copies.
    #[must_use]
    pub const fn with_flatten_threshold(mut self, bytes: usize) -> Self {
        self.flatten_threshold = bytes;
        self
    }

    /// Appends the frame of `command` to `dst`, all of it.
    ///
    /// # Errors
    ///
    /// The command does not fit a frame within the limits, or its code or version not the ROCKETMQ header, or its body
    /// is an [external one](crate::ExternalBody), which [`encode_split`](Self::encode_split) is for. `dst` is as it was
    /// (its capacity may have grown), so that one bad command costs no other one anything.
    pub fn encode(&self, command: &RemotingCommand, dst: &mut BytesMut) -> Result<(), EncodeError> {
        if let Some(external) = command.external_body()
            && !external.is_empty()
        {
            return Err(EncodeError::ExternalBody { length: external.len() });
        }
        let whole = Self { flatten_threshold: usize::MAX, ..*self };
        whole.encode_split(command, dst).map(|encoded| debug_assert_eq!(encoded, Encoded::Whole))
    }

    /// Appends the frame of `command` to `dst`, without a body that is above the
    /// [threshold](Self::with_flatten_threshold) or [external](crate::ExternalBody): that is returned, for the caller to
    /// write next from where it is.
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
    /// As [`encode`](Self::encode), but for the external body.
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
            let header_word = u64::from(command.serialize_type.to_byte()) << 24 | header as u64;
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

/// What [`FrameEncoder::encode_split`] has appended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "without its body the frame is not whole"]
pub enum Encoded {
    /// The whole frame.
    Whole,
    /// The frame up to its body.
    Head {
        /// What must be written next.
        body: Body,
    },
}

impl Default for FrameEncoder {
    fn default() -> Self {
        Self::new(FrameLimits::default())
    }
}
