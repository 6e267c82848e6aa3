//! Frames into commands.

use bytes::BytesMut;

use super::{HEAD, LENGTH};
use crate::header;
use crate::{DecodeError, DecodeErrorKind, FrameLimits, LookAlike, RemotingCommand, SerializeType};

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
/// assert_eq!((command.code(), command.opaque(), command.body()), (10, 7, &b"hi"[..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It keeps no state and reserves no memory: the caller owns the buffer and, guided by [`missing`](Self::missing),
/// decides how it grows.
///
/// A command of up to [`COPIED`](Self::COPIED) bytes is copied out of that buffer, into one allocation. So the buffer
/// is free to be filled again, and a command that is kept keeps alive nothing but itself. A larger command is a handle
/// to the buffer and keeps all of it alive; [`RemotingCommand::detach`] copies it.
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
    /// Up to how many bytes of remark, ext fields and body are copied out of the read buffer: 512. Up to there a copy
    /// and its allocation cost about as much as a handle to the buffer. The ext fields of a JSON header are always
    /// copied, and with them up to 2 KiB of the frame.
    pub const COPIED: usize = header::COPIED;

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
        header::decode(serialize_type, src, header, frame)
    }

    /// How many more bytes [`decode`](Self::decode) needs at least before it can return something else than `None`.
    ///
    /// With the length word there, exactly what completes the frame; before that, what completes the smallest
    /// possible one. 0 if `decode` would return a command or an error now. Never more than
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

    /// The same, of fewer than [`HEAD`] bytes.
    #[inline(never)]
    fn part_of_head(&self, src: &[u8]) -> Result<Head, DecodeError> {
        let Some((word, rest)) = src.split_first_chunk::<LENGTH>() else { return Ok(Head::Nothing) };
        let frame = self.frame(*word)?;
        if let Some(type_byte) = rest.first() {
            serialize_type(*type_byte)?;
        }
        Ok(Head::Length { frame })
    }

    /// The bytes of a frame that begins with this length word.
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
    fn bad_header(&self, length: usize, room: usize) -> DecodeError {
        let kind = if length > room {
            DecodeErrorKind::HeaderOverrun { length, room }
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

#[inline]
fn serialize_type(byte: u8) -> Result<SerializeType, DecodeError> {
    SerializeType::from_byte(byte)
        .ok_or_else(|| DecodeError::new(DecodeErrorKind::UnknownSerializeType(byte), LENGTH))
}
