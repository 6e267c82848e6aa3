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

use bytes::{Buf, BytesMut};
use bytestring::ByteString;

pub(super) use self::write::encode;
use super::{SerializeType, take_frame};
use crate::header::HEAD;
use crate::json::Fault;
use crate::{
    CommandFlags, DecodeError, DecodeErrorKind, ExtFields, LanguageCode, MqVersion, RemotingCommand,
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

/// Takes the frame of `frame` bytes at the front of `src` off, `header` of them behind the first 8 being its header.
#[inline(never)]
pub(super) fn decode(
    src: &mut BytesMut,
    header: usize,
    frame: usize,
) -> Result<Option<RemotingCommand>, DecodeError> {
    let text = src.get(HEAD..HEAD + header).unwrap_or_default();
    let parts = match strict::read(text) {
        Some(parts) => parts,
        None => lenient::read(text)?,
    };
    let (remark, rest) = match parts.remark {
        Remark::None => (None, take_frame(src, frame, HEAD + header)),
        Remark::Text(text) => (Some(ByteString::from(text)), take_frame(src, frame, HEAD + header)),
        Remark::Slice(Range { start, end }) => {
            let mut rest = take_frame(src, frame, HEAD + start);
            // Text, since the header is and the string ends at an ASCII byte.
            let remark = rest.split_to(end - start);
            rest.advance(header - end);
            (ByteString::try_from(remark).ok(), rest)
        }
    };
    Ok(Some(RemotingCommand {
        code: parts.code,
        language: parts.language.unwrap_or(LanguageCode::JAVA),
        version: MqVersion(parts.version),
        opaque: parts.opaque,
        flags: CommandFlags(parts.flag),
        serialize_type: SerializeType::Json,
        remark,
        ext_fields: parts.ext_fields.map(ExtFields::from_own),
        body: super::body(rest),
    }))
}
