//! Received bytes that are not yet commands.

use bytes::BytesMut;

/// The first read of a quiet channel: room for a few dozen small frames.
pub(crate) const FIRST_READ: usize = 4 << 10;
/// The room made for a read of a busy channel that is in the middle of no large frame. The buffer may make it up to
/// twice as large when it keeps a part of a frame.
const LARGEST_READ: usize = 64 << 10;
/// Below this a read is not worth its system call.
const SMALLEST_READ: usize = 1 << 10;
/// A block of memory beyond this is there for large frames, and is not kept for small ones.
const USUAL_BLOCK: u32 = 2 * LARGEST_READ as u32;

/// A buffer that grows with what arrives, never with what is only claimed: room is made for the missing part of
/// a frame, but for no more than as much again as has come of it, or twice what one read has brought.
#[derive(Debug)]
pub(crate) struct ReadBuffer {
    pub(crate) bytes: BytesMut,
    /// For how much room is made at once.
    read: u32,
    /// What the last read brought.
    last: u32,
    /// How large the block of memory is at most that the bytes lie in.
    block: u32,
    /// Reads since a frame needed so large a block.
    unneeded: u32,
}

impl Default for ReadBuffer {
    fn default() -> Self {
        Self { bytes: BytesMut::new(), read: FIRST_READ as u32, last: 0, block: 0, unneeded: 0 }
    }
}

impl ReadBuffer {
    /// Makes room for the next read, `missing` being what the frame at hand lacks.
    ///
    /// A read that fills its room is followed by another one, so one as large as the last must not end at the end of
    /// the buffer.
    pub(crate) fn prepare(&mut self, missing: usize) -> &mut BytesMut {
        if self.block > USUAL_BLOCK {
            self.give_back(missing);
        }
        let spare = self.bytes.capacity() - self.bytes.len();
        // Making room copies what is there, which is to be little.
        let usual = if self.bytes.len() < SMALLEST_READ { self.last as usize } else { 0 };
        if spare < SMALLEST_READ.max(usual) && !(spare >= missing && self.bytes.len() >= LARGEST_READ) {
            self.bytes.reserve(self.wanted(missing));
            self.note_block();
        }
        &mut self.bytes
    }

    fn wanted(&self, missing: usize) -> usize {
        let read = self.read as usize;
        missing.min(self.bytes.len().max(read)).max(read)
    }

    /// Takes the first bytes after a quiet time, with room for more only if more are expected soon.
    pub(crate) fn take_in(&mut self, bytes: &[u8], more: bool) {
        self.bytes.reserve(if more { bytes.len().max(self.read as usize) } else { bytes.len() });
        self.bytes.extend_from_slice(bytes);
        self.note_block();
    }

    fn note_block(&mut self) {
        self.block = self.block.max(u32::try_from(self.bytes.capacity()).unwrap_or(u32::MAX));
    }

    /// Learns from a read of `received` bytes: there is to be room for two such reads.
    pub(crate) fn received(&mut self, received: usize) {
        self.last = received.min(LARGEST_READ - 1) as u32;
        self.unneeded = self.unneeded.saturating_add(1);
        if received > self.read as usize / 2 {
            self.read = (self.read * 2).min(LARGEST_READ as u32);
        }
    }

    /// Gives a large block back once no large frame is at hand. One large frame is often followed by another, so it is
    /// kept until the next read tells.
    #[cold]
    fn give_back(&mut self, missing: usize) {
        let len = self.bytes.len();
        if len + missing >= self.block as usize / 4 {
            self.unneeded = 0;
        } else if len > 0 || self.unneeded > 1 {
            self.move_to(len + self.wanted(missing));
        }
    }

    /// Moves the bytes to a new block of this size.
    fn move_to(&mut self, block: usize) {
        let mut bytes = BytesMut::with_capacity(block);
        bytes.extend_from_slice(&self.bytes);
        *self = Self { bytes, block: 0, unneeded: 0, ..*self };
        self.note_block();
    }

    /// Gives the memory back, but for what a part of a frame takes.
    pub(crate) fn release(&mut self) {
        if self.bytes.is_empty() {
            *self = Self::default();
        } else if self.is_oversized() {
            self.read = FIRST_READ as u32;
            self.move_to(self.bytes.len());
        }
    }

