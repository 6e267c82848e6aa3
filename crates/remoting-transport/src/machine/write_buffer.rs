//! Encoded frames on their way to the socket.

use std::{collections::VecDeque, io::IoSlice};

use bytes::{Buf, Bytes, BytesMut};
use remoting_protocol::{EncodeError, Encoded, ExternalBody, FrameEncoder, RemotingCommand};

use crate::file_region::{self, FileRegion};

/// How many slices one vectored write takes; Linux accepts 1 024, but beyond a few dozen nothing is gained.
pub(crate) const MAX_SLICES: usize = 64;

/// Small frames are copied one behind the other into `tail`; a large body stands uncopied among `segments`, so
/// that it goes out by a vectored write, and a region of a file stands there by name.
#[derive(Debug, Default)]
pub(crate) struct WriteBuffer {
    segments: VecDeque<Segment>,
    tail: BytesMut,
    len: usize,
}

#[derive(Debug)]
enum Segment {
    /// The last bytes of one or more frames.
    Bytes(Bytes),
    /// What goes before a body that stands alone, and no frame's end.
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
    /// Appends a frame and returns the room it takes: its size in memory, and [`file_region::ROOM`] for a region. On an error the buffer is as before.
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
        let mut region_room = 0;
        if let Encoded::Head { body } = encoded {
            let head = self.tail.split().freeze();
            self.segments.push_back(if before == 0 { Segment::Head(head) } else { Segment::Bytes(head) });
            self.segments.push_back(match region {
                Some(region) => {
                    region_room = file_region::ROOM;
                    Segment::Region { region: region.clone(), sent: 0 }
                }
                None => {
                    size += body.len();
                    Segment::Bytes(body.into_bytes())
                }
            });
        }
        self.len += size;
        Ok(size + region_room)
    }

    /// Bytes in memory that are not yet written.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0 && self.segments.is_empty()
    }

    /// The region to write next, and how much of it is out already.
    pub(crate) fn region(&self) -> Option<(&FileRegion, usize)> {
        match self.segments.front() {
            Some(Segment::Region { region, sent }) => Some((region, *sent)),
            _ => None,
        }
    }

    /// The bytes to write first, when they lie in one piece.
    pub(crate) fn only_chunk(&self) -> Option<&[u8]> {
        self.segments.is_empty().then_some(&self.tail)
    }

    /// Fills `slices` with the bytes to write next, up to a region, and returns how many it filled.
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

    /// Forgets `written` bytes in memory. True when a frame, or a run of small ones, is out to its last byte.
    pub(crate) fn advance(&mut self, mut written: usize) -> bool {
        debug_assert!(written <= self.len, "the socket cannot take more than there is");
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

    /// Forgets bytes of the region that is first. True when it, and so its frame, is out to its last byte.
    pub(crate) fn advance_region(&mut self, written: usize) -> bool {
        let Some(Segment::Region { region, sent }) = self.segments.front_mut() else { return false };
        *sent += written;
        debug_assert!(*sent <= region.len(), "the socket cannot take more than there is");
        let completed = *sent >= region.len();
        if completed {
            self.segments.pop_front();
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

#[cold]
fn unknown(body: &dyn ExternalBody) -> EncodeError {
    EncodeError::UnknownBody { body: format!("{body:?}") }
}

#[cfg(test)]
mod tests;
