//! Malformed and hostile streams end with the outcome of a robust peer.
//!
//! The streams are not part of the repository. Without them these tests do nothing, but the unit tests check the
//! same rules. Streams about connections (time-outs, resets, responses), TLS or the PROXY protocol are for the
//! layers above.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod hex;
mod vector_files;

use hex::unhex;
use remoting_protocol::bytes::BytesMut;
use remoting_protocol::{DecodeError, FrameDecoder, LanguageCode, RemotingCommand};
use serde_json::Value;
use vector_files::with_member;

/// The result of decoding a stream.
struct Outcome {
    commands: Vec<RemotingCommand>,
    error: Option<DecodeError>,
    left: usize,
}

fn decode_segments(stream: &Value) -> Outcome {
    let decoder = FrameDecoder::default();
    let mut buffer = BytesMut::new();
    let mut outcome = Outcome { commands: Vec::new(), error: None, left: 0 };
    for segment in stream["segments"].as_array().unwrap() {
        let bytes = unhex(segment["hex"].as_str().unwrap());
        for _ in 0..segment["repeat"].as_u64().unwrap_or(1) {
            buffer.extend_from_slice(&bytes);
            while outcome.error.is_none() {
                let capacity = buffer.capacity();
                match decoder.decode(&mut buffer) {
                    Ok(Some(command)) => outcome.commands.push(command),
                    Ok(None) => {
                        assert_eq!(buffer.capacity(), capacity, "the decoder reserves nothing");
                        break;
                    }
                    Err(error) => outcome.error = Some(error),
                }
            }
        }
    }
    outcome.left = buffer.len();
    outcome
}

#[test]
fn each_stream_ends_with_the_expected_outcome() {
    for stream in with_member("segments") {
        let name = stream["name"].as_str().unwrap();
        let robust = stream["robust"].as_str().unwrap();
        if name.starts_with("proxy-") {
            continue;
        }
        let outcome = decode_segments(&stream);
        let shown = format!("{name}: {:?}, {} left", outcome.error, outcome.left);
        let closes = robust.starts_with("close only this connection")
            || robust.starts_with("parse in time linear in the header; close")
            || robust.starts_with("TLS off: close")
            || robust.starts_with("answer the good one if possible, then close");
        assert_eq!(outcome.error.is_some(), closes || rejected_by_choice(name), "{shown}");
        let expected = match name {
            "pipelined-500" => 500,
            "two-frames-one-write" => 2,
            "valid-then-garbage" => 1,
            _ if outcome.error.is_some() || incomplete(name) => 0,
            _ => 1,
        };
        assert_eq!(outcome.commands.len(), expected, "{shown}");
    }
}

/// Streams that a peer may accept or reject, and that are rejected here.
fn rejected_by_choice(name: &str) -> bool {
    matches!(
        name,
        "json-bom"
            | "json-overlong-utf8"
            | "json-extfields-string"
            | "json-comment"
            | "rmq-header-trailing-bytes"
    )
}

/// Streams that end inside a frame.
fn incomplete(name: &str) -> bool {
    matches!(
        name,
        "length-at-limit-header-only"
            | "length-at-limit-body-flood"
            | "one-byte-then-silence"
            | "partial-length-then-close"
            | "length-then-close"
            | "connect-and-rst"
            | "slow-loris-never-complete"
    )
}

#[test]
fn lenient_streams_have_the_same_meaning_as_in_java() {
    let only = |name: &str| {
        let stream = with_member("segments").into_iter().find(|stream| stream["name"] == name)?;
        let mut outcome = decode_segments(&stream);
        assert_eq!(outcome.commands.len(), 1, "{name}");
        outcome.commands.pop()
    };
    let Some(empty) = only("json-empty-object") else { return };
    assert_eq!((empty.code(), empty.opaque(), empty.language()), (0, 0, LanguageCode::JAVA));
    assert_eq!(only("json-duplicate-keys").unwrap().code(), 35);
    assert_eq!(only("json-code-string").unwrap().code(), 105);
    assert_eq!(only("json-code-float").unwrap().code(), 105);
    assert_eq!(only("json-code-null").unwrap().code(), 0);
    assert_eq!(only("json-opaque-missing").unwrap().opaque(), 0);
    assert_eq!(only("json-language-unknown").unwrap().language(), LanguageCode::OTHER);
    assert_eq!(only("json-extfields-10000").unwrap().ext_fields().unwrap().len(), 10_000);
    // Rejecting it would close the connection and fail other requests.
    assert_eq!(only("rmq-remark-invalid-utf8").unwrap().remark(), Some("\u{fffd}\u{fffd}\u{fffd}"));
    assert_eq!(only("rmq-language-unknown").unwrap().language(), LanguageCode(200));
    assert_eq!(only("rmq-code-negative").unwrap().code(), -1);
    assert_eq!(only("rmq-empty-value").unwrap().ext_fields().unwrap().len(), 0);
}
