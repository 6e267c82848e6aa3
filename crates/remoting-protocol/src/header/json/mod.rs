//! The JSON header: fastjson's text of Java's `RemotingCommand` bean.
//!
//! [`strict`] reads what peers send in practice, in one pass and without an allocation but the ext fields'.
//! What it does not know it leaves to [`lenient`], which reads all that fastjson 1 and 2 both read and says what is
//! wrong with the rest.

mod lenient;
mod place;
mod strict;
mod write;

#[cfg(test)]
mod tests;

use std::ops::Range;

use bytes::{Buf, Bytes, BytesMut};

pub(super) use self::write::encode;
use super::take_frame;
use crate::command::{Layout, Texts};
use crate::header::HEAD;
use crate::json::Fault;
use crate::{
    Body, CommandFlags, DecodeError, DecodeErrorKind, LanguageCode, MqVersion, RemotingCommand, SerializeType,
};

/// What a header says; the defaults are those of fields that it does not mention.
#[derive(Debug, Default, PartialEq)]
struct Parts {
    code: i32,
    /// `None`: not mentioned, or null.
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
    /// In the header, as it stands there.
    Slice(Range<usize>),
    /// Not in the header as such, for an escape.
    Text(String),
}

impl From<Fault> for DecodeError {
    fn from(fault: Fault) -> Self {
        Self::new(DecodeErrorKind::Json(fault.what), HEAD + fault.at)
    }
}

/// Up to how many bytes of a frame are copied, body included, where its ext fields have to be copied anyway. That spares
/// a handle to the read buffer, which costs more than the copy.
const COPIED_WITH_EXT_FIELDS: usize = 2 << 10;

/// Takes the frame of `frame` bytes at the front of `src` off, `header` of them behind the first 8 being its header.
#[inline(never)]
pub(super) fn decode(
    src: &mut BytesMut,
    header: usize,
    frame: usize,
) -> Result<Option<RemotingCommand>, DecodeError> {
    let text = src.get(HEAD..HEAD + header).unwrap_or_default();
    let is_small = frame - HEAD <= COPIED_WITH_EXT_FIELDS;
    let room = if is_small { frame - HEAD - header } else { 0 };
    let parts = match strict::read(text, room) {
        Some(parts) => parts,
        None => lenient::read(text)?,
    };
    let mut texts = Texts::EXT_FIELDS.when(parts.ext_fields.is_some());
    let mut layout = Layout::default();
    let mut buffer = parts.ext_fields.unwrap_or_default();
    let mut behind = HEAD + header;
    match parts.remark {
        Remark::None => {}
        Remark::Slice(Range { start, end }) if !texts.has(Texts::EXT_FIELDS) => {
            texts = Texts::REMARK;
            layout.remark_end = (end - start) as u32;
            layout.ext_end = layout.remark_end;
            layout.body_at = (header - start) as u32;
            behind = HEAD + start;
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
        take_frame(src, frame, behind)
    } else {
        layout.ext_end = buffer.len() as u32;
        if is_small {
            let bytes = with_body(buffer, src.get(behind..frame).unwrap_or_default());
            layout.body_at = (bytes.len() - (frame - behind)) as u32;
            buffer = Vec::new();
            src.advance(frame);
            bytes
        } else {
            buffer.resize(buffer.capacity(), 0);
            take_frame(src, frame, behind)
        }
    };
    Ok(Some(RemotingCommand {
        code: parts.code,
        version: MqVersion(parts.version),
        opaque: parts.opaque,
        flags: CommandFlags(parts.flag),
        language: parts.language.unwrap_or(LanguageCode::JAVA),
        serialize_type: SerializeType::Json,
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

/// Puts the body at the end of the buffer, as far as it has been reserved: there is no way to give back a part of it
/// that does not allocate.
fn with_body(mut texts: Vec<u8>, body: &[u8]) -> Bytes {
    texts.reserve_exact(body.len());
    texts.resize(texts.capacity() - body.len(), 0);
    texts.extend_from_slice(body);
    texts.into()
}
