//! The result of decoding does not depend on the boundaries of reads.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod hex;
mod vector_files;

use hex::unhex;
use remoting_protocol::bytes::BytesMut;
use remoting_protocol::{FrameDecoder, RemotingCommand};
use vector_files::with_member;

#[test]
fn single_bytes_decode_to_the_same_commands() {
    let decoder = FrameDecoder::default();
    let mut stream = Vec::new();
    for vector in with_member("frame_hex") {
        let frame = unhex(vector["frame_hex"].as_str().unwrap());
        if frame.len() < 4096 {
            stream.extend_from_slice(&frame);
        }
    }

    let mut whole = BytesMut::from(&stream[..]);
    let mut at_once: Vec<RemotingCommand> = Vec::new();
    while let Some(command) = decoder.decode(&mut whole).unwrap() {
        at_once.push(command);
    }
    assert!(whole.is_empty() && at_once.len() > 500);

    let mut buffer = BytesMut::new();
    let mut one_by_one = Vec::new();
    for byte in stream {
        let missing = decoder.missing(&buffer);
        assert!(missing > 0);
        buffer.extend_from_slice(&[byte]);
        match decoder.decode(&mut buffer).unwrap() {
            Some(command) => {
                assert_eq!(missing, 1);
                one_by_one.push(command);
            }
            None => assert!(decoder.missing(&buffer) > 0),
        }
    }
    assert!(one_by_one == at_once);
}
