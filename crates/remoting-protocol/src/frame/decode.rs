//! Frames into commands.

use bytes::BytesMut;

use super::{HEAD, LENGTH};
use crate::header::{self, SerializeType};
use crate::{DecodeError, DecodeErrorKind, FrameLimits, LookAlike, RemotingCommand};

/// Cuts frames off a read buffer and makes commands of them; Java's `NettyDecoder` and `RemotingCommand.decode`.
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
/// assert_eq!((command.code(), command.opaque(), &command.body()[..]), (10, 7, &b"hi"[..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It keeps no state and reserves no memory: the caller owns the buffer and, guided by [`missing`](Self::missing),
/// decides how it grows. Body, remark and (over ROCKETMQ) ext fields are slices of that buffer and keep its
/// allocation alive, see [`RemotingCommand::detached`].
#[derive(Clone, Copy, Debug, Default)]
pub struct FrameDecoder {
    limits: FrameLimits,
}

/// What the first words of a frame say, as far as they are there.
enum Head {
    /// The words are there and possible.
    Whole { frame: usize, header: usize, serialize_type: SerializeType },
    /// The length word is there and possible.
    Length { frame: usize },
    /// Less than a length word.
    Nothing,
}

impl FrameDecoder {
    /// A decoder with these limits.
    #[must_use]
    pub const fn new(limits: FrameLimits) -> Self {
        Self { limits }
    }

    /// Takes one frame off the front of `src`; `None` if it is not complete.
    ///
    /// The lengths and the type byte are checked as soon as they are there, however much of the frame has come. Where
    /// a key of a JSON header comes twice, the last wins; what else a JSON header may look like beyond strict JSON is
    /// in `docs/wire-format.md`.
    ///
    /// # Errors
    ///
    /// The bytes are no frame. The peer cannot be understood from here on: close its connection, as Java does. `src`
    /// is unchanged.
    pub fn decode(&self, src: &mut BytesMut) -> Result<Option<RemotingCommand>, DecodeError> {
        let Head::Whole { frame, header, serialize_type } = self.head(src)? else { return Ok(None) };
        if src.len() < frame {
            return Ok(None);
        }
        header::decode(serialize_type, src, header, frame - HEAD - header).map(Some)
    }

    /// How many more bytes [`decode`](Self::decode) needs at least before it can return something else than `None`.
    ///
    /// With the length word there, exactly what completes the frame; before that, what completes the smallest
    /// possible one. 0 if `decode` would return a command or an error now. Never more than
    /// [`FrameLimits::max_frame`].
    #[must_use]
    pub fn missing(&self, src: &[u8]) -> usize {
        match self.head(src) {
            Ok(Head::Whole { frame, .. } | Head::Length { frame }) => frame.saturating_sub(src.len()),
            Ok(Head::Nothing) => HEAD - src.len(),
            Err(_) => 0,
        }
    }

    #[inline]
    fn head(&self, src: &[u8]) -> Result<Head, DecodeError> {
        let Some((word, rest)) = src.split_first_chunk::<LENGTH>() else { return Ok(Head::Nothing) };
        let length = i32::from_be_bytes(*word);
        let frame = match usize::try_from(length) {
            Ok(length) if length >= HEAD - LENGTH && length <= self.limits.max_frame() - LENGTH => {
                length + LENGTH
            }
            _ => return Err(self.bad_length(length, *word)),
        };
        let Some(type_byte) = rest.first() else { return Ok(Head::Length { frame }) };
        let Some(serialize_type) = SerializeType::from_byte(*type_byte) else {
            return Err(DecodeError::new(DecodeErrorKind::UnknownSerializeType(*type_byte), LENGTH));
        };
        let [_, h0, h1, h2, ..] = *rest else { return Ok(Head::Length { frame }) };
        let header = u32::from_be_bytes([0, h0, h1, h2]) as usize;
        let room = frame - HEAD;
        if header > room {
            return Err(DecodeError::new(DecodeErrorKind::HeaderOverrun { length: header, room }, LENGTH));
        }
        if header > self.limits.max_header() {
            let limit = self.limits.max_header();
            return Err(DecodeError::new(DecodeErrorKind::HeaderTooLong { length: header, limit }, LENGTH));
        }
        Ok(Head::Whole { frame, header, serialize_type })
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
