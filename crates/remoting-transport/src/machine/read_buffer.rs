//! Received bytes that are not decoded yet.

use bytes::{Buf, Bytes, BytesMut};

use crate::protocol::{DecodeError, FrameDecoder, RemotingCommand};

/// The size of the first read of a quiet channel. Holds a few dozen small frames.
pub(crate) const FIRST_READ: usize = 4 << 10;
/// The size of a read of a busy channel, unless it receives a large frame. May be up to twice as large if the buffer
/// holds a partial frame.
const LARGEST_READ: usize = 64 << 10;
/// The smallest read that is worth its system call.
const SMALLEST_READ: usize = 1 << 10;
/// A larger block of memory serves large frames, and is not kept for small ones.
const USUAL_BLOCK: u32 = 2 * LARGEST_READ as u32;

/// A buffer that grows with the received bytes, not with the announced length of a frame. It reserves memory for the
/// missing part of a frame, but at most as much as has arrived of it, or twice the size of the last read.
#[derive(Debug)]
pub(crate) struct ReadBuffer {
    pub(crate) bytes: BytesMut,
    /// The number of bytes to reserve for a read.
    read: u32,
    /// The size of the last read.
    last: u32,
    /// An upper bound of the size of the allocated block.
    block: u32,
    /// The number of reads since a frame needed a block of this size.
    unneeded: u32,
}

/// A copy of small frames at the front of a [`ReadBuffer`], while they are decoded.
#[derive(Debug, Default)]
pub(super) struct SmallFrames {
    /// The frames that are not decoded yet.
    frames: Bytes,
    /// The length of the copy.
    copied: usize,
}

impl Default for ReadBuffer {
    fn default() -> Self {
        Self { bytes: BytesMut::new(), read: FIRST_READ as u32, last: 0, block: 0, unneeded: 0 }
    }
}

impl ReadBuffer {
    /// Reserves memory for the next read. `missing` is the number of missing bytes of the current frame.
    ///
    /// A read that fills the buffer is followed by another read, so the buffer must be larger than the last read.
    pub(crate) fn prepare(&mut self, missing: usize) -> &mut BytesMut {
        if self.block > USUAL_BLOCK {
            self.release_large_block(missing);
        }
        let spare = self.bytes.capacity() - self.bytes.len();
        // A reservation copies the present bytes, so it is only worth it for few of them.
        let usual = if self.bytes.len() < SMALLEST_READ { self.last as usize } else { 0 };
        if spare < SMALLEST_READ.max(usual) && !(spare >= missing && self.bytes.len() >= LARGEST_READ) {
            self.bytes.reserve(self.wanted(missing));
            self.note_block();
        }
        &mut self.bytes
    }

    /// Decodes the next frame. Returns `None` if the frame is incomplete.
    ///
    /// Small frames are copied out together before they are decoded, so that commands do not share the block. They stay
    /// in the buffer until all of them are decoded, or [`put_back`](Self::put_back) is called.
    #[inline]
    pub(super) fn decode(
        &mut self,
        decoder: FrameDecoder,
        small: &mut SmallFrames,
    ) -> Result<Option<RemotingCommand>, DecodeError> {
        if small.frames.is_empty() {
            self.bytes.advance(small.copied);
            small.frames = decoder.copy_small_frames(&self.bytes);
            small.copied = small.frames.len();
            if small.copied == 0 {
                return decoder.decode(&mut self.bytes);
            }
        }
        decoder.decode_shared(&mut small.frames)
    }

    /// Returns whether all bytes are decoded.
    pub(super) fn is_consumed(&self, small: &SmallFrames) -> bool {
        small.frames.is_empty() && small.copied == self.bytes.len()
    }

    /// Ends a run of [`decode`](Self::decode): what is not decoded stays in the buffer.
    pub(super) fn put_back(&mut self, small: SmallFrames) {
        self.bytes.advance(small.copied - small.frames.len());
    }

    fn wanted(&self, missing: usize) -> usize {
        let read = self.read as usize;
        missing.min(self.bytes.len().max(read)).max(read)
    }

    /// Copies the first bytes after a quiet period. Reserves memory for more only if `more` are expected soon.
    pub(crate) fn take_in(&mut self, bytes: &[u8], more: bool) {
        self.bytes.reserve(if more { bytes.len().max(self.read as usize) } else { bytes.len() });
        self.bytes.extend_from_slice(bytes);
        self.note_block();
    }

    fn note_block(&mut self) {
        self.block = self.block.max(u32::try_from(self.bytes.capacity()).unwrap_or(u32::MAX));
    }

    /// Adapts the size of reads after a read of `received` bytes, so that the buffer holds two such reads.
    pub(crate) fn received(&mut self, received: usize) {
        self.last = received.min(LARGEST_READ - 1) as u32;
        self.unneeded = self.unneeded.saturating_add(1);
        if received > self.read as usize / 2 {
            self.read = (self.read * 2).min(LARGEST_READ as u32);
        }
    }

    /// Releases a large block if no large frame is being received. A large frame is often followed by another, so the
    /// block is kept until the next read.
    #[cold]
    fn release_large_block(&mut self, missing: usize) {
        let len = self.bytes.len();
        if len + missing >= self.block as usize / 4 {
            self.unneeded = 0;
        } else if len > 0 || self.unneeded > 1 {
            self.move_to(len + self.wanted(missing));
        }
    }

    /// Moves the bytes to a new block of `block` bytes.
    fn move_to(&mut self, block: usize) {
        let mut bytes = BytesMut::with_capacity(block);
        bytes.extend_from_slice(&self.bytes);
        *self = Self { bytes, block: 0, unneeded: 0, ..*self };
        self.note_block();
    }

