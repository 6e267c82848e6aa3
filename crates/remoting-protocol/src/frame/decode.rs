//! The frame decoder.

use bytes::{Bytes, BytesMut};

use super::{HEAD, LENGTH};
use crate::header::{self, FrameSource};
use crate::{DecodeError, DecodeErrorKind, FrameLimits, LookAlike, RemotingCommand, SerializeType};

/// A decoder that takes frames from a read buffer and returns commands.
///
/// Equivalent of Java's `NettyDecoder` and `RemotingCommand.decode`.
///
/// ```
/// use remoting_protocol::bytes::BytesMut;
/// use remoting_protocol::{FrameDecoder, FrameLimits};
///
/// let decoder = FrameDecoder::new(FrameLimits::default());
/// let mut received = BytesMut::from(&b"\0\0\0\x1b\x01\0\0\x15\0\x0a\x0c\x02\x01\0\0\0\x07\0\0\0\0\0\0\0\0"[..]);
/// assert!(decoder.decode(&mut received)?.is_none());
/// assert_eq!(decoder.missing(&received), 6);
/// received.extend_from_slice(b"\0\0\0\0hi");
///
/// let command = decoder.decode(&mut received)?.ok_or("incomplete")?;
/// assert_eq!((command.code(), command.opaque(), command.body()), (10, 7, &b"hi"[..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The decoder has no state and reserves no memory. The caller owns the buffer and enlarges it;
/// [`missing`](Self::missing) returns the needed number of bytes.
///
/// A command of at most [`COPIED`](Self::COPIED) bytes is copied out of the buffer into one allocation, so the
/// buffer can be reused while the command is kept. A larger command is a handle to the buffer and keeps all of it
/// alive; [`RemotingCommand::detach`] copies it.
///
/// A busy connection receives many small frames in one read. [`copy_small_frames`](Self::copy_small_frames) copies
/// them out together, which saves the allocation of each.
#[derive(Clone, Copy, Debug, Default)]
pub struct FrameDecoder {
    limits: FrameLimits,
}

/// The first two words of a frame, as far as they have arrived.
enum Head {
    /// Both words have arrived and are valid.
    Whole { frame: usize, header: usize, serialize_type: SerializeType },
    /// The length word has arrived and is valid.
    Length { frame: usize },
    /// The length word is incomplete.
    Nothing,
}

impl FrameDecoder {
    /// The maximum length of remark, ext fields and body that are copied out of the read buffer: 512 bytes. Up to
    /// there a copy and its allocation cost about as much as a handle. The ext fields of a JSON header are always
    /// copied, and with them the rest of a frame of at most 2 KiB.
    pub const COPIED: usize = header::COPIED;

    /// The maximum size of the copy that [`copy_small_frames`](Self::copy_small_frames) makes: 4 KiB. A command that
    /// was decoded from it keeps as much alive.
    pub const BATCH: usize = 4 << 10;

    /// Creates a decoder with these limits.
    #[must_use]
    pub const fn new(limits: FrameLimits) -> Self {
        Self { limits }
    }

    /// Removes one frame from the front of `src` and decodes it. Returns `None` if the frame is incomplete.
    ///
    /// The lengths and the type byte are checked as soon as they have arrived. The last of repeated keys in a JSON
    /// header counts. [The wire format](https://github.com/rocketmq-rs/remoting/blob/main/docs/wire-format.md)
    /// lists what a JSON header may contain beyond strict JSON.
    ///
    /// # Errors
    ///
    /// Returns a [`DecodeError`] if the bytes are not a valid frame, and leaves `src` unchanged. Close the
    /// connection, as Java does: the start of the next frame is unknown.
    pub fn decode(&self, src: &mut BytesMut) -> Result<Option<RemotingCommand>, DecodeError> {
        self.decode_from(src)
    }

