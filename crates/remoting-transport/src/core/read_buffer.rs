//! Received bytes that are not yet commands.

use bytes::BytesMut;

/// The first read of a quiet channel: room for a few dozen small frames.
pub(crate) const FIRST_READ: usize = 4 << 10;
/// The room made for a read of a busy channel that is in the middle of no large frame. The buffer may make it up to
/// twice as large when it keeps a part of a frame.
const LARGEST_READ: usize = 64 << 10;
/// Below this a read is not worth its system call.
const SMALLEST_READ: usize = 1 << 10;
/// How much memory a claimed length earns before its bytes arrive.
const ADVANCE: usize = 64 << 10;

/// A buffer that grows with what arrives, never with what is only claimed: room is made for the missing part of
/// a frame, but for no more than as much again as has come, or [`ADVANCE`].
#[derive(Debug)]
pub(crate) struct ReadBuffer {
    pub(crate) bytes: BytesMut,
    /// For how much room is made at once.
    read: usize,
    /// What the last read brought.
    last: usize,
}

impl Default for ReadBuffer {
    fn default() -> Self {
        Self { bytes: BytesMut::new(), read: FIRST_READ, last: 0 }
    }
}

impl ReadBuffer {
    /// Makes room for the next read, `missing` being what the frame at hand lacks.
    ///
    /// A read that fills its room is followed by another one, so one as large as the last must not end at the end of
    /// the buffer.
    pub(crate) fn prepare(&mut self, missing: usize) -> &mut BytesMut {
        let spare = self.bytes.capacity() - self.bytes.len();
        let wanted = missing.min(self.bytes.len().max(ADVANCE));
        // Making room copies what is there, which is to be little.
        let usual = if self.bytes.len() < SMALLEST_READ { self.last } else { 0 };
        if spare < wanted.max(SMALLEST_READ).max(usual) {
            self.bytes.reserve(wanted.max(self.read));
        }
        &mut self.bytes
    }

    /// Takes the first bytes after a quiet time, with room for more only if more are expected soon.
    pub(crate) fn take_in(&mut self, bytes: &[u8], more: bool) {
        self.bytes.reserve(if more { bytes.len().max(self.read) } else { bytes.len() });
        self.bytes.extend_from_slice(bytes);
    }

    /// Learns from a read of `received` bytes: there is to be room for two such reads.
    pub(crate) fn received(&mut self, received: usize) {
        self.last = received.min(LARGEST_READ - 1);
        if received > self.read / 2 {
            self.read = (self.read * 2).min(LARGEST_READ);
        }
    }

    /// Gives the memory back, if no part of a frame is held.
    pub(crate) fn release(&mut self) {
        if self.bytes.is_empty() {
            *self = Self::default();
        }
    }

    pub(crate) fn holds_memory(&self) -> bool {
        self.bytes.capacity() > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claimed_length_reserves_no_more_than_has_come_plus_a_constant() {
        let mut buffer = ReadBuffer::default();
        buffer.bytes.extend_from_slice(&[0; 8]);
        assert!(buffer.prepare(16 << 20).capacity() <= 8 + 2 * ADVANCE);
        buffer.bytes.resize(1 << 20, 0);
        assert!(buffer.prepare(15 << 20).capacity() <= 4 << 20);
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
        buffer.prepare(ADVANCE).resize(40_000, 0);
        buffer.received(40_000);
        let (place, missing) = (buffer.bytes.as_ptr(), ADVANCE - 40_000);
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