    /// Releases the memory, except that of a partial frame.
    pub(crate) fn release(&mut self) {
        if self.bytes.is_empty() {
            *self = Self::default();
        } else if self.is_oversized() {
            self.read = FIRST_READ as u32;
            self.move_to(self.bytes.len());
        }
    }

    /// Returns whether a quiet channel can release memory.
    pub(crate) fn is_releasable(&self) -> bool {
        self.holds_memory() && (self.bytes.is_empty() || self.is_oversized())
    }

    /// Returns whether the block is much larger than the partial frame in it.
    fn is_oversized(&self) -> bool {
        self.block as usize > 2 * self.bytes.len().max(FIRST_READ)
    }

    pub(crate) fn holds_memory(&self) -> bool {
        self.bytes.capacity() > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Receives bytes of a frame that announces 16 MiB.
    fn arrive(buffer: &mut ReadBuffer, bytes: usize) {
        let missing = (16 << 20) - buffer.bytes.len();
        let space = buffer.prepare(missing);
        assert!(space.capacity() - space.len() >= bytes, "the read does not fit");
        space.resize(space.len() + bytes, 0);
        buffer.received(bytes);
    }

    #[test]
    fn an_announced_length_reserves_at_most_as_much_as_has_arrived() {
        let mut buffer = ReadBuffer::default();
        buffer.take_in(&[0; 40], false);
        while buffer.bytes.len() < 16 << 20 {
            let space = buffer.prepare((16 << 20) - buffer.bytes.len());
            let (len, capacity) = (space.len(), space.capacity());
            assert!(capacity <= 2 * len + 2 * FIRST_READ, "{capacity} bytes for {len}");
            let read = (capacity - len).min((16 << 20) - len);
            arrive(&mut buffer, read);
        }
    }

    #[test]
    fn single_bytes_reserve_one_small_read() {
        let mut buffer = ReadBuffer::default();
        buffer.take_in(&[0; 40], false);
        for _ in 0..1_000 {
            arrive(&mut buffer, 1);
            assert!(buffer.bytes.capacity() <= 40 + FIRST_READ, "{}", buffer.bytes.capacity());
        }
    }

    #[test]
    fn a_large_block_is_kept_for_the_next_large_frame_only() {
        let mut buffer = ReadBuffer::default();
        let fill = |buffer: &mut ReadBuffer| {
            while buffer.bytes.len() < 4 << 20 {
                let missing = (4 << 20) - buffer.bytes.len();
                let space = buffer.prepare(missing);
                let read = (space.capacity() - space.len()).min(missing);
                space.resize(space.len() + read, 0);
                buffer.received(read);
            }
            buffer.bytes.clear();
        };
        fill(&mut buffer);
        let block = buffer.prepare(8).as_ptr();
        fill(&mut buffer);
        assert_eq!(buffer.prepare(8).as_ptr(), block);
        buffer.prepare(8).extend_from_slice(&[0; 30]);
        buffer.received(30);
        buffer.bytes.clear();
        assert!(buffer.prepare(8).capacity() <= LARGEST_READ, "after a small frame");
    }

    #[test]
    fn a_large_block_is_not_kept_for_a_partial_small_frame() {
        let mut buffer = ReadBuffer::default();
        buffer.prepare(8).reserve(4 << 20);
        buffer.note_block();
        buffer.bytes.extend_from_slice(&[1; 10]);
        buffer.received(10);
        assert!(buffer.prepare(30).capacity() <= 2 * FIRST_READ);
        assert_eq!(&buffer.bytes[..], [1; 10]);
    }

    #[test]
    fn a_partial_frame_on_a_quiet_channel_holds_little_more_than_itself() {
        let mut buffer = ReadBuffer::default();
        buffer.prepare(8).reserve(LARGEST_READ);
        buffer.note_block();
        buffer.bytes.extend_from_slice(&[1; 100]);
        assert!(buffer.is_releasable());
        buffer.release();
        assert_eq!((buffer.bytes.capacity(), &buffer.bytes[..]), (100, &[1; 100][..]));
        assert!(!buffer.is_releasable());
    }

    #[test]
    fn a_read_as_large_as_the_last_does_not_fill_the_buffer() {
        let mut buffer = ReadBuffer::default();
        for read in 0..100 {
            let bytes = buffer.prepare(1);
            let space = bytes.capacity() - bytes.len();
            assert!(space > 10_000 || read < 3, "read {read} has space for {space} bytes");
            let received = space.min(10_000);
            bytes.resize(bytes.len() + received, 0);
            buffer.received(received);
            let _frames = buffer.bytes.split();
        }
    }

    #[test]
    fn a_partial_large_frame_with_enough_space_reserves_no_more() {
        let mut buffer = ReadBuffer::default();
        buffer.bytes.reserve(LARGEST_READ);
        buffer.prepare(LARGEST_READ).resize(40_000, 0);
        buffer.received(40_000);
        let (block, missing) = (buffer.bytes.as_ptr(), LARGEST_READ - 40_000);
        assert_eq!(buffer.prepare(missing).as_ptr(), block);
    }

    #[test]
    fn a_busy_channel_reads_more_at_once_and_a_quiet_channel_holds_no_memory() {
        let mut buffer = ReadBuffer::default();
        for _ in 0..10 {
            let space = buffer.prepare(1);
            let received = space.capacity() - space.len();
            space.resize(space.capacity(), 0);
            buffer.received(received);
            buffer.bytes.clear();
            buffer.bytes = BytesMut::new();
        }
        assert_eq!(buffer.prepare(1).capacity(), LARGEST_READ);
        buffer.release();
        assert!(!buffer.holds_memory());
    }
}