    /// Copies small frames from the front of `src` into one allocation. Returns no bytes if fewer than two complete
    /// frames of at most [`COPIED`](Self::COPIED) bytes are at the front: then [`decode`](Self::decode) does the same
    /// at less cost.
    ///
    /// The copy has at most [`BATCH`](Self::BATCH) bytes. [`decode_shared`](Self::decode_shared) decodes it. The caller
    /// removes the bytes of decoded frames from `src`.
    ///
    /// ```
    /// use remoting_protocol::bytes::{Buf, BytesMut};
    /// use remoting_protocol::{FrameDecoder, FrameEncoder, RemotingCommand, RequestCode};
    ///
    /// let mut received = BytesMut::new();
    /// for opaque in [7, 8] {
    ///     let request = RemotingCommand::request(RequestCode::HEART_BEAT).with_opaque(opaque);
    ///     FrameEncoder::default().encode(&request, &mut received)?;
    /// }
    /// received.extend_from_slice(&[0, 0]); // a frame has begun
    ///
    /// let decoder = FrameDecoder::default();
    /// let mut frames = decoder.copy_small_frames(&received);
    /// received.advance(frames.len());
    /// assert_eq!(received.len(), 2);
    /// let mut opaques = Vec::new();
    /// while let Some(command) = decoder.decode_shared(&mut frames)? {
    ///     opaques.push(command.opaque());
    /// }
    /// assert_eq!(opaques, [7, 8]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn copy_small_frames(&self, src: &[u8]) -> Bytes {
        let Some(first) = small_frame(src) else { return Bytes::new() };
        let mut end = first;
        while let Some(frame) = src.get(end..).and_then(small_frame)
            && end + frame <= Self::BATCH
        {
            end += frame;
        }
        if end == first {
            return Bytes::new();
        }
        Bytes::copy_from_slice(src.get(..end).unwrap_or_default())
    }

    /// Removes one frame from the front of `src` and decodes it, like [`decode`](Self::decode). The command is a
    /// handle to `src`: nothing is copied, except the ext fields of a JSON header.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`decode`](Self::decode), and leaves `src` unchanged.
    pub fn decode_shared(&self, src: &mut Bytes) -> Result<Option<RemotingCommand>, DecodeError> {
        self.decode_from(src)
    }

    #[inline(always)]
    fn decode_from<S: FrameSource>(&self, src: &mut S) -> Result<Option<RemotingCommand>, DecodeError> {
        let Head::Whole { frame, header, serialize_type } = self.head(src)? else { return Ok(None) };
        if src.len() < frame {
            return Ok(None);
        }
        header::decode(serialize_type, src, header, frame)
    }

    /// Returns the least number of further bytes after which [`decode`](Self::decode) can return something other
    /// than `None`.
    ///
    /// If the length word has arrived, this number completes the frame; otherwise it completes the shortest frame.
    /// Returns 0 if `decode` would return a command or an error now, and never more than
    /// [`FrameLimits::max_frame`].
    #[must_use]
    #[inline]
    pub fn missing(&self, src: &[u8]) -> usize {
        if src.is_empty() { HEAD } else { self.missing_of_begun(src) }
    }

    fn missing_of_begun(&self, src: &[u8]) -> usize {
        match self.head(src) {
            Ok(Head::Whole { frame, .. } | Head::Length { frame }) => frame.saturating_sub(src.len()),
            Ok(Head::Nothing) => HEAD - src.len(),
            Err(_) => 0,
        }
    }

    #[inline(always)]
    fn head(&self, src: &[u8]) -> Result<Head, DecodeError> {
        let Some(words) = src.first_chunk::<HEAD>() else { return self.part_of_head(src) };
        let [l0, l1, l2, l3, type_byte, ..] = *words;
        let frame = self.frame([l0, l1, l2, l3])?;
        let serialize_type = serialize_type(type_byte)?;
        let header = u64::from_be_bytes(*words) as usize & FrameLimits::DEFAULT_MAX_HEADER;
        if header > (frame - HEAD).min(self.limits.max_header()) {
            return Err(self.bad_header(header, frame - HEAD));
        }
        Ok(Head::Whole { frame, header, serialize_type })
    }

    /// Checks fewer than [`HEAD`] bytes.
    #[inline(never)]
    fn part_of_head(&self, src: &[u8]) -> Result<Head, DecodeError> {
        let Some((word, rest)) = src.split_first_chunk::<LENGTH>() else { return Ok(Head::Nothing) };
        let frame = self.frame(*word)?;
        if let Some(type_byte) = rest.first() {
            serialize_type(*type_byte)?;
        }
        Ok(Head::Length { frame })
    }

    /// Returns the length of a frame with this length word, including the word.
    #[inline]
    fn frame(&self, word: [u8; LENGTH]) -> Result<usize, DecodeError> {
        let length = i32::from_be_bytes(word);
        match usize::try_from(length) {
            Ok(length) if (HEAD..=self.limits.max_frame()).contains(&(length + LENGTH)) => {
                Ok(length + LENGTH)
            }
            _ => Err(self.bad_length(length, word)),
        }
    }

    #[cold]
    fn bad_header(&self, length: usize, available: usize) -> DecodeError {
        let kind = if length > available {
            DecodeErrorKind::HeaderOverrun { length, available }
        } else {
            DecodeErrorKind::HeaderTooLong { length, limit: self.limits.max_header() }
        };
        DecodeError::new(kind, LENGTH)
    }

    #[cold]
    fn bad_length(&self, length: i32, word: [u8; LENGTH]) -> DecodeError {
        let look_alike = LookAlike::of(word);
        let kind = if length < (HEAD - LENGTH) as i32 {
            DecodeErrorKind::BadFrameLength { length, look_alike }
        } else {
            let length = length.unsigned_abs() as u64 + LENGTH as u64;
            DecodeErrorKind::FrameTooLong { length, limit: self.limits.max_frame(), look_alike }
        };
        DecodeError::new(kind, 0)
    }
}

/// Returns the length of the frame at the front if it is complete and small. Its length alone is looked at.
#[inline(always)]
fn small_frame(src: &[u8]) -> Option<usize> {
    let length = u32::from_be_bytes(*src.first_chunk()?) as usize;
    let frame = length.saturating_add(LENGTH);
    (HEAD..=FrameDecoder::COPIED).contains(&frame).then_some(frame).filter(|frame| *frame <= src.len())
}

#[inline]
fn serialize_type(byte: u8) -> Result<SerializeType, DecodeError> {
    SerializeType::from_byte(byte)
        .ok_or_else(|| DecodeError::new(DecodeErrorKind::UnknownSerializeType(byte), LENGTH))
}
