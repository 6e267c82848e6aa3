//! The ROCKETMQ header of Java's `RocketMQSerializable`:
//!
//! ```text
//!  0  2  code       signed
//!  2  1  language
//!  3  2  version    signed
//!  5  4  opaque
//!  9  4  flag
//! 13  4  remark length, 0 for none     n  remark, UTF-8
//!     4  ext length, bytes of all entries, 0 for none
//!        entries: 2 key length, key, 4 value length, value
//! ```

use bytes::{Bytes, BytesMut};

use super::{FrameSource, HEAD, check_header};
use crate::command::{EXT_LENGTH, Layout, SerializeTypeWord, Texts};
use crate::ext_fields::{self, part};
use crate::lossy::push_lossy;
use crate::{
    Body, CommandFlags, DecodeError, DecodeErrorKind, EncodeError, LanguageCode, MqVersion, RemotingCommand,
};

/// The size of the fields before the length of the remark, in bytes.
const NUMBERS: usize = 13;
/// The size of the fields up to and including the length of the remark, in bytes.
const FIXED: usize = 17;
/// The size of a header without remark and ext fields, in bytes.
const BARE: usize = FIXED + EXT_LENGTH;

/// Removes the frame of `frame` bytes from the front of `src` and decodes it. Its header has `header` bytes.
#[inline]
pub(super) fn decode<S: FrameSource>(
    src: &mut S,
    header: usize,
    frame: usize,
) -> Result<Option<RemotingCommand>, DecodeError> {
    // A header without remark and ext fields is the most frequent one on a busy connection. It needs no further
    // check.
    if header == BARE
        && let Some((numbers, lengths)) = bare(src)
        && lengths == [0; 8]
    {
        let body = src.take_frame(frame, HEAD + BARE);
        return Ok(Some(command(numbers, Texts::default(), Layout::default(), Box::default(), body)));
    }
    decode_parts(src, header, frame)
}

#[inline(never)]
fn decode_parts<S: FrameSource>(
    src: &mut S,
    header: usize,
    frame: usize,
) -> Result<Option<RemotingCommand>, DecodeError> {
    let text = src.get(HEAD..HEAD + header).unwrap_or_default();
    let Parts { numbers, remark, ext, is_text } = Parts::read(text)?;
    let texts = Texts::WIRE.and(Texts::REMARK.when(remark > 0)).and(Texts::EXT_FIELDS.when(ext > 0));
    if is_text {
        let end = (remark + EXT_LENGTH + ext) as u32;
        let layout = Layout { remark_end: remark as u32, ext_end: end, body_at: end };
        let bytes = src.take_frame(frame, HEAD + FIXED);
        return Ok(Some(command(numbers, texts, layout, Box::default(), bytes)));
    }
    let (layout, buffer) = lossy(text, remark, ext);
    let body = src.take_frame(frame, HEAD + header);
    Ok(Some(command(numbers, texts, layout, buffer, body)))
}

/// Returns remark and ext fields in the layout of a frame, with U+FFFD for invalid UTF-8.
#[cold]
fn lossy(header: &[u8], remark: usize, ext: usize) -> (Layout, Box<[u8]>) {
    let (remark, rest) = header.get(FIXED..).unwrap_or_default().split_at(remark);
    let (ext_length, entries) = rest.split_at(EXT_LENGTH);
    let mut texts = Vec::new();
    push_lossy(&mut texts, remark);
    let remark_end = texts.len() as u32;
    texts.extend_from_slice(ext_length);
    texts.extend_from_slice(&ext_fields::lossy(&entries[..ext]));
    (Layout { remark_end, ext_end: texts.len() as u32, body_at: 0 }, texts.into())
}

/// Returns the numbers of the shortest header, and the two lengths after them.
#[inline]
fn bare(frame: &[u8]) -> Option<(Numbers, [u8; 8])> {
    let (numbers, rest) = frame.get(HEAD..)?.split_first_chunk()?;
    Some((Numbers::read(numbers), *rest.first_chunk()?))
}

#[inline(always)]
fn command(
    numbers: Numbers,
    texts: Texts,
    layout: Layout,
    buffer: Box<[u8]>,
    bytes: Bytes,
) -> RemotingCommand {
    let Numbers { beginning, end } = numbers;
    RemotingCommand {
        code: ((beginning >> 48) as i16).into(),
        language: LanguageCode((beginning >> 40) as u8),
        version: MqVersion(((beginning >> 24) as i16).into()),
        opaque: (end >> 32) as i32,
        flags: CommandFlags(end as i32),
        serialize_type: SerializeTypeWord::RocketMq,
        texts,
        layout,
        buffer,
        bytes: Body::Bytes(bytes),
    }
}

/// The numbers of a header as two overlapping words, which stay in registers while the frame is taken.
#[derive(Clone, Copy)]
struct Numbers {
    beginning: u64,
    end: u64,
}

