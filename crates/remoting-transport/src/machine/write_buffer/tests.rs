use std::sync::Arc;

use remoting_protocol::{FrameLimits, RequestCode};

use super::*;

/// Writes all pending bytes, at most `step` at a time, as a socket would.
fn written(buffer: &mut WriteBuffer, step: usize) -> Vec<u8> {
    let mut out = Vec::new();
    while !buffer.is_empty() {
        if let Some((region, sent)) = buffer.region() {
            assert_eq!(buffer.chunks(&mut [IoSlice::new(&[])]), 0, "bytes behind a region wait for it");
            let mut bytes = vec![0; step.min(region.len() - sent)];
            let read = region.read(sent, &mut bytes).unwrap();
            out.extend_from_slice(&bytes[..read]);
            buffer.advance_region(read);
            continue;
        }
        let mut slices = [IoSlice::new(&[]); MAX_SLICES];
        let filled = buffer.chunks(&mut slices);
        let before = out.len();
        for slice in &slices[..filled] {
            let left = step - (out.len() - before);
            out.extend_from_slice(&slice[..left.min(slice.len())]);
        }
        let taken = out.len() - before;
        buffer.advance(taken);
    }
    out
}

fn region(bytes: &[u8]) -> FileRegion {
    let file = tempfile::tempfile().unwrap();
    std::io::Write::write_all(&mut &file, bytes).unwrap();
    FileRegion::new(file, 0, bytes.len()).unwrap()
}

fn filled(commands: &[RemotingCommand]) -> WriteBuffer {
    let encoder = FrameEncoder::new(FrameLimits::default());
    let mut buffer = WriteBuffer::default();
    for command in commands {
        buffer.encode(&encoder, command).unwrap();
    }
    buffer
}

fn request(code: i32) -> RemotingCommand {
    RemotingCommand::request(RequestCode(code))
}

#[test]
fn partial_writes_lose_nothing_and_large_bodies_are_not_copied() {
    let large = Bytes::from(vec![7; 100_000]);
    let commands = [request(1).with_body("small"), request(2).with_body(large.clone()), request(3)];
    let fill = || filled(&commands);
    let in_place = |segment: &Segment| segment.bytes().is_some_and(|bytes| bytes.as_ptr() == large.as_ptr());
    assert!(fill().segments.iter().any(in_place));
    let whole = written(&mut fill(), usize::MAX);
    assert_eq!(whole.len(), fill().len());
    for step in [1, 7, 4096, 99_999] {
        assert!(written(&mut fill(), step) == whole, "step {step}");
    }
}

#[test]
fn regions_are_written_in_place_of_their_bytes() {
    let (short, long) = (vec![1; 50], (0..=255).cycle().take(100_000).collect::<Vec<u8>>());
    let commands = |as_region: bool| {
        let body = |code, bytes: &[u8]| match as_region {
            true => request(code).with_body(region(bytes)),
            false => request(code).with_body(bytes.to_vec()),
        };
        [
            request(1).with_body("small"),
            body(2, &long),
            body(3, &short),
            request(4).with_body(long.clone()),
            body(5, &[]),
            body(6, &long),
            request(7),
        ]
    };
    let whole = written(&mut filled(&commands(false)), usize::MAX);
    for step in [1, 7, 4096, 99_999, usize::MAX >> 1] {
        assert!(written(&mut filled(&commands(true)), step) == whole, "step {step}");
    }
}

#[test]
fn a_region_holds_no_memory_and_keeps_the_buffer_non_empty() {
    let mut buffer = filled(&[request(1).with_body(region(&[7; 10_000]))]);
    let head = buffer.len();
    assert!(head < 200, "{head}");
    buffer.advance(head);
    assert_eq!(buffer.len(), 0);
    assert!(!buffer.is_empty());
    buffer.advance_region(10_000);
    assert!(buffer.is_empty());
}

#[test]
fn a_frame_is_complete_with_the_last_byte_of_its_body() {
    for body in [region(&[7; 10_000]).into(), remoting_protocol::Body::from(vec![7; 10_000])] {
        let mut buffer = filled(&[request(1), request(2).with_body(body)]);
        let heads = buffer.segments[0].bytes().unwrap().len();
        assert!(!buffer.advance(heads - 1));
        assert!(buffer.advance(1), "the first frame is written");
        let rest = |buffer: &mut WriteBuffer, written| match buffer.region() {
            Some(_) => buffer.advance_region(written),
            None => buffer.advance(written),
        };
        assert!(!rest(&mut buffer, 9_999));
        assert!(rest(&mut buffer, 1));

        let mut alone = filled(&[request(2).with_body(region(&[7; 10_000]))]);
        assert!(!alone.advance(alone.len()), "a header is not a whole frame");
    }
}

#[derive(Debug)]
struct Elsewhere;

impl ExternalBody for Elsewhere {
    fn len(&self) -> usize {
        1
    }
}

#[test]
fn an_unknown_external_body_is_an_error_before_its_first_byte() {
    let mut buffer = filled(&[request(1)]);
    let before = buffer.len();
    let encoder = FrameEncoder::new(FrameLimits::default());
    let error = buffer.encode(&encoder, &request(2).with_body(Arc::new(Elsewhere))).unwrap_err();
    assert_eq!(error, EncodeError::UnknownBody { body: "Elsewhere".to_owned() });
    assert_eq!(buffer.len(), before);
}
