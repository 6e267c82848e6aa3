//! The two encodings of a command's header.

mod binary;
mod json;
mod source;

use bytes::BytesMut;

pub(crate) use self::source::{COPIED, FrameSource};
use crate::{DecodeError, EncodeError, RemotingCommand, SerializeType};

/// The bytes before a header: the length word and the header-length word.
pub(crate) const HEAD: usize = 8;

/// Removes the complete frame of `frame` bytes from the front of `src` and decodes it. Its header has `header`
/// bytes after the first 8.
///
/// On an error `src` is unchanged. The result is never `None`. It has the type of the frame decoder's result, so
/// that the new command is not moved again: the move would wait for the stores that have just written it.
#[inline]
pub(crate) fn decode<S: FrameSource>(
    serialize_type: SerializeType,
    src: &mut S,
    header: usize,
    frame: usize,
) -> Result<Option<RemotingCommand>, DecodeError> {
    match serialize_type {
        SerializeType::Json => json::decode(src, header, frame),
        SerializeType::RocketMq => binary::decode(src, header, frame),
    }
}

/// Appends [`HEAD`] bytes to be filled in and the header of `command`, and reserves `body` further bytes. Returns
/// the length of the header. After an error a part of it may have been appended.
#[inline]
pub(crate) fn encode(
    command: &RemotingCommand,
    max_header: usize,
    body: usize,
    dst: &mut BytesMut,
) -> Result<usize, EncodeError> {
    match command.serialize_type() {
        SerializeType::Json => json::encode(command, max_header, body, dst),
        SerializeType::RocketMq => binary::encode(command, max_header, body, dst),
    }
}

/// Rejects a header that exceeds `limit`.
fn check_header(length: usize, limit: usize) -> Result<(), EncodeError> {
    if length > limit { Err(EncodeError::HeaderTooLong { length, limit }) } else { Ok(()) }
}