impl Numbers {
    #[inline(always)]
    fn read(bytes: &[u8; NUMBERS]) -> Self {
        let word = |chunk: Option<&[u8; 8]>| u64::from_be_bytes(*chunk.unwrap_or(&[0; 8]));
        Self { beginning: word(bytes.first_chunk()), end: word(bytes.last_chunk()) }
    }
}

/// The parts of a header that has passed all checks.
struct Parts {
    numbers: Numbers,
    remark: usize,
    ext: usize,
    /// Whether the remark, every key and every value is UTF-8.
    is_text: bool,
}

impl Parts {
    fn read(header: &[u8]) -> Result<Self, DecodeError> {
        let Some(([numbers @ .., r0, r1, r2, r3], rest)) = header.split_first_chunk::<FIXED>() else {
            return Err(truncated(field_at(header.len()), header.len()));
        };
        let length = i32::from_be_bytes([*r0, *r1, *r2, *r3]);
        let remark = part(length, rest.len(), "the remark", HEAD + FIXED - 4)?;
        let (text, rest) = rest.split_at(remark);
        let at = FIXED + remark;
        let Some((length, rest)) = rest.split_first_chunk::<EXT_LENGTH>() else {
            return Err(truncated("the length of the ext fields", header.len()));
        };
        let ext = part(i32::from_be_bytes(*length), rest.len(), "the ext fields", HEAD + at)?;
        let (entries, slack) = rest.split_at(ext);
        let at = at + EXT_LENGTH;
        let ext_is_text = ext == 0 || ext_fields::validate(entries, HEAD + at)?;
        if !slack.is_empty() {
            return Err(DecodeError::new(DecodeErrorKind::SlackBytes(slack.len()), HEAD + at + ext));
        }
        let is_text = ext_is_text && (text.is_empty() || std::str::from_utf8(text).is_ok());
        Ok(Self { numbers: Numbers::read(numbers), remark, ext, is_text })
    }
}

fn truncated(field: &'static str, header: usize) -> DecodeError {
    DecodeError::new(DecodeErrorKind::Truncated(field), HEAD + header)
}

/// Returns the name of the fixed field that contains byte `at`.
fn field_at(at: usize) -> &'static str {
    match at {
        0..2 => "the code",
        2 => "the language",
        3..5 => "the version",
        5..9 => "the opaque",
        9..13 => "the flags",
        _ => "the length of the remark",
    }
}

#[inline]
pub(super) fn encode(
    command: &RemotingCommand,
    max_header: usize,
    body: usize,
    dst: &mut BytesMut,
) -> Result<usize, EncodeError> {
    let code = i16::try_from(command.code).map_err(|_| EncodeError::CodeTooWide { code: command.code })?;
    let MqVersion(version) = command.version;
    let version = i16::try_from(version).map_err(|_| EncodeError::VersionTooWide { version })?;
    let remark = command.remark_bytes().unwrap_or_default();
    let ext = command.ext_fields().unwrap_or_default().encoded();
    let length = BARE + remark.len() + ext.len();
    check_header(length, max_header)?;

    dst.reserve(HEAD + length + body);
    // One piece, which is the whole header if there are no remark and ext fields.
    let mut bare = [0; HEAD + BARE];
    let [_, _, _, _, _, _, _, _, fixed @ ..] = &mut bare;
    fixed[..2].copy_from_slice(&code.to_be_bytes());
    fixed[2] = command.language.0;
    fixed[3..5].copy_from_slice(&version.to_be_bytes());
    fixed[5..9].copy_from_slice(&command.opaque.to_be_bytes());
    fixed[9..13].copy_from_slice(&command.flags.0.to_be_bytes());
    // Both lengths fit 24 bits, since the header does.
    let ext_length = (ext.len() as u32).to_be_bytes();
    if remark.is_empty() {
        fixed[FIXED..].copy_from_slice(&ext_length);
        dst.extend_from_slice(&bare);
    } else {
        fixed[NUMBERS..FIXED].copy_from_slice(&(remark.len() as u32).to_be_bytes());
        dst.extend_from_slice(&bare[..HEAD + FIXED]);
        dst.extend_from_slice(remark);
        dst.extend_from_slice(&ext_length);
    }
    if !ext.is_empty() {
        dst.extend_from_slice(ext);
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_fast_path_for_bare_headers_equals_the_general_path(
            numbers: [u8; NUMBERS],
            lengths in prop_oneof![Just([0; 8]), any::<[u8; 8]>()],
            body in proptest::collection::vec(any::<u8>(), 0..40),
        ) {
            let frame = [&[0; HEAD][..], &numbers, &lengths, &body].concat();
            let (mut one, mut other) = (BytesMut::from(&frame[..]), BytesMut::from(&frame[..]));
            prop_assert_eq!(
                decode(&mut one, BARE, frame.len()),
                decode_parts(&mut other, BARE, frame.len())
            );
            prop_assert_eq!(one, other);
        }
    }
}