    /// Whether there is memory to give back on a quiet channel.
    pub(crate) fn is_releasable(&self) -> bool {
        self.holds_memory() && (self.bytes.is_empty() || self.is_oversized())
    }

    /// Whether a part of a frame holds much more than itself.
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

    /// Bytes of a frame that claims 16 MiB arrive.
    fn arrive(buffer: &mut ReadBuffer, bytes: usize) {
        let missing = (16 << 20) - buffer.bytes.len();
        let room = buffer.prepare(missing);
        assert!(room.capacity() - room.len() >= bytes, "the read does not fit");
        room.resize(room.len() + bytes, 0);
        buffer.received(bytes);
    }

    #[test]
    fn a_claimed_length_reserves_no_more_than_has_come_and_as_much_again() {
        let mut buffer = ReadBuffer::default();
        buffer.take_in(&[0; 40], false);
        while buffer.bytes.len() < 16 << 20 {
            let room = buffer.prepare((16 << 20) - buffer.bytes.len());
            let (len, capacity) = (room.len(), room.capacity());
            assert!(capacity <= 2 * len + 2 * FIRST_READ, "{capacity} bytes for {len}");
            let read = (capacity - len).min((16 << 20) - len);
            arrive(&mut buffer, read);
        }
    }

    #[test]
    fn bytes_that_drip_in_reserve_one_small_read() {
        let mut buffer = ReadBuffer::default();
        buffer.take_in(&[0; 40], false);
        for _ in 0..1_000 {
            arrive(&mut buffer, 1);
            assert!(buffer.bytes.capacity() <= 40 + FIRST_READ, "{}", buffer.bytes.capacity());
        }
    }

    #[test]
    fn a_large_block_is_kept_from_one_large_frame_to_the_next_and_no_longer() {
        let mut buffer = ReadBuffer::default();
        let fill = |buffer: &mut ReadBuffer| {
            while buffer.bytes.len() < 4 << 20 {
                let missing = (4 << 20) - buffer.bytes.len();
                let room = buffer.prepare(missing);
                let read = (room.capacity() - room.len()).min(missing);
                room.resize(room.len() + read, 0);
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
        assert!(buffer.prepare(8).capacity() <= LARGEST_READ, "a small frame came");
    }

    #[test]
    fn a_large_block_is_not_kept_for_a_part_of_a_small_frame() {
        let mut buffer = ReadBuffer::default();
        buffer.prepare(8).reserve(4 << 20);
        buffer.note_block();
        buffer.bytes.extend_from_slice(&[1; 10]);
        buffer.received(10);
        assert!(buffer.prepare(30).capacity() <= 2 * FIRST_READ);
        assert_eq!(&buffer.bytes[..], [1; 10]);
    }

    #[test]
    fn on_a_quiet_channel_a_part_of_a_frame_holds_little_more_than_itself() {
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
    fn a_read_like_the_one_before_it_does_not_end_at_the_end_of_the_buffer() {
        let mut buffer = ReadBuffer::default();
        for read in 0..100 {
            let bytes = buffer.prepare(1);
            let room = bytes.capacity() - bytes.len();
            assert!(room > 10_000 || read < 3, "read {read} has room for {room} bytes");
            let received = room.min(10_000);
            bytes.resize(bytes.len() + received, 0);
            buffer.received(received);
            let _frames = buffer.bytes.split();
        }
    }

    #[test]
    fn no_room_is_made_behind_half_a_large_frame_that_has_its_room() {
        let mut buffer = ReadBuffer::default();
        buffer.bytes.reserve(LARGEST_READ);
        buffer.prepare(LARGEST_READ).resize(40_000, 0);
        buffer.received(40_000);
        let (place, missing) = (buffer.bytes.as_ptr(), LARGEST_READ - 40_000);
        assert_eq!(buffer.prepare(missing).as_ptr(), place);
    }

    #[test]
    fn a_busy_channel_reads_more_at_once_and_a_quiet_one_holds_nothing() {
        let mut buffer = ReadBuffer::default();
        for _ in 0..10 {
            let spare = buffer.prepare(1);
            let room = spare.capacity() - spare.len();
            spare.resize(spare.capacity(), 0);
            buffer.received(room);
            buffer.bytes.clear();
            buffer.bytes = BytesMut::new();
        }
        assert_eq!(buffer.prepare(1).capacity(), LARGEST_READ);
        buffer.release();
        assert!(!buffer.holds_memory());
    }
}
