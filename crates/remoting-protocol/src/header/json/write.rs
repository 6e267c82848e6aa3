//! The writer of a header in the form of the newest Java release: compact, keys in alphabetical order, no nulls.

use bytes::BytesMut;

use super::put::{put, put_escaped, put_front, put_integer};
use crate::header::HEAD;
use crate::header::check_header;
use crate::{EncodeError, ExtFields, LanguageCode, RemotingCommand};

/// An upper bound for the text of all fields without the content of `extFields` and `remark`, in bytes.
const FIXED: usize = 192;

#[inline(never)]
pub(in crate::header) fn encode(
    command: &RemotingCommand,
    max_header: usize,
    body: usize,
    dst: &mut BytesMut,
) -> Result<usize, EncodeError> {
    let live = command.ext_fields().map(ExtFields::live_encoded);
    let entries = live.as_deref();
    let texts = command.remark_bytes().map_or(0, <[u8]>::len) + entries.map_or(0, <[u8]>::len);
    // Without escapes the text of the entries has the length of their encoding. The escapes of most headers fit
    // too.
    let mut capacity = FIXED + texts + texts / 4;
    dst.reserve(HEAD + capacity + body);
    let start = dst.len() + HEAD;
    loop {
        dst.resize(start + capacity, 0);
        if let Some(length) = dst.get_mut(start..).and_then(|out| put_header(out, command, entries)) {
            dst.truncate(start + length);
            check_header(length, max_header)?;
            return Ok(length);
        }
        // At most three times: no escape is longer than six bytes.
        capacity *= 2;
    }
}

/// Writes the header to the start of `out` and returns its length, or `None` if `out` is too short.
#[inline(always)]
fn put_header(out: &mut [u8], command: &RemotingCommand, entries: Option<&[u8]>) -> Option<usize> {
    let mut at = put(out, 0, b"{\"code\":")?;
    at = put_integer(out, at, command.code)?;
    if let Some(entries) = entries {
        at = put_ext_fields(out, at, entries)?;
    }
    at = put(out, at, b",\"flag\":")?;
    at = put_integer(out, at, command.flags.0)?;
    if command.language == LanguageCode::RUST {
        at = put(out, at, b",\"language\":\"RUST\"")?;
    } else if let Some(language) = command.language.name() {
        at = put(out, at, b",\"language\":\"")?;
        at = put_escaped(out, at, language.as_bytes(), language.len())?;
        at = put(out, at, b"\"")?;
    }
    at = put(out, at, b",\"opaque\":")?;
    at = put_integer(out, at, command.opaque)?;
    if let Some(remark) = command.remark_bytes() {
        at = put(out, at, b",\"remark\":\"")?;
        at = put_escaped(out, at, remark, remark.len())?;
        at = put(out, at, b"\"")?;
    }
    at = put(out, at, b",\"serializeTypeCurrentRPC\":\"JSON\",\"version\":")?;
    at = put_integer(out, at, command.version.0)?;
    put(out, at, b"}")
}

#[inline(never)]
fn put_ext_fields(out: &mut [u8], at: usize, encoded: &[u8]) -> Option<usize> {
    const BEGIN: &[u8; 14] = b",\"extFields\":{";
    if encoded.is_empty() {
        return put(out, at, b",\"extFields\":{}");
    }
    let begin = at;
    // Each entry writes the end of the one before it. The first entry's is overwritten by BEGIN afterwards.
    let mut at = begin + BEGIN.len() - 2;
    let mut rest = encoded;
    while !rest.is_empty() {
        let length;
        if let Some([0, 1, letter, l0, l1, l2, l3, _]) = rest.first_chunk()
            && is_plain(*letter)
        {
            // A key of one letter, as in the hottest headers.
            at = put_front(out, at, &[b'"', b',', b'"', *letter, b'"', b':', b'"', 0], 7)?;
            length = u32::from_be_bytes([*l0, *l1, *l2, *l3]);
            rest = &rest[7..];
        } else {
            let Some((key, after)) = rest.split_first_chunk() else { break };
            let key = usize::from(u16::from_be_bytes(*key));
            at = put_front(out, at, b"\",\"\0", 3)?;
            at = put_escaped(out, at, after, key)?;
            let Some((value, after)) = after.get(key..).and_then(<[u8]>::split_first_chunk) else { break };
            at = put_front(out, at, b"\":\"\0", 3)?;
            length = u32::from_be_bytes(*value);
            rest = after;
        }
        at = put_escaped(out, at, rest, length as usize)?;
        rest = rest.get(length as usize..).unwrap_or_default();
    }
    put(out, begin, BEGIN)?;
    put(out, at, b"\"}")
}

/// Returns whether a letter needs no escape. Returns `false` for some that need none.
const fn is_plain(letter: u8) -> bool {
    letter > b'"' && letter != b'\\'
}

#[cfg(test)]
mod tests;
