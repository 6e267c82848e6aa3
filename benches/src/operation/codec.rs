//! The cost of a command in the codec: building and encoding, decoding, decoding with its typed header.
//!
//! `send_1k` is `SendMessageRequestHeaderV2`, 13 fields, with a body of 1 KiB; `bare` is a command of a header only.

use std::hint::black_box;

use remoting::protocol::bytes::{Bytes, BytesMut};
use remoting::protocol::{FrameDecoder, FrameEncoder, RemotingCommand, RequestCode, SerializeType};

use super::Operation;
use crate::send_message::{HEADER, SendMessageRequestHeaderV2};

/// The number of frames in a read buffer, as on a busy connection.
const FRAMES: usize = 32;

/// Which command.
#[derive(Clone, Copy)]
enum Subject {
    Send1k,
    Bare,
}

impl Subject {
    const fn name(self) -> &'static str {
        match self {
            Self::Send1k => "send_1k",
            Self::Bare => "bare",
        }
    }

    fn build(self, serialize_type: SerializeType, body: &Bytes) -> RemotingCommand {
        let command = match self {
            Self::Bare => RemotingCommand::request(RequestCode::HEART_BEAT),
            Self::Send1k => RemotingCommand::request(RequestCode::SEND_MESSAGE_V2)
                .with_header(black_box(&HEADER)) // or the compiler folds what is constant in it
                .unwrap_or_else(|error| panic!("the fixture has no header: {error}"))
                .with_body(body.clone()),
        };
        command.with_opaque(123_456).with_serialize_type(serialize_type)
    }
}

/// The codec, and `memcpy` of the same bytes.
#[must_use]
pub fn codec() -> Vec<Operation> {
    let mut operations = Vec::new();
    for serialize_type in [SerializeType::RocketMq, SerializeType::Json] {
        for subject in [Subject::Send1k, Subject::Bare] {
            operations.extend(of(serialize_type, subject));
        }
    }
    operations
}

fn of(serialize_type: SerializeType, subject: Subject) -> Vec<Operation> {
    let body = Bytes::from(vec![b'x'; 1024]);
    let command = subject.build(serialize_type, &body);
    let mut frame = BytesMut::new();
    let _ = FrameEncoder::default().encode(&command, &mut frame);
    let bytes = frame.len();
    let id = |name: &str| format!("codec/{serialize_type}/{}/{name}", subject.name());
    let out = || BytesMut::with_capacity(64 << 10);

    let (mut copied, source) = (out(), frame.clone());
    let mut operations = vec![Operation::new(id("memcpy"), bytes, move || {
        copied.clear();
        copied.extend_from_slice(black_box(&source));
        black_box(&copied);
    })];
    let (encoder, mut encoded) = (FrameEncoder::default(), out());
    operations.push(Operation::new(id("build+encode"), bytes, move || {
        encoded.clear();
        let command = subject.build(serialize_type, &body);
        let _ = black_box(encoder.encode_split(black_box(&command), &mut encoded));
    }));
    let (encoder, mut encoded) = (FrameEncoder::default(), out());
    operations.push(Operation::new(id("encode"), bytes, move || {
        encoded.clear();
        let _ = black_box(encoder.encode_split(black_box(&command), &mut encoded));
    }));

    let read_buffer = frame.repeat(FRAMES);
    let filled = read_buffer.clone();
    operations.push(Operation::on(
        id("decode"),
        FRAMES as u64,
        bytes,
        move || BytesMut::from(&filled[..]),
        |buffer| decode_all(buffer, |_| ()),
    ));
    if matches!(subject, Subject::Send1k) {
        operations.push(Operation::on(
            id("decode+typed"),
            FRAMES as u64,
            bytes,
            move || BytesMut::from(&read_buffer[..]),
            |buffer| {
                decode_all(buffer, |command| {
                    let header = command.header::<SendMessageRequestHeaderV2<'_>>();
                    black_box(header.is_ok());
                });
            },
        ));
    }
    operations
}

fn decode_all(buffer: &mut BytesMut, mut each: impl FnMut(&RemotingCommand)) {
    let decoder = FrameDecoder::default();
    while let Ok(Some(command)) = decoder.decode(buffer) {
        each(black_box(&command));
    }
}
