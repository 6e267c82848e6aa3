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
/// The largest read for whose repetition memory is reserved before a frame has begun.
const LARGEST_REPEATED: usize = USUAL_BLOCK as usize - SMALLEST_READ;
/// The size of the read that begins the next frame after a larger read. The frame is then moved to a block of its size.
const BEGINNING: usize = 16 << 10;
/// A frame of this size gets a block of its own size, so that the read that completes it takes in little of the next
/// frame, which would have to be copied out of the block. Smaller frames are read several at a time.
const LARGE_FRAME: u32 = 32 << 10;

/// A buffer that grows with the received bytes, not with the announced length of a frame. It reserves memory for the
/// missing part of a frame, but only up to the size of the largest frame since the last quiet period, or as much as has
/// arrived of it, or twice the size of the last read.
#[derive(Debug, Default)]
pub(crate) struct ReadBuffer {
    pub(crate) bytes: BytesMut,
    /// The size of the last read.
    last: u32,
    /// The size of the largest frame since the memory was released. A peer that has sent such a frame gets memory for
    /// another as soon as its length has arrived.
    proven: u32,
    /// An upper bound of the size of the allocated block.
    block: u32,
    /// The number of reads since a frame needed a block of this size.
    unneeded: u8,
    /// How often the size of a usual read was doubled.
    doubled: u8,
}

/// A copy of small frames at the front of a [`ReadBuffer`], while they are decoded.
#[derive(Debug, Default)]
pub(super) struct SmallFrames {
    /// The frames that are not decoded yet.
    frames: Bytes,
    /// The length of the copy.
    copied: usize,
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
        let wanted = self.wanted(missing, spare);
        if wanted > spare {
            self.reserve(wanted);
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
                let before = self.bytes.len();
                let command = decoder.decode(&mut self.bytes);
                self.proven = self.proven.max((before - self.bytes.len()) as u32);
                return command;
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

    /// Returns how much space the next read needs. 0 if the `spare` space is enough.
    fn wanted(&self, missing: usize, spare: usize) -> usize {
        let len = self.bytes.len();
        if len + missing < LARGE_FRAME as usize {
            // A reservation copies the present bytes, so it is only worth it for few of them.
            let usual = if len < SMALLEST_READ { self.last as usize } else { 0 };
            return if spare < usual.max(SMALLEST_READ) { self.repeated_read() } else { 0 };
        }
        let proven = (self.proven as usize + SMALLEST_READ).saturating_sub(len);
        let allowed = len.max(self.usual_read()).max(proven);
        if spare < missing && missing <= allowed {
            (missing + SMALLEST_READ).min(allowed)
        } else if spare < SMALLEST_READ.min(missing) {
            allowed
        } else {
            0
        }
    }

    /// Returns the number of bytes to reserve for a read.
    fn usual_read(&self) -> usize {
        FIRST_READ << self.doubled
    }

    /// Returns the space for a read like the last one.
    fn repeated_read(&self) -> usize {
        match self.last as usize {
            last if last < self.usual_read() => self.usual_read(),
            last if last < LARGEST_REPEATED => last + SMALLEST_READ,
            _ => BEGINNING,
        }
    }

    /// Makes space for `additional` bytes, at the front of the block if it has it and no command uses it. Unlike
    /// `BytesMut::reserve`, never reserves more.
    fn reserve(&mut self, additional: usize) {
        if !self.bytes.try_reclaim(additional) {
            self.move_to(self.bytes.len() + additional);
        }
    }

    /// Copies the first bytes after a quiet period. Reserves memory for more only if `more` are expected soon.
    pub(crate) fn take_in(&mut self, bytes: &[u8], more: bool) {
        self.bytes.reserve(if more { bytes.len().max(self.usual_read()) } else { bytes.len() });
        self.bytes.extend_from_slice(bytes);
        self.note_block();
    }

    fn note_block(&mut self) {
        self.block = self.block.max(u32::try_from(self.bytes.capacity()).unwrap_or(u32::MAX));
    }

    /// Adapts the size of reads after a read of `received` bytes, so that the buffer holds two such reads.
    pub(crate) fn received(&mut self, received: usize) {
        let most = if self.proven < LARGE_FRAME { LARGEST_READ - 1 } else { LARGEST_REPEATED };
        self.last = received.min(most) as u32;
        self.unneeded = self.unneeded.saturating_add(1);
        if received > self.usual_read() / 2 && self.usual_read() < LARGEST_READ {
            self.doubled += 1;
        }
    }

    /// Releases a large block if no large frame is being received. A large frame is often followed by another, so the
    /// block is kept until the next read.
    #[cold]
    fn release_large_block(&mut self, missing: usize) {
        let len = self.bytes.len();
        if len + missing >= self.block as usize / 4 {
            self.unneeded = 0;
        } else if len == 0 && self.unneeded <= 1 {
            // The next large frame has the whole block, unless a command still uses it.
            let _reclaimed = self.bytes.try_reclaim(self.block as usize);
        } else {
            self.move_to(len + self.wanted(missing, 0));
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
            (self.doubled, self.proven, self.last) = (0, 0, 0);
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
mod tests;
