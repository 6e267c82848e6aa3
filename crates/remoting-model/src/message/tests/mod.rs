mod batch;
#[cfg(feature = "zlib")]
mod compressed;

use remoting_protocol::bytes::{Bytes, BytesMut};
use remoting_protocol::operation::CommandBody;
use remoting_protocol::{RemotingCommand, RequestCode};

use super::*;

fn message() -> MessageExt {
    MessageExt {
        topic: "T".into(),
        flag: 7,
        properties: [("TAGS", "a"), ("é", "中")].into_iter().collect(),
        body: "hi".into(),
        queue_id: 3,
        store_size: 108,
        queue_offset: 5,
        sys_flag: MessageSysFlag(0x4),
        born_timestamp: 1_700_000_000_000,
        born_host: "10.0.0.1:40000".parse().unwrap(),
        store_timestamp: 1_700_000_000_001,
        store_host: "192.168.0.47:10911".parse().unwrap(),
        commit_log_offset: 100,
        body_crc: body_crc(b"hi"),
        reconsume_times: 1,
        prepared_transaction_offset: 9,
    }
}

fn read_one(bytes: &Bytes) -> MessageExt {
    MessageDecoder::new().check_crc(true).decode(bytes).unwrap()
}

/// Replaces bytes at an offset of the encoded message.
fn with(offset: usize, bytes: &[u8]) -> Bytes {
    let mut encoded = BytesMut::from(&message().encode().unwrap()[..]);
    encoded[offset..offset + bytes.len()].copy_from_slice(bytes);
    encoded.freeze()
}

#[test]
fn a_message_is_read_as_it_was_written() {
    assert_eq!(read_one(&message().encode().unwrap()), message());
}

#[test]
fn hosts_of_both_families_set_their_bits() {
    let v6 = "[2001:db8::1]:10911".parse().unwrap();
    let v4 = message().born_host;
    for (born_host, store_host, bits) in [(v4, v4, 0), (v6, v4, 0x10), (v4, v6, 0x20), (v6, v6, 0x30)] {
        // The bits of the caller do not count.
        let written =
            MessageExt { born_host, store_host, sys_flag: MessageSysFlag(0x34 - bits), ..message() };
        let read = read_one(&written.encode().unwrap());
        assert_eq!(read.sys_flag, MessageSysFlag(0x4 | bits));
        assert_eq!((read.born_host, read.store_host), (born_host, store_host));
    }
}

#[test]
fn a_long_topic_needs_the_second_version() {
    for (length, magic_code) in [(0, 0xa7), (127, 0xa7), (128, 0xab), (32767, 0xab)] {
        let written = MessageExt { topic: "t".repeat(length).into(), ..message() };
        let encoded = written.encode().unwrap();
        assert_eq!(encoded[4..8], [0xda, 0xa3, 0x20, magic_code]);
        assert_eq!(read_one(&encoded).topic, written.topic);
    }
}

#[test]
fn what_no_length_field_can_state_is_not_written() {
    let mut out = BytesMut::from("kept");
    let topic = MessageExt { topic: "t".repeat(32768).into(), ..message() };
    let error = topic.encode_to(&mut out).unwrap_err();
    assert_eq!(error.to_string(), "the topic has 32768 bytes, and may have 32767");
    let mut properties = message();
    properties.properties.insert("p", &"v".repeat(32767 - 16));
    assert!(properties.encode().is_err());
    properties.properties.insert("p", &"v".repeat(32767 - 17));
    assert!(properties.encode().is_ok());
    assert_eq!(out, "kept");
}

#[test]
fn a_body_is_a_slice_of_the_list() {
    let list = MessageList::encode([&message(), &message()]).unwrap();
    let bytes = list.as_bytes().as_ptr_range();
    for message in &list {
        assert!(bytes.contains(&message.unwrap().body.as_ptr()));
    }
}

#[test]
fn the_id_of_the_client_comes_before_the_offset_id() {
    let mut message = message();
    assert_eq!(message.msg_id(), "C0A8002F00002A9F0000000000000064");
    message.properties.set_uniq_key("7F000001");
    assert_eq!(message.msg_id(), "7F000001");
    assert_eq!(message.offset_msg_id().to_string(), "C0A8002F00002A9F0000000000000064");
}

