//! What one command costs in the codec: built and encoded, decoded, decoded with its typed header read.
//!
//! `send_1k` is `SendMessageRequestHeaderV2`, 13 fields, with a body of 1 KiB; `bare` is a command of a header only.

#![allow(missing_docs, reason = "criterion_group! makes a public function without docs")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use remoting_protocol::bytes::{Bytes, BytesMut};
use remoting_protocol::{FrameDecoder, FrameEncoder, RemotingCommand, RequestCode, SerializeType};
use serde::{Deserialize, Serialize};

/// Java's `SendMessageRequestHeaderV2` with the fields that a producer fills, under their one-letter keys.
#[derive(Serialize, Deserialize)]
struct SendMessageRequestHeaderV2<'a> {
    #[serde(rename = "a")]
    producer_group: &'a str,
    #[serde(rename = "b")]
    topic: &'a str,
    #[serde(rename = "c")]
    default_topic: &'a str,
    #[serde(rename = "d")]
    default_topic_queue_nums: i32,
    #[serde(rename = "e")]
    queue_id: i32,
    #[serde(rename = "f")]
    sys_flag: i32,
    #[serde(rename = "g")]
    born_timestamp: i64,
    #[serde(rename = "h")]
    flag: i32,
    #[serde(rename = "i")]
    properties: Option<&'a str>,
    #[serde(rename = "j")]
    reconsume_times: Option<i32>,
    #[serde(rename = "k")]
    unit_mode: bool,
    #[serde(rename = "m")]
    batch: bool,
    #[serde(rename = "n")]
    broker_name: Option<&'a str>,
}

const HEADER: SendMessageRequestHeaderV2<'static> = SendMessageRequestHeaderV2 {
    producer_group: "please_rename_unique_group_name",
    topic: "TopicTest",
    default_topic: "TBW102",
    default_topic_queue_nums: 4,
    queue_id: 3,
    sys_flag: 0,
    born_timestamp: 1_700_000_000_000,
    flag: 0,
    properties: Some(
        "KEYS\u{1}OrderID188\u{2}UNIQ_KEY\u{1}7F0000010B7C18B4AAC27B8F6C0A0000\u{2}WAIT\u{1}true\u{2}TAGS\u{1}TagA\u{2}",
    ),
    reconsume_times: Some(0),
    unit_mode: false,
    batch: false,
    broker_name: Some("broker-a"),
};

fn send_message(serialize_type: SerializeType, body: &Bytes) -> RemotingCommand {
    RemotingCommand::request(RequestCode::SEND_MESSAGE_V2)
        .with_opaque(123_456)
        .with_serialize_type(serialize_type)
        .with_header(&HEADER)
        .unwrap_or_else(|error| panic!("{error}"))
        .with_body(body.clone())
}

fn bare(serialize_type: SerializeType) -> RemotingCommand {
    RemotingCommand::request(RequestCode::HEART_BEAT).with_opaque(123_456).with_serialize_type(serialize_type)
}

fn codec(criterion: &mut Criterion) {
    let body = Bytes::from(vec![b'x'; 1024]);
    for serialize_type in [SerializeType::RocketMq, SerializeType::Json] {
        let mut group = criterion.benchmark_group(format!("codec/{serialize_type}"));
        let mut run = |name: &str, make: &dyn Fn() -> RemotingCommand, typed: bool| {
            let encoder = FrameEncoder::default();
            let decoder = FrameDecoder::default();
            let mut out = BytesMut::with_capacity(64 << 10);
            let mut frame = BytesMut::new();
            let _ = encoder.encode(&make(), &mut frame);
            group.throughput(Throughput::Bytes(frame.len() as u64));

            group.bench_function(format!("{name}/build+encode"), |bencher| {
                bencher.iter(|| {
                    out.clear();
                    encoder.encode(black_box(&make()), &mut out).is_ok()
                });
            });
            let command = make();
            group.bench_function(format!("{name}/encode"), |bencher| {
                bencher.iter(|| {
                    out.clear();
                    encoder.encode(black_box(&command), &mut out).is_ok()
                });
            });
            // A read buffer with 32 frames, as a busy connection has it.
            let filled = frame.repeat(32);
            let read_buffer = || BytesMut::from(&filled[..]);
            let decode_all = |mut buffer: BytesMut, each: &mut dyn FnMut(&RemotingCommand)| {
                while let Ok(Some(command)) = decoder.decode(&mut buffer) {
                    each(black_box(&command));
                }
                buffer
            };
            group.throughput(Throughput::Elements(32));
            group.bench_function(format!("{name}/decode x32"), |bencher| {
                bencher.iter_batched(
                    read_buffer,
                    |buffer| decode_all(buffer, &mut |_| ()),
                    BatchSize::LargeInput,
                );
            });
            if typed {
                let read_header = |command: &RemotingCommand| {
                    let header = command.header::<SendMessageRequestHeaderV2<'_>>();
                    black_box(header.is_ok());
                };
                group.bench_function(format!("{name}/decode+typed x32"), |bencher| {
                    bencher.iter_batched(
                        read_buffer,
                        |buffer| decode_all(buffer, &mut |command| read_header(command)),
                        BatchSize::LargeInput,
                    );
                });
            }
        };
        run("send_1k", &|| send_message(serialize_type, &body), true);
        run("bare", &|| bare(serialize_type), false);
        group.finish();
    }
}

criterion_group!(benches, codec);
criterion_main!(benches);
