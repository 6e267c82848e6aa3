//! Encoded frames on their way to the socket.

use std::{collections::VecDeque, io::IoSlice};

use bytes::{Buf, Bytes, BytesMut};
use remoting_protocol::{EncodeError, Encoded, ExternalBody, FrameEncoder, RemotingCommand};

use crate::file_region::{self, FileRegion};

/// The largest number of slices in a vectored write. Linux accepts 1 024, but more than a few dozen gain nothing.
pub(crate) const MAX_SLICES: usize = 64;

/// The buffer of encoded frames. Small frames are copied into `tail`, one after another. Large bodies are kept in
/// `segments` without a copy, for vectored writes. File regions are segments without bytes.
#[derive(Debug, Default)]
pub(crate) struct WriteBuffer {
    segments: VecDeque<Segment>,
    tail: BytesMut,
    len: usize,
}

#[derive(Debug)]
enum Segment {
    /// Bytes that end with the end of a frame.
    Bytes(Bytes),
    /// The head of a frame whose body is a separate segment. Never ends with the end of a frame.
    Head(Bytes),
    Region {
        region: FileRegion,
        sent: usize,
    },
}

impl Segment {
    fn bytes(&self) -> Option<&Bytes> {
        match self {
            Self::Bytes(bytes) | Self::Head(bytes) => Some(bytes),
            Self::Region { .. } => None,
        }
    }
}

impl WriteBuffer {
    /// Appends a frame. Returns the size that counts against the water marks: its size in memory, plus
    /// [`file_region::QUEUED_SIZE`] for a region. On an error, the buffer is unchanged.
    pub(crate) fn encode(
        &mut self,
        encoder: &FrameEncoder,
        command: &RemotingCommand,
    ) -> Result<usize, EncodeError> {
        let region = match command.external_body() {
            Some(body) => Some(FileRegion::of(&**body).ok_or_else(|| unknown(&**body))?),
            None => None,
        };
        let before = self.tail.len();
        let encoded = encoder.encode_split(command, &mut self.tail)?;
        let mut size = self.tail.len() - before;
        let mut region_size = 0;
        if let Encoded::Head { body } = encoded {
            let head = self.tail.split().freeze();
            self.segments.push_back(if before == 0 { Segment::Head(head) } else { Segment::Bytes(head) });
            self.segments.push_back(match region {
                Some(region) => {
                    region_size = file_region::QUEUED_SIZE;
                    Segment::Region { region: region.clone(), sent: 0 }
                }
                None => {
                    size += body.len();
                    Segment::Bytes(body.into_bytes())
                }
            });
        }
        self.len += size;
        Ok(size + region_size)
    }

    /// Returns the number of pending bytes in memory.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0 && self.segments.is_empty()
    }

    /// Returns the region to write next, and how much of it was written already.
    pub(crate) fn region(&self) -> Option<(&FileRegion, usize)> {
        match self.segments.front() {
            Some(Segment::Region { region, sent }) => Some((region, *sent)),
            _ => None,
        }
    }

    /// Returns the bytes to write next, if they are contiguous.
    pub(crate) fn only_chunk(&self) -> Option<&[u8]> {
        self.segments.is_empty().then_some(&self.tail)
    }

    /// Fills `slices` with the bytes to write next, up to a region, and returns how many slices it filled.
    pub(crate) fn chunks<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        let segments = self.segments.iter().map(|segment| segment.bytes().map(|bytes| &bytes[..]));
        let chunks = segments.chain([Some(&self.tail[..])]).map_while(|chunk| chunk);
        let mut filled = 0;
        for (slice, chunk) in slices.iter_mut().zip(chunks.filter(|chunk| !chunk.is_empty())) {
            *slice = IoSlice::new(chunk);
            filled += 1;
        }
        filled
    }

    /// Removes `written` bytes in memory. Returns true if a frame, or a run of small frames, is completely written.
    pub(crate) fn advance(&mut self, mut written: usize) -> bool {
        debug_assert!(written <= self.len, "the socket cannot write more than is pending");
        self.len = self.len.saturating_sub(written);
        let mut completed = false;
        while let Some(Segment::Bytes(first) | Segment::Head(first)) = self.segments.front_mut() {
            if written < first.len() {
                first.advance(written);
                return completed;
            }
            written -= first.len();
            completed |= matches!(self.segments.pop_front(), Some(Segment::Bytes(_)));
        }
        if !self.segments.is_empty() {
            return completed;
        }
        if written >= self.tail.len() {
            completed |= !self.tail.is_empty();
            self.tail.clear();
        } else {
            self.tail.advance(written);
        }
        completed
    }

    /// Advances in the first region. Returns true if the region, and so its frame, is completely written.
    pub(crate) fn advance_region(&mut self, written: usize) -> bool {
        let Some(Segment::Region { region, sent }) = self.segments.front_mut() else { return false };
        *sent += written;
        debug_assert!(*sent <= region.len(), "the socket cannot write more than is pending");
        let completed = *sent >= region.len();
        if completed {
            self.segments.pop_front();
        }
        completed
    }

    /// Releases the memory, if nothing is pending. Returns whether there was any.
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

#[cold]
fn unknown(body: &dyn ExternalBody) -> EncodeError {
    EncodeError::UnknownBody { body: format!("{body:?}") }
}

#[cfg(test)]
mod tests;
