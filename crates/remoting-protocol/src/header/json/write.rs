//! Writing a header as the newest Java release writes it: compact, keys in alphabetical order, no nulls.

use bytes::{BufMut, BytesMut};

use super::string::{push_escaped, push_escaped_piece};
use crate::frame::HEAD;
use crate::header::check_header;
use crate::{EncodeError, ExtFields, RemotingCommand};

/// More than the text of all fields but `extFields` and `remark`.
const FIXED: usize = 160;

#[inline(never)]
pub(in crate::header) fn encode(
    command: &RemotingCommand,
    max_header: usize,
    body: usize,
    dst: &mut BytesMut,
) -> Result<usize, EncodeError> {
    let remark = command.remark.as_deref();
    let ext = command.ext_fields.as_ref();
    dst.reserve(HEAD + FIXED + body + remark.map_or(0, str::len) + ext.map_or(0, |ext| ext.encoded().len()));

    dst.put_slice(&[0; HEAD]);
    let start = dst.len();
    dst.put_slice(b"{\"code\":");
    push_integer(dst, command.code);
    if let Some(ext) = ext {
        push_ext_fields(dst, ext);
    }
    dst.put_slice(b",\"flag\":");
    push_integer(dst, command.flags.0);
    if let Some(language) = command.language.name() {
        dst.put_slice(b",\"language\":\"");
        dst.put_slice(language.as_bytes());
        dst.put_u8(b'"');
    }
    dst.put_slice(b",\"opaque\":");
    push_integer(dst, command.opaque);
    if let Some(remark) = remark {
        dst.put_slice(b",\"remark\":\"");
        push_escaped(dst, remark.as_bytes());
        dst.put_u8(b'"');
    }
    dst.put_slice(b",\"serializeTypeCurrentRPC\":\"JSON\",\"version\":");
    push_integer(dst, command.version.0);
    dst.put_u8(b'}');
    let length = dst.len() - start;
    check_header(length, max_header)?;
    Ok(length)
}

fn push_ext_fields(dst: &mut BytesMut, ext: &ExtFields) {
    let mut first = true;
    let encoded = ext.encoded();
    let mut entries = ext.live_entries();
    while let Some((key, value)) = entries.next() {
        let value_end = encoded.len() - entries.rest().len();
        let value_start = value_end - value.len();
        let key_end = value_start - 4;
        // What stands between two strings is written in one piece, of a length that the compiler knows.
        if first {
            dst.put_slice(b",\"extFields\":{\"");
        } else {
            dst.put_slice(b"\",\"");
        }
        first = false;
        push_escaped_piece(dst, encoded, key_end - key.len(), key_end);
        dst.put_slice(b"\":\"");
        push_escaped_piece(dst, encoded, value_start, value_end);
    }
    dst.put_slice(if first { b",\"extFields\":{}" } else { b"\"}" });
}

fn push_integer(dst: &mut BytesMut, value: i32) {
    dst.put_slice(itoa::Buffer::new().format(value).as_bytes());
}
