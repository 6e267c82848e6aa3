//! Encoding and decoding are inverse, and the decoder does not panic on any input.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use proptest::prelude::*;
use remoting_protocol::bytes::BytesMut;
use remoting_protocol::{
    CommandFlags, ExtFields, FrameDecoder, FrameEncoder, FrameLimits, LanguageCode, MqVersion,
    RemotingCommand, RequestCode, SerializeType,
};

/// Text with escapes, control characters and characters of several planes.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9%@_-]{0,24}",
        "[\\x00-\\x1f\"\\\\/\u{7f}\u{85}\u{2028}\u{fffe}é中😀]{0,40}",
        proptest::collection::vec(any::<char>(), 0..200).prop_map(String::from_iter),
    ]
}

fn ext_fields() -> impl Strategy<Value = Option<Vec<(String, String)>>> {
    proptest::option::of(proptest::collection::vec((text(), text()), 0..20))
}

fn command(serialize_type: SerializeType) -> impl Strategy<Value = RemotingCommand> {
    let numbers = (any::<i32>(), any::<i32>(), any::<i32>(), any::<i32>());
    let language = 0..LanguageCode::ALL.len();
    let body = proptest::collection::vec(any::<u8>(), 0..10_000);
    (numbers, language, proptest::option::of(text()), ext_fields(), body).prop_map(
        move |((code, version, opaque, flags), language, remark, ext_fields, body)| {
            // The range of the 16 bits of a ROCKETMQ header.
            let narrow =
                |value: i32| if serialize_type == SerializeType::Json { value } else { value as i16 as i32 };
            let mut command = RemotingCommand::request(RequestCode(narrow(code)))
                .with_version(MqVersion(narrow(version)))
                .with_opaque(opaque)
                .with_flags(CommandFlags(flags))
                .with_language(LanguageCode::ALL[language])
                .with_serialize_type(serialize_type)
                .with_body(body);
            command.set_remark(remark.as_deref());
            command.set_ext_fields(ext_fields.as_ref().map(|_| ExtFields::default()));
            for (key, value) in ext_fields.into_iter().flatten() {
                command.set_ext_field(&key, &value).unwrap();
            }
            command
        },
    )
}

fn frame(command: &RemotingCommand) -> BytesMut {
    let mut frame = BytesMut::new();
    FrameEncoder::new(FrameLimits::default()).encode(command, &mut frame).unwrap();
    frame
}

fn decode(bytes: &[u8]) -> Option<RemotingCommand> {
    FrameDecoder::default().decode(&mut BytesMut::from(bytes)).unwrap()
}

/// Returns the command after ROCKETMQ, which has no empty texts.
fn as_binary(mut command: RemotingCommand) -> RemotingCommand {
    if command.remark() == Some("") {
        command.set_remark(None);
    }
    let fields: Option<Vec<_>> = command
        .ext_fields()
        .map(|fields| fields.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect());
    if let Some(fields) = fields {
        let none = fields.is_empty();
        for (key, _) in fields.iter().filter(|(_, value)| value.is_empty()) {
            command.remove_ext_field(key);
        }
        if none {
            command.set_ext_fields(None);
        }
    }
    command
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_json_frame_decodes_to_its_command(command in command(SerializeType::Json)) {
        prop_assert_eq!(decode(&frame(&command)).unwrap(), command);
    }

    #[test]
    fn a_binary_frame_decodes_to_its_command(command in command(SerializeType::RocketMq)) {
        let bytes = frame(&command);
        let decoded = decode(&bytes).unwrap();
        prop_assert_eq!(&frame(&decoded), &bytes);
        prop_assert_eq!(decoded, as_binary(command));
    }

    #[test]
    fn a_json_header_is_strict_json_and_the_lenient_reader_agrees(command in command(SerializeType::Json)) {
        let bytes = frame(&command);
        let length = u32::from_be_bytes([0, bytes[5], bytes[6], bytes[7]]) as usize;
        let header: serde_json::Value = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
        // The strict reader does not accept spaces.
        let spaced = serde_json::to_string_pretty(&header).unwrap();
        let mut other = ((spaced.len() + command.body().len() + 4) as u32).to_be_bytes().to_vec();
        other.extend_from_slice(&(spaced.len() as u32).to_be_bytes());
        other.extend_from_slice(spaced.as_bytes());
        other.extend_from_slice(command.body());
        prop_assert_eq!(decode(&other).unwrap(), command);
    }

    #[test]
    fn the_decoder_does_not_panic_on_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400), binary: bool) {
        let _ = FrameDecoder::default().decode(&mut BytesMut::from(&bytes[..]));
        // The same bytes after a valid head, so that they reach a header decoder.
        let mut framed = (bytes.len() as u32 + 4).to_be_bytes().to_vec();
        framed.extend_from_slice(&(bytes.len() as u32 | u32::from(binary) << 24).to_be_bytes());
        framed.extend_from_slice(&bytes);
        let _ = FrameDecoder::default().decode(&mut BytesMut::from(&framed[..]));
    }

    #[test]
    fn the_decoder_does_not_panic_on_a_truncated_or_changed_frame(
        command in prop_oneof![command(SerializeType::Json), command(SerializeType::RocketMq)],
        at: prop::sample::Index,
        byte: u8,
    ) {
        let bytes = frame(&command);
        let at = at.index(bytes.len().min(2000));
        prop_assert_eq!(FrameDecoder::default().decode(&mut BytesMut::from(&bytes[..at])), Ok(None));

        let mut changed = bytes;
        changed[at] = byte;
        let mut src = changed.clone();
        match FrameDecoder::default().decode(&mut src) {
            Ok(Some(decoded)) => {
                let _ = FrameEncoder::default().encode(&decoded, &mut BytesMut::new());
            }
            Ok(None) => prop_assert_eq!(src, changed),
            Err(error) => {
                prop_assert!(error.offset() <= changed.len());
                prop_assert_eq!(src, changed);
            }
        }
    }
}

#[test]
fn hostile_headers_are_read_in_linear_time() {
    let many = |member: fn(usize) -> String| (0..100_000).map(member).collect::<Vec<_>>().join(",");
    for header in [
        format!("{{{}}}", many(|n| format!("\"unknown{n}\":[{n}]"))),
        format!("{{\"extFields\":{{{}}}}}", many(|n| format!("\"k{n}\":\"\\u0001\""))),
        format!(
            "{{\"extFields\":{{{}}}}}",
            many(|n| format!("\"k{}\":{}", n % 50_000, if n < 50_000 { "1" } else { "null" }))
        ),
        format!("{{{}}}", many(|n| format!("\"remark\":\"{n}\""))),
        format!("{{{}}}", many(|n| format!("\"extFields\":{{\"k\":\"{n}\"}}"))),
        format!("{{{}}}", many(|_| "\"extFields\":{}".to_owned())),
        format!("{{\"x\":{}", "[{\"a\":".repeat(100_000)),
        format!("{{\"x\":\"{}", "\\u0001".repeat(100_000)),
        format!("{{\"x\":{}", "1".repeat(1_000_000)),
    ] {
        let mut bytes = ((header.len() + 4) as u32).to_be_bytes().to_vec();
        bytes.extend_from_slice(&(header.len() as u32).to_be_bytes());
        bytes.extend_from_slice(header.as_bytes());
        let decoded = FrameDecoder::default().decode(&mut BytesMut::from(&bytes[..]));
        assert_eq!(decoded.is_ok(), header.ends_with('}'));
    }
}
