use super::*;
use crate::protocol::{FrameEncoder, RequestCode};

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

/// Receives frames of `size` bytes, which the socket has ready, and returns how many bytes were moved within memory.
fn moved(sizes: &[usize], kept: bool) -> usize {
    let (mut buffer, mut moved, mut block) = (ReadBuffer::default(), 0, std::ptr::null());
    let decoder = FrameDecoder::default();
    let mut socket = BytesMut::new();
    for size in sizes {
        let frame = RemotingCommand::request(RequestCode(1)).with_body(vec![1; *size]);
        FrameEncoder::default().encode(&frame, &mut socket).unwrap();
    }
    let (mut commands, mut small) = (Vec::new(), SmallFrames::default());
    while !socket.is_empty() {
        let missing = decoder.missing(&buffer.bytes);
        let len = buffer.bytes.len();
        let space = buffer.prepare(missing);
        if space.as_ptr() != block {
            moved += len;
        }
        let read = socket.split_to((space.capacity() - len).min(socket.len()));
        space.extend_from_slice(&read);
        buffer.received(read.len());
        while let Some(command) = buffer.decode(decoder, &mut small).unwrap() {
            if kept {
                commands.push(command);
            }
        }
        buffer.put_back(std::mem::take(&mut small));
        block = buffer.bytes.as_ptr();
    }
    moved
}

#[test]
fn large_frames_are_received_where_they_stay() {
    for size in [40 << 10, 64 << 10, 300 << 10, 1 << 20] {
        for kept in [true, false] {
            let first = moved(&[size], kept);
            let then = moved(&[size; 101], kept) - first;
            assert!(then <= 100 * 2 * SMALLEST_READ + BEGINNING, "{then} bytes were moved for 100 of {size}");
        }
    }
}

#[test]
fn a_frame_larger_than_those_before_gets_what_they_got_and_then_as_much_as_has_arrived() {
    let mut buffer = ReadBuffer { proven: 1 << 20, ..ReadBuffer::default() };
    buffer.take_in(&[0; 40], false);
    let first = buffer.prepare(16 << 20).capacity();
    assert_eq!(first, (1 << 20) + SMALLEST_READ);
    let rest = first - buffer.bytes.len();
    buffer.bytes.resize(first, 0);
    buffer.received(rest);
    assert_eq!(buffer.prepare(15 << 20).capacity(), 2 * first);
}

#[test]
fn a_quiet_period_ends_the_trust_in_large_frames() {
    for partial in [0, 40] {
        let mut buffer = ReadBuffer { proven: 1 << 20, ..ReadBuffer::default() };
        buffer.bytes.reserve(1 << 20);
        buffer.note_block();
        buffer.bytes.resize(partial, 0);
        buffer.release();
        buffer.take_in(&[0; 40], false);
        let capacity = buffer.prepare(16 << 20).capacity();
        assert!(capacity <= 2 * FIRST_READ, "{capacity} bytes");
    }
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

#[test]
fn a_quiet_channel_that_has_released_memory_reserves_none_that_it_would_release_again() {
    let frame = 1 << 20;
    for len in [1, 1_000, 5_000, 100_000, frame / 2 - 1, frame / 2, frame / 2 + 1, frame / 2 + 600, frame - 1]
    {
        for proven in [0, frame as u32] {
            let mut buffer = ReadBuffer { proven, doubled: 4, last: 60_000, ..ReadBuffer::default() };
            buffer.bytes.resize(len, 0);
            for _ in 0..2 {
                buffer.prepare(frame - len);
                buffer.release();
            }
            buffer.prepare(frame - len);
            assert!(!buffer.is_releasable(), "{len} of {frame} bytes, {proven} proven");
        }
    }
}
