//! The number of allocations per command. The numbers are exact, so that every change is noticed.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use allocation_counter::measure;
use remoting_protocol::bytes::{Bytes, BytesMut};
use remoting_protocol::{FrameDecoder, FrameEncoder, RemotingCommand, RequestCode, SerializeType};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Header<'a> {
    topic: &'a str,
    queue_id: i32,
    born_timestamp: i64,
    batch: bool,
    properties: Option<&'a str>,
}

const HEADER: Header<'static> = Header {
    topic: "TopicTest",
    queue_id: 3,
    born_timestamp: 1_700_000_000_000,
    batch: false,
    properties: Some("KEYS\u{1}k\u{2}"),
};

fn command(serialize_type: SerializeType) -> RemotingCommand {
    RemotingCommand::request(RequestCode::SEND_MESSAGE)
        .with_serialize_type(serialize_type)
        .with_remark("a remark")
        .with_header(&HEADER)
        .unwrap()
        .with_body(Bytes::from_static(&[7; 1024]))
}

/// Returns the number of allocations of `work`, which first runs once without counting.
fn allocations<T>(mut work: impl FnMut() -> T) -> u64 {
    drop(work());
    measure(|| drop(work())).count_total
}

#[test]
fn a_typed_header_is_written_into_one_buffer() {
    let build = || RemotingCommand::request(RequestCode::SEND_MESSAGE).with_header(&HEADER);
    assert_eq!(allocations(build), 1);
}

#[test]
fn a_command_is_encoded_without_allocating() {
    for serialize_type in [SerializeType::Json, SerializeType::RocketMq] {
        let command = command(serialize_type);
        let mut dst = BytesMut::with_capacity(4096);
        let encode = || {
            dst.clear();
            FrameEncoder::default().encode(&command, &mut dst)
        };
        assert_eq!(allocations(encode), 0, "{serialize_type}");
    }
}

#[test]
fn decoding_allocates_only_for_the_ext_fields_of_a_json_header() {
    for (serialize_type, expected) in [(SerializeType::Json, 1), (SerializeType::RocketMq, 0)] {
        let mut frame = BytesMut::new();
        FrameEncoder::default().encode(&command(serialize_type), &mut frame).unwrap();
        let mut src = BytesMut::from(&frame.repeat(3)[..]);
        // A buffer allocates once, for its first slice.
        let first = FrameDecoder::default().decode(&mut src).unwrap();
        let counted = measure(|| {
            let command = FrameDecoder::default().decode(&mut src).unwrap().unwrap();
            assert_eq!(command.header::<Header<'_>>().unwrap().queue_id, 3);
        });
        assert_eq!(counted.count_total, expected, "{serialize_type}");
        drop(first);
    }
}

/// Returns the number of allocations of decoding a command.
fn allocations_of_decoding(command: &RemotingCommand) -> u64 {
    let mut frame = BytesMut::new();
    FrameEncoder::default().encode(command, &mut frame).unwrap();
    let mut src = BytesMut::from(&frame.repeat(3)[..]);
    let _first = FrameDecoder::default().decode(&mut src).unwrap();
    let mut decoded = None;
    let counted = measure(|| decoded = FrameDecoder::default().decode(&mut src).unwrap());
    assert_eq!(decoded.as_ref(), Some(command));
    counted.count_total
}

#[test]
fn a_small_command_takes_one_allocation_and_a_bare_header_none() {
    for serialize_type in [SerializeType::Json, SerializeType::RocketMq] {
        let bare = RemotingCommand::request(RequestCode::HEART_BEAT).with_serialize_type(serialize_type);
        assert_eq!(allocations_of_decoding(&bare), 0, "{serialize_type}");
        let with_header = bare.clone().with_header(&HEADER).unwrap();
        for command in [
            bare.clone().with_body("body"),
            bare.clone().with_remark("a remark"),
            bare.with_remark("a remark").with_body("body"),
            with_header.clone(),
            with_header.clone().with_body("body"),
            with_header.with_remark("a remark").with_body("body"),
        ] {
            assert_eq!(allocations_of_decoding(&command), 1, "{command:?}");
        }
    }
}

/// Returns a frame without a body that has this JSON header.
fn json_frame(header: &str) -> BytesMut {
    let mut frame = BytesMut::new();
    frame.extend_from_slice(&(header.len() as u32 + 4).to_be_bytes());
    frame.extend_from_slice(&(header.len() as u32).to_be_bytes());
    frame.extend_from_slice(header.as_bytes());
    frame
}

#[test]
fn the_number_of_allocations_does_not_depend_on_the_number_of_fields() {
    let header = |fields: usize| {
        let fields: Vec<String> = (0..fields).map(|n| format!("\"key{n}\":\"value \\u0001 {n}\"")).collect();
        format!("{{\"code\":10,\"extFields\":{{{}}},\"flag\":0,\"opaque\":1}}", fields.join(","))
    };
    for fields in [1, 50, 1000] {
        let mut src = json_frame(&header(fields));
        let counted = measure(|| {
            let command = FrameDecoder::default().decode(&mut src).unwrap().unwrap();
            assert_eq!(command.ext_fields().unwrap().len(), fields);
        });
        assert_eq!(counted.count_total, 1, "{fields} fields");
    }
}

#[test]
fn a_header_with_many_maps_takes_memory_in_proportion_to_its_length() {
    let maps: Vec<String> = (0..1_000).map(|n| format!("\"extFields\":{{\"key\":\"{n}\"}}")).collect();
    let header = format!("{{{}}}", maps.join(","));
    let mut src = json_frame(&header);
    let counted = measure(|| {
        let command = FrameDecoder::default().decode(&mut src).unwrap().unwrap();
        assert_eq!(command.ext_field("key"), Some("999"));
    });
    let limit = 8 * header.len() as u64;
    assert!(counted.bytes_total <= limit, "{} bytes, of a header of {}", counted.bytes_total, header.len());
}
