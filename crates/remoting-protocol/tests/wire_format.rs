//! The example in `docs/wire-format.md` is correct.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod hex;

use hex::unhex;
use remoting_protocol::bytes::BytesMut;
use remoting_protocol::{
    FrameDecoder, FrameEncoder, LanguageCode, MqVersion, RemotingCommand, RequestCode, SerializeType,
};

/// Returns the lines of the document's first block in this language.
fn block(language: &str) -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/wire-format.md");
    let document = std::fs::read_to_string(path).unwrap();
    let fence = format!("```{language}");
    let lines = document.lines().skip_while(|line| **line != fence).skip(1).take_while(|line| *line != "```");
    lines.map(str::to_owned).collect()
}

/// Returns the bytes of the digits at the start of each line. Two spaces precede a comment.
fn hex_of(lines: &[String]) -> Vec<u8> {
    let digits = lines.iter().map(|line| line.split("  ").next().unwrap_or_default().replace(' ', ""));
    unhex(&digits.collect::<String>())
}

fn decode(frame: &[u8]) -> RemotingCommand {
    FrameDecoder::default().decode(&mut BytesMut::from(frame)).unwrap().unwrap()
}

fn encode(command: &RemotingCommand) -> BytesMut {
    let mut frame = BytesMut::new();
    assert_eq!(FrameEncoder::default().encode(command, &mut frame), Ok(()));
    frame
}

#[test]
fn the_hexadecimal_example_decodes_to_the_described_command() {
    let frame = hex_of(&block("hex"));
    let command = RemotingCommand::request(RequestCode::GET_ROUTEINFO_BY_TOPIC)
        .with_language(LanguageCode::JAVA)
        .with_version(MqVersion::V5_3_3)
        .with_opaque(7)
        .with_serialize_type(SerializeType::RocketMq)
        .with_ext_field("topic", "TopicTest")
        .and_then(|command| command.with_ext_field("acceptStandardJsonOnly", "true"))
        .unwrap();
    assert_eq!(decode(&frame), command);
    assert_eq!(encode(&command), frame);
}

#[test]
fn the_json_example_decodes_to_the_same_command() {
    let command = decode(&hex_of(&block("hex"))).with_serialize_type(SerializeType::Json);
    let frame = encode(&command);
    assert_eq!(frame.len(), 171);
    assert_eq!(String::from_utf8_lossy(&frame[8..]), block("json").concat());
    assert_eq!(decode(&frame), command);
}

#[test]
fn the_table_of_the_dialect_equals_that_of_the_code() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/");
    let code = std::fs::read_to_string(format!("{root}src/json/dialect.rs")).unwrap();
    let document = std::fs::read_to_string(format!("{root}../../docs/wire-format.md")).unwrap();
    let rows: Vec<_> = code.lines().filter_map(|line| line.strip_prefix("//! |")).collect();
    assert!(document.contains(&format!("\n|{}\n", rows.join("\n|"))));
}
