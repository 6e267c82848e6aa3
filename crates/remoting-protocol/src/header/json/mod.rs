//! The JSON header: the text that fastjson writes for Java's `RemotingCommand` bean.
//!
//! [`strict`] reads the headers that peers send in practice, in one pass and with one allocation, for the ext
//! fields. If it fails, [`lenient`] reads the whole dialect, or returns an error.

mod lenient;
mod put;
mod strict;
mod write;

#[cfg(test)]
mod tests;

use std::ops::Range;

use bytes::Bytes;

pub(super) use self::write::encode;
use super::FrameSource;
use crate::command::{Layout, SerializeTypeWord, Texts};
use crate::header::HEAD;
use crate::json::Fault;
use crate::{Body, CommandFlags, DecodeError, DecodeErrorKind, LanguageCode, MqVersion, RemotingCommand};

/// The content of a header. The defaults are those of absent fields.
#[derive(Debug, Default, PartialEq)]
struct Parts {
    code: i32,
    /// `None` if absent or null.
    language: Option<LanguageCode>,
    version: i32,
    opaque: i32,
    flag: i32,
    remark: Remark,
    /// Encoded entries.
    ext_fields: Option<Vec<u8>>,
}

#[derive(Debug, Default, PartialEq)]
enum Remark {
    #[default]
    None,
    /// The range of the remark in the header.
    Slice(Range<usize>),
    /// A remark that differs from its text in the header, for example by an escape.
    Text(String),
}

impl From<Fault> for DecodeError {
    fn from(fault: Fault) -> Self {
        Self::new(DecodeErrorKind::Json(fault.what), HEAD + fault.at)
    }
}

/// The maximum length of header and body that are copied if the ext fields have to be copied anyway. The copy costs
/// less than a handle to the read buffer.
const COPIED_WITH_EXT_FIELDS: usize = 2 << 10;

/// By how many bytes a kept buffer of ext fields may exceed twice its content.
const KEPT_SPARE: usize = 1 << 10;

/// Removes the frame of `frame` bytes from the front of `src` and decodes it. Its header has `header` bytes.
#[inline(never)]
pub(super) fn decode<S: FrameSource>(
    src: &mut S,
    header: usize,
    frame: usize,
) -> Result<Option<RemotingCommand>, DecodeError> {
    let text = src.get(HEAD..HEAD + header).unwrap_or_default();
    let is_small = frame - HEAD <= COPIED_WITH_EXT_FIELDS;
    let body = if is_small { frame - HEAD - header } else { 0 };
    let parts = match strict::read(text, body) {
        Some(parts) => parts,
        None => lenient::read(text)?,
    };
    let mut texts = Texts::EXT_FIELDS.when(parts.ext_fields.is_some());
    let mut layout = Layout::default();
    let mut buffer = parts.ext_fields.unwrap_or_default();
    let mut rest_at = HEAD + header;
    match parts.remark {
        Remark::None => {}
        Remark::Slice(Range { start, end }) if !texts.has(Texts::EXT_FIELDS) => {
            texts = Texts::REMARK;
            layout.remark_end = (end - start) as u32;
            layout.ext_end = layout.remark_end;
            layout.body_at = (header - start) as u32;
            rest_at = HEAD + start;
        }
        Remark::Slice(range) => {
            texts = texts.and(Texts::REMARK);
            layout.remark_end = put_in_front(&mut buffer, text.get(range).unwrap_or_default());
        }
        Remark::Text(remark) => {
            texts = texts.and(Texts::REMARK);
            layout.remark_end = put_in_front(&mut buffer, remark.as_bytes());
        }
    }
    let bytes = if buffer.is_empty() {
        src.take_frame(frame, rest_at)
    } else {
        layout.ext_end = buffer.len() as u32;
        if is_small {
            let bytes = with_body(buffer, src.get(rest_at..frame).unwrap_or_default());
            layout.body_at = (bytes.len() - (frame - rest_at)) as u32;
            buffer = Vec::new();
            src.take_frame(frame, frame);
            bytes
        } else {
            // The buffer was reserved for the rest of the header, which the ext fields mostly fill. Then the rest of the
            // buffer is filled, since shrinking it would copy.
            if buffer.capacity() <= 2 * buffer.len() + KEPT_SPARE {
                buffer.resize(buffer.capacity(), 0);
            }
            src.take_frame(frame, rest_at)
        }
    };
    Ok(Some(RemotingCommand {
        code: parts.code,
        version: MqVersion(parts.version),
        opaque: parts.opaque,
        flags: CommandFlags(parts.flag),
        language: parts.language.unwrap_or(LanguageCode::JAVA),
        serialize_type: SerializeTypeWord::Json,
        texts,
        layout,
        buffer: buffer.into_boxed_slice(),
        bytes: Body::Bytes(bytes),
    }))
}

/// Puts the remark before the entries and returns its length.
fn put_in_front(entries: &mut Vec<u8>, remark: &[u8]) -> u32 {
    entries.extend_from_slice(remark);
    entries.rotate_right(remark.len());
    remark.len() as u32
}

/// Appends the body so that it ends with the reserved capacity, since shrinking the buffer would allocate.
fn with_body(mut texts: Vec<u8>, body: &[u8]) -> Bytes {
    texts.reserve_exact(body.len());
    texts.resize(texts.capacity() - body.len(), 0);
    texts.extend_from_slice(body);
    texts.into()
}