#[test]
fn a_malformed_message_is_an_error_with_its_place() {
    use MessageDecodeErrorKind as Kind;
    for (bytes, kind, offset) in [
        (Bytes::from_static(&[0, 0]), Kind::Truncated("the total size"), 0),
        (with(0, &[0, 0, 0, 90]), Kind::TotalSize { size: 90, available: 108 }, 0),
        (with(0, &[0, 0, 0, 109]), Kind::TotalSize { size: 109, available: 108 }, 0),
        (with(0, &[0xff; 4]), Kind::TotalSize { size: -1, available: 108 }, 0),
        (with(4, &[0xcb, 0xd4, 0x31, 0x94]), Kind::MagicCode(0xcbd4_3194), 4),
        (with(52, &[0, 1, 0, 0]), Kind::Port(0x1_0000), 52),
        (with(84, &[0xff; 4]), Kind::NegativeLength { field: "the body", length: -1 }, 84),
        (with(84, &[0, 0, 0, 21]), Kind::Overrun { field: "the body", length: 21, available: 20 }, 84),
        (with(90, &[0xff]), Kind::NegativeLength { field: "the topic", length: -1 }, 90),
        (with(90, &[16]), Kind::Truncated("the length of the properties"), 107),
        (with(92, &[0xff; 2]), Kind::NegativeLength { field: "the properties", length: -1 }, 92),
        (with(92, &[0, 15]), Kind::Overrun { field: "the properties", length: 15, available: 14 }, 92),
    ] {
        let error = MessageDecoder::new().decode(&bytes).unwrap_err();
        assert_eq!((error.kind(), error.message_offset(), error.offset()), (&kind, 0, offset));
    }
}

#[test]
fn a_checksum_is_compared_on_request() {
    let changed = with(88, b"ho");
    assert_eq!(&MessageDecoder::new().decode(&changed).unwrap().body[..], b"ho");
    let error = MessageDecoder::new().check_crc(true).decode(&changed).unwrap_err();
    let (stored, computed) = (body_crc(b"hi"), body_crc(b"ho"));
    assert_eq!(*error.kind(), MessageDecodeErrorKind::BodyCrc { stored, computed });
    let empty = MessageExt { body: Bytes::new(), ..message() };
    assert!(MessageDecoder::new().check_crc(true).decode(&empty.encode().unwrap()).is_ok());
}

#[test]
fn bytes_behind_the_properties_of_a_message_are_skipped() {
    let mut padded = BytesMut::from(&message().encode().unwrap()[..]);
    padded.extend_from_slice(&[0; 3]);
    padded[3] += 3;
    padded.extend_from_slice(&message().encode().unwrap());
    let list = MessageList::from(padded.freeze());
    let sizes: Vec<_> = list.iter().map(|message| message.unwrap().store_size).collect();
    assert_eq!(sizes, [111, 108]);
}

#[test]
fn a_list_ends_after_its_first_undecodable_message() {
    let mut bytes = BytesMut::new();
    message().encode_to(&mut bytes).unwrap();
    bytes.extend_from_slice(&with(4, &[0]));
    message().encode_to(&mut bytes).unwrap();
    let list = MessageList::from(bytes.freeze());
    let mut messages = list.iter();
    assert!(messages.next().unwrap().is_ok());
    assert_eq!(messages.offset(), 108);
    let error = messages.next().unwrap().unwrap_err();
    assert_eq!((error.message_offset(), error.offset()), (108, 112));
    assert_eq!(
        error.to_string(),
        "cannot decode the message at byte 108: 0x00A320A7 is not the magic code of a message (at byte 112)"
    );
    assert!(messages.next().is_none());
}

#[test]
fn the_list_of_a_command_is_its_body() {
    let list = MessageList::encode([&message()]).unwrap();
    let mut command = RemotingCommand::request(RequestCode::PULL_MESSAGE);
    let body = CommandBody::encode(list.clone(), &mut command).unwrap();
    assert_eq!(<MessageList as CommandBody>::decode(&command.with_body(body)), Ok(list));
    let empty = RemotingCommand::request(RequestCode::PULL_MESSAGE);
    assert!(<MessageList as CommandBody>::decode(&empty).unwrap().is_empty());
}
