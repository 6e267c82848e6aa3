//! Writing a header as the newest Java release writes it: compact, keys in alphabetical order, no nulls.

use bytes::BytesMut;

use super::place::{put, put_escaped, put_front, put_integer};
use crate::header::HEAD;
use crate::header::check_header;
use crate::{EncodeError, ExtFields, LanguageCode, RemotingCommand};

/// More than the text of all fields without what is in `extFields` and `remark`.
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
    // The text of the entries is as long as their encoding, but for escapes. Those of most headers fit.
    let mut room = FIXED + texts + texts / 4;
    dst.reserve(HEAD + room + body);
    let start = dst.len() + HEAD;
    loop {
        dst.resize(start + room, 0);
        if let Some(length) = dst.get_mut(start..).and_then(|room| put_header(room, command, entries)) {
            dst.truncate(start + length);
            check_header(length, max_header)?;
            return Ok(length);
        }
        // Three times at most: no escape is longer than six bytes.
        room *= 2;
    }
}

/// Writes the header to the beginning of `room` and gives its length, or nothing if the room is too small.
#[inline(always)]
fn put_header(room: &mut [u8], command: &RemotingCommand, entries: Option<&[u8]>) -> Option<usize> {
    let mut at = put(room, 0, b"{\"code\":")?;
    at = put_integer(room, at, command.code)?;
    if let Some(entries) = entries {
        at = put_ext_fields(room, at, entries)?;
    }
    at = put(room, at, b",\"flag\":")?;
    at = put_integer(room, at, command.flags.0)?;
    if command.language == LanguageCode::RUST {
        at = put(room, at, b",\"language\":\"RUST\"")?;
    } else if let Some(language) = command.language.name() {
        at = put(room, at, b",\"language\":\"")?;
        at = put_escaped(room, at, language.as_bytes(), language.len())?;
        at = put(room, at, b"\"")?;
    }
    at = put(room, at, b",\"opaque\":")?;
    at = put_integer(room, at, command.opaque)?;
    if let Some(remark) = command.remark_bytes() {
        at = put(room, at, b",\"remark\":\"")?;
        at = put_escaped(room, at, remark, remark.len())?;
        at = put(room, at, b"\"")?;
    }
    at = put(room, at, b",\"serializeTypeCurrentRPC\":\"JSON\",\"version\":")?;
    at = put_integer(room, at, command.version.0)?;
    put(room, at, b"}")
}

#[inline(never)]
fn put_ext_fields(room: &mut [u8], at: usize, encoded: &[u8]) -> Option<usize> {
    const BEGIN: &[u8; 14] = b",\"extFields\":{";
    if encoded.is_empty() {
        return put(room, at, b",\"extFields\":{}");
    }
    let begin = at;
    // Each entry brings the end of the one before it. That of the first is where the beginning belongs, which comes last.
    let mut at = begin + BEGIN.len() - 2;
    let mut rest = encoded;
    while !rest.is_empty() {
        let length;
        if let Some([0, 1, letter, l0, l1, l2, l3, _]) = rest.first_chunk()
            && is_plain(*letter)
        {
            // A key of one letter, as in the hottest headers.
            at = put_front(room, at, &[b'"', b',', b'"', *letter, b'"', b':', b'"', 0], 7)?;
            length = u32::from_be_bytes([*l0, *l1, *l2, *l3]);
            rest = &rest[7..];
        } else {
            let Some((key, behind)) = rest.split_first_chunk() else { break };
            let key = usize::from(u16::from_be_bytes(*key));
            at = put_front(room, at, b"\",\"\0", 3)?;
            at = put_escaped(room, at, behind, key)?;
            let Some((value, behind)) = behind.get(key..).and_then(<[u8]>::split_first_chunk) else { break };
            at = put_front(room, at, b"\":\"\0", 3)?;
            length = u32::from_be_bytes(*value);
            rest = behind;
        }
        at = put_escaped(room, at, rest, length as usize)?;
        rest = rest.get(length as usize..).unwrap_or_default();
    }
    put(room, begin, BEGIN)?;
    put(room, at, b"\"}")
}

/// Whether a letter stands in a string as it is; not of all that do.
const fn is_plain(letter: u8) -> bool {
    letter > b'"' && letter != b'\\'
}

#[cfg(test)]
mod tests;
