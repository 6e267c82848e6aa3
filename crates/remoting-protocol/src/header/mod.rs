//! The two encodings of a command's header.

mod binary;
mod json;

use bytes::{Buf, Bytes, BytesMut};

use crate::{DecodeError, EncodeError, RemotingCommand, SerializeType};

/// Bytes before a header: the length word and the header-length word.
pub(crate) const HEAD: usize = 8;

/// Up to how many bytes of a frame, from its first text on, are copied out of the read buffer.
pub(crate) const COPIED: usize = 512;

/// Takes the frame of `frame` bytes at the front of `src` off, which has come whole: `header` bytes of it, behind the
/// first 8, are its header.
///
/// On an error nothing has been taken. Never `None`: the result is what the frame decoder returns, so that the command
/// is not moved once more right after it has been put together, which would wait for all its parts.
#[inline]
pub(crate) fn decode(
    serialize_type: SerializeType,
    src: &mut BytesMut,
    header: usize,
    frame: usize,
) -> Result<Option<RemotingCommand>, DecodeError> {
    match serialize_type {
        SerializeType::Json => json::decode(src, header, frame),
        SerializeType::RocketMq => binary::decode(src, header, frame),
    }
}

/// Appends [`HEAD`] bytes to be filled in and the header of `command`, makes room for `body` more
/// bytes, and gives the bytes of the header. On an error part of it may have been appended.
#[inline]
pub(crate) fn encode(
    command: &RemotingCommand,
    max_header: usize,
    body: usize,
    dst: &mut BytesMut,
) -> Result<usize, EncodeError> {
    match command.serialize_type {
        SerializeType::Json => json::encode(command, max_header, body, dst),
        SerializeType::RocketMq => binary::encode(command, max_header, body, dst),
    }
}

/// Takes the frame of `frame` bytes at the front of `src` off and returns what stands behind its first `from` bytes: a
/// copy if that is little, or a handle to the buffer.
///
/// A handle costs an atomic increment now and a decrement later, and makes the buffer one that is shared; a copy costs
/// an allocation.
#[inline]
fn take_frame(src: &mut BytesMut, frame: usize, from: usize) -> Bytes {
    let kept = src.get(from..frame).unwrap_or_default();
    if kept.len() > COPIED {
        let mut rest = src.split_to(frame).freeze();
        rest.advance(from);
        return rest;
    }
    let copy = if kept.is_empty() { Bytes::new() } else { Bytes::copy_from_slice(kept) };
    src.advance(frame);
    copy
}

/// Refuses a header of more bytes than `limit`.
fn check_header(length: usize, limit: usize) -> Result<(), EncodeError> {
    if length > limit { Err(EncodeError::HeaderTooLong { length, limit }) } else { Ok(()) }
}
