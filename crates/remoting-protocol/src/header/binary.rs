//! The ROCKETMQ header, Java's `RocketMQSerializable`:
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

use bytes::{Buf, Bytes, BytesMut};
use bytestring::ByteString;

use super::{SerializeType, check_header, take, take_frame};
use crate::ext_fields::part;
use crate::header::HEAD;
use crate::lossy::push_lossy;
use crate::{
    CommandFlags, DecodeError, DecodeErrorKind, EncodeError, ExtFields, LanguageCode, MqVersion,
    RemotingCommand,
};

/// Bytes of the fields that are numbers: up to the length of the remark.
const NUMBERS: usize = 13;
/// Bytes of the fields up to and including the length of the remark.
const FIXED: usize = 17;
/// Bytes of the length of the ext fields.
const EXT_LENGTH: usize = 4;
/// Bytes of a header without remark and ext fields.
const BARE: usize = FIXED + EXT_LENGTH;

/// Takes the frame of `frame` bytes at the front of `src` off, `header` of them behind the first 8 being its header.
#[inline]
pub(super) fn decode(
    src: &mut BytesMut,
    header: usize,
    frame: usize,
) -> Result<Option<RemotingCommand>, DecodeError> {
    // A header without remark and ext fields, as most requests and responses of a busy connection have it, needs
    // no further check.
    if header == BARE
        && let Some((numbers, lengths)) = bare(src)
        && lengths == [0; 8]
    {
        return Ok(Some(command(numbers, None, None, take_frame(src, frame, HEAD + BARE))));
    }
    decode_parts(src, header, frame)
}

#[inline(never)]
fn decode_parts(
    src: &mut BytesMut,
    header: usize,
    frame: usize,
) -> Result<Option<RemotingCommand>, DecodeError> {
    let Layout { numbers, remark, ext, ext_is_text } =
        Layout::read(src.get(HEAD..HEAD + header).unwrap_or_default())?;
    let mut rest = take_frame(src, frame, HEAD + FIXED);
    let remark = take(&mut rest, remark).map(text);
    rest.advance(EXT_LENGTH);
    let ext_fields = take(&mut rest, ext).map(|ext| match ext_is_text {
        true => ExtFields::from_wire(ext),
        false => ExtFields::from_wire_lossy(&ext),
    });
    Ok(Some(command(numbers, remark, ext_fields, rest)))
}

/// A slice as text, or a copy of it with U+FFFD for what is none.
fn text(bytes: Bytes) -> ByteString {
    if std::str::from_utf8(&bytes).is_ok() {
        return ByteString::try_from(bytes).unwrap_or_default();
    }
    let mut lossy = Vec::with_capacity(bytes.len());
    push_lossy(&mut lossy, &bytes);
    String::from_utf8(lossy).unwrap_or_default().into()
}

/// The numbers of a frame whose header is as short as can be, and the two lengths behind them.
#[inline]
fn bare(frame: &[u8]) -> Option<([u8; NUMBERS], [u8; 8])> {
    let (numbers, rest) = frame.get(HEAD..)?.split_first_chunk()?;
    Some((*numbers, *rest.first_chunk()?))
}

#[inline(always)]
fn command(
    numbers: [u8; NUMBERS],
    remark: Option<ByteString>,
    ext_fields: Option<ExtFields>,
    body: Bytes,
) -> RemotingCommand {
    let [c0, c1, language, v0, v1, o0, o1, o2, o3, f0, f1, f2, f3] = numbers;
    RemotingCommand {
        code: i16::from_be_bytes([c0, c1]).into(),
        language: LanguageCode(language),
        version: MqVersion(i16::from_be_bytes([v0, v1]).into()),
        opaque: i32::from_be_bytes([o0, o1, o2, o3]),
        flags: CommandFlags(i32::from_be_bytes([f0, f1, f2, f3])),
        serialize_type: SerializeType::RocketMq,
        remark,
        ext_fields,
        body: super::body(body),
    }
}

/// Where the parts of a header lie, after every check.
struct Layout {
    numbers: [u8; NUMBERS],
    remark: usize,
    ext: usize,
    /// Whether every key and value is UTF-8.
    ext_is_text: bool,
}

impl Layout {
    fn read(header: &[u8]) -> Result<Self, DecodeError> {
        let Some(([numbers @ .., r0, r1, r2, r3], rest)) = header.split_first_chunk::<FIXED>() else {
            return Err(truncated(field_at(header.len()), header.len()));
        };
        let length = i32::from_be_bytes([*r0, *r1, *r2, *r3]);
        let remark = part(length, rest.len(), "the remark", HEAD + FIXED - 4)?;
        let (_, rest) = rest.split_at(remark);
        let at = FIXED + remark;
        let Some((length, rest)) = rest.split_first_chunk::<EXT_LENGTH>() else {
            return Err(truncated("the length of the ext fields", header.len()));
        };
        let ext = part(i32::from_be_bytes(*length), rest.len(), "the ext fields", HEAD + at)?;
        let (entries, slack) = rest.split_at(ext);
        let at = at + EXT_LENGTH;
        let ext_is_text = ext == 0 || ExtFields::validate(entries, HEAD + at)?;
        if !slack.is_empty() {
            return Err(DecodeError::new(DecodeErrorKind::SlackBytes(slack.len()), HEAD + at + ext));
        }
        Ok(Self { numbers: *numbers, remark, ext, ext_is_text })
    }
}

fn truncated(field: &'static str, header: usize) -> DecodeError {
    DecodeError::new(DecodeErrorKind::Truncated(field), HEAD + header)
}

/// The fixed field in which byte `at` lies.
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
    let remark = command.remark.as_deref().unwrap_or_default().as_bytes();
    let ext = command.ext_fields.as_ref().map_or(&[][..], ExtFields::encoded);
    let length = BARE + remark.len() + ext.len();
    check_header(length, max_header)?;

    dst.reserve(HEAD + length + body);
    // In one piece, which is all of a header without remark and ext fields.
    let mut bare = [0; HEAD + BARE];
    let [_, _, _, _, _, _, _, _, fixed @ ..] = &mut bare;
    fixed[..2].copy_from_slice(&code.to_be_bytes());
    fixed[2] = command.language.0;
    fixed[3..5].copy_from_slice(&version.to_be_bytes());
    fixed[5..9].copy_from_slice(&command.opaque.to_be_bytes());
    fixed[9..13].copy_from_slice(&command.flags.0.to_be_bytes());
    // Both lengths fit 24 bits now.
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
        fn a_bare_header_reads_as_any_other(
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
