//! The JSON header: fastjson's text of Java's `RemotingCommand` bean.
//!
//! [`strict`] reads what peers send in practice, in one pass and without an allocation but the ext fields'.
//! What it does not know it leaves to [`lenient`], which reads all that fastjson 1 and 2 both read and says what is
//! wrong with the rest.

mod lenient;
mod nested;
mod number;
mod reader;
mod strict;
mod string;
mod write;

#[cfg(test)]
mod tests;

use std::ops::Range;

use bytes::{Buf, BytesMut};
use bytestring::ByteString;

pub(super) use self::write::encode;
use super::{HeaderFields, SerializeType, take};
use crate::frame::HEAD;
use crate::{
    CommandFlags, DecodeError, DecodeErrorKind, ExtFields, LanguageCode, MqVersion, RemotingCommand,
};

/// What a header says; the defaults are those of fields that it does not mention.
#[derive(Default)]
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

#[derive(Default)]
enum Remark {
    #[default]
    None,
    /// In the header, as it stands there.
    Slice(Range<usize>),
    /// Not in the header as such, for an escape.
    Text(String),
}

pub(super) fn decode(src: &mut BytesMut, header: usize, body: usize) -> Result<RemotingCommand, DecodeError> {
    let text = src.get(HEAD..HEAD + header).unwrap_or_default();
    let parts = match strict::read(text) {
        Some(parts) => parts,
        None => lenient::read(text)?,
    };
    let (remark, taken) = match parts.remark {
        Remark::None => (None, 0),
        Remark::Text(text) => (Some(ByteString::from(text)), 0),
        Remark::Slice(Range { start, end }) => {
            src.advance(HEAD + start);
            let remark = ByteString::try_from(take(src, end - start))
                .map_err(|_| DecodeError::new(DecodeErrorKind::InvalidUtf8("the remark"), HEAD + start))?;
            (Some(remark), HEAD + end)
        }
    };
    src.advance(HEAD + header - taken);
    Ok(HeaderFields {
        code: parts.code,
        language: parts.language.unwrap_or(LanguageCode::JAVA),
        version: MqVersion(parts.version),
        opaque: parts.opaque,
        flags: CommandFlags(parts.flag),
        remark,
        ext_fields: parts.ext_fields.map(ExtFields::from_own),
    }
    .into_command(SerializeType::Json, take(src, body)))
}
