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

use bytes::{Buf, BytesMut};
use bytestring::ByteString;

use super::{HeaderFields, SerializeType, check_header, take};
use crate::ext_fields::part;
use crate::frame::HEAD;
use crate::{
    CommandFlags, DecodeError, DecodeErrorKind, EncodeError, ExtFields, LanguageCode, MqVersion,
    RemotingCommand,
};

/// Bytes of the fields up to and including the length of the remark.
const FIXED: usize = 17;
/// Bytes of the length of the ext fields.
const EXT_LENGTH: usize = 4;

pub(super) fn decode(src: &mut BytesMut, header: usize, body: usize) -> Result<RemotingCommand, DecodeError> {
    let layout = Layout::read(src.get(HEAD..HEAD + header).unwrap_or_default())?;
    let [c0, c1, language, v0, v1, o0, o1, o2, o3, f0, f1, f2, f3, ..] = layout.fixed;
    src.advance(HEAD + FIXED);
    let remark = match layout.remark {
        0 => None,
        length => Some(
            ByteString::try_from(take(src, length))
                .map_err(|_| DecodeError::new(DecodeErrorKind::InvalidUtf8("the remark"), HEAD + FIXED))?,
        ),
    };
    src.advance(EXT_LENGTH);
    let ext_fields = match layout.ext {
        0 => None,
        length => Some(ExtFields::from_wire(take(src, length))),
    };
    Ok(HeaderFields {
        code: i16::from_be_bytes([c0, c1]).into(),
        language: LanguageCode(language),
        version: MqVersion(i16::from_be_bytes([v0, v1]).into()),
        opaque: i32::from_be_bytes([o0, o1, o2, o3]),
        flags: CommandFlags(i32::from_be_bytes([f0, f1, f2, f3])),
        remark,
        ext_fields,
    }
    .into_command(SerializeType::RocketMq, take(src, body)))
}

/// Where the parts of a header lie, after every check.
struct Layout {
    fixed: [u8; FIXED],
    remark: usize,
    ext: usize,
}

impl Layout {
    fn read(header: &[u8]) -> Result<Self, DecodeError> {
        let Some((fixed, rest)) = header.split_first_chunk::<FIXED>() else {
            return Err(truncated(field_at(header.len()), header.len()));
        };
        let [.., r0, r1, r2, r3] = *fixed;
        let length = i32::from_be_bytes([r0, r1, r2, r3]);
        let remark = part(length, rest.len(), "the remark", HEAD + FIXED - 4)?;
        let (text, rest) = rest.split_at(remark);
        if let Err(error) = std::str::from_utf8(text) {
            let at = HEAD + FIXED + error.valid_up_to();
            return Err(DecodeError::new(DecodeErrorKind::InvalidUtf8("the remark"), at));
        }
        let at = FIXED + remark;
        let Some((length, rest)) = rest.split_first_chunk::<EXT_LENGTH>() else {
            return Err(truncated("the length of the ext fields", header.len()));
        };
        let ext = part(i32::from_be_bytes(*length), rest.len(), "the ext fields", HEAD + at)?;
        let (entries, slack) = rest.split_at(ext);
        let at = at + EXT_LENGTH;
        ExtFields::validate(entries, HEAD + at)?;
        if !slack.is_empty() {
            return Err(DecodeError::new(DecodeErrorKind::SlackBytes(slack.len()), HEAD + at + ext));
        }
        Ok(Self { fixed: *fixed, remark, ext })
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

pub(super) fn encode(
    command: &RemotingCommand,
    max_header: usize,
    dst: &mut BytesMut,
) -> Result<(), EncodeError> {
    let code = i16::try_from(command.code)
        .map_err(|_| EncodeError::CodeTooWide { code: command.code })?
        .to_be_bytes();
    let MqVersion(version) = command.version;
    let version = i16::try_from(version).map_err(|_| EncodeError::VersionTooWide { version })?.to_be_bytes();
    let remark = command.remark.as_deref().unwrap_or_default().as_bytes();
    let ext = command.ext_fields.as_ref().map_or(&[][..], ExtFields::encoded);
    let length = FIXED + remark.len() + EXT_LENGTH + ext.len();
    check_header(length, max_header)?;

    dst.reserve(length);
    let opaque = command.opaque.to_be_bytes();
    let flags = command.flags.0.to_be_bytes();
    // Both fit 24 bits now.
    let remark_length = (remark.len() as u32).to_be_bytes();
    let ext_length = (ext.len() as u32).to_be_bytes();
    let mut fixed = [0; FIXED];
    fixed[..2].copy_from_slice(&code);
    fixed[2] = command.language.0;
    fixed[3..5].copy_from_slice(&version);
    fixed[5..9].copy_from_slice(&opaque);
    fixed[9..13].copy_from_slice(&flags);
    fixed[13..].copy_from_slice(&remark_length);
    dst.extend_from_slice(&fixed);
    if !remark.is_empty() {
        dst.extend_from_slice(remark);
    }
    dst.extend_from_slice(&ext_length);
    dst.extend_from_slice(ext);
    Ok(())
}
