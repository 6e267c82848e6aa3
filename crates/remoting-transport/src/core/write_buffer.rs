//! Encoded frames on their way to the socket.

use std::{collections::VecDeque, io::IoSlice};

use bytes::{Buf, Bytes, BytesMut};
use remoting_protocol::{EncodeError, FrameEncoder, RemotingCommand};

/// How many slices one vectored write takes; Linux accepts 1 024, but beyond a few dozen nothing is gained.
pub(crate) const MAX_SLICES: usize = 64;

/// Small frames are copied one behind the other into `tail`; a large body stands uncopied among `segments`, so
/// that it goes out by a vectored write.
#[derive(Debug, Default)]
pub(crate) struct WriteBuffer {
    segments: VecDeque<Bytes>,
    tail: BytesMut,
    len: usize,
}

impl WriteBuffer {
    /// Appends a frame and returns its size. On an error the buffer is as before.
    pub(crate) fn encode(
        &mut self,
        encoder: &FrameEncoder,
        command: &RemotingCommand,
    ) -> Result<usize, EncodeError> {
        if let Some(body) = command.external_body() {
            return Err(EncodeError::UnknownBody { body: format!("{body:?}") });
        }
        let before = self.tail.len();
        let body = encoder.encode(command, &mut self.tail)?;
        let mut size = self.tail.len() - before;
        if let Some(body) = body {
            let body = body.into_bytes();
            size += body.len();
            self.segments.push_back(self.tail.split().freeze());
            self.segments.push_back(body);
        }
        self.len += size;
        Ok(size)
    }

    /// Bytes not yet written.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bytes to write first, when they lie in one piece.
    pub(crate) fn only_chunk(&self) -> Option<&[u8]> {
        self.segments.is_empty().then_some(&self.tail)
    }

    /// Fills `slices` with the bytes to write next and returns how many it filled.
    pub(crate) fn chunks<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        let chunks = self.segments.iter().map(|segment| &segment[..]).chain([&self.tail[..]]);
        let mut filled = 0;
        for (slice, chunk) in slices.iter_mut().zip(chunks.filter(|chunk| !chunk.is_empty())) {
            *slice = IoSlice::new(chunk);
            filled += 1;
        }
        filled
    }

    /// Forgets `written` bytes. True when a frame, or the run of small frames before it, is out to its last byte.
    pub(crate) fn advance(&mut self, mut written: usize) -> bool {
        debug_assert!(written <= self.len, "the socket cannot take more than there is");
        self.len = self.len.saturating_sub(written);
        let mut completed = false;
        while let Some(first) = self.segments.front_mut() {
            if written < first.len() {
                first.advance(written);
                return completed;
            }
            written -= first.len();
            self.segments.pop_front();
            completed = true;
        }
        if written >= self.tail.len() {
            completed |= !self.tail.is_empty();
            self.tail.clear();
        } else {
            self.tail.advance(written);
        }
        completed
    }

    /// Gives the memory back, if nothing waits. True if there was some.
    pub(crate) fn release(&mut self) -> bool {
        let held = self.holds_memory();
        if self.is_empty() {
            *self = Self::default();
        }
        held
    }

    pub(crate) fn holds_memory(&self) -> bool {
        self.tail.capacity() > 0 || self.segments.capacity() > 0
    }
}

#[cfg(test)]
mod tests {
    use remoting_protocol::{FrameLimits, RequestCode};

    use super::*;

    fn written(buffer: &mut WriteBuffer, step: usize) -> Vec<u8> {
        let mut out = Vec::new();
        while !buffer.is_empty() {
            let mut slices = [IoSlice::new(&[]); MAX_SLICES];
            let filled = buffer.chunks(&mut slices);
            let before = out.len();
            for slice in &slices[..filled] {
                let room = step - (out.len() - before);
                out.extend_from_slice(&slice[..room.min(slice.len())]);
            }
            let taken = out.len() - before;
            buffer.advance(taken);
        }
        out
    }

    #[test]
    fn partial_writes_lose_nothing_and_large_bodies_are_not_copied() {
        let encoder = FrameEncoder::new(FrameLimits::default());
        let large = Bytes::from(vec![7; 100_000]);
        let commands = [
            RemotingCommand::request(RequestCode(1)).with_body("small"),
            RemotingCommand::request(RequestCode(2)).with_body(large.clone()),
            RemotingCommand::request(RequestCode(3)),
        ];
        let fill = || {
            let mut buffer = WriteBuffer::default();
            for command in &commands {
                buffer.encode(&encoder, command).unwrap();
            }
            buffer
        };
        assert!(fill().segments.iter().any(|segment| segment.as_ptr() == large.as_ptr()));
        let whole = written(&mut fill(), usize::MAX);
        assert_eq!(whole.len(), fill().len());
        for step in [1, 7, 4096, 99_999] {
            assert!(written(&mut fill(), step) == whole, "step {step}");
        }
    }
}
