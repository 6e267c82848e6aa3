//! Recorded frames of other implementations decode to the same fields as in Java, and encode to the same bytes.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod hex;
mod vector_files;

use std::collections::BTreeMap;

use hex::unhex;
use remoting_protocol::bytes::BytesMut;
use remoting_protocol::{
    CommandFlags, ExtFields, FrameDecoder, FrameEncoder, FrameLimits, LanguageCode, MqVersion,
    RemotingCommand, RequestCode, SerializeType,
};
use serde_json::Value;
use vector_files::with_member;

#[test]
fn recorded_frames_decode_to_the_same_fields_as_in_java() {
    for vector in frames() {
        let command = decode(&vector);
        let name = name(&vector);
        assert_eq!(command.code(), int(&vector, "code"), "{name}");
        assert_eq!(command.language(), language(&vector), "{name}");
        assert_eq!(command.version(), MqVersion(int(&vector, "version")), "{name}");
        assert_eq!(command.opaque(), int(&vector, "opaque"), "{name}");
        assert_eq!(command.flags(), CommandFlags(int(&vector, "flag")), "{name}");
        let direction = command.flags().to_string();
        assert_eq!(direction.split('+').next(), vector["direction"].as_str(), "{name}");
        assert_eq!(command.serialize_type(), serialize_type(&vector), "{name}");
        assert_eq!(command.remark(), vector["remark"].as_str(), "{name}");
        assert_eq!(command.body(), body(&vector), "{name}");

        let fields = command.ext_fields().map(|fields| fields.iter().collect::<BTreeMap<_, _>>());
        assert_eq!(fields.is_some(), vector["ext_fields"].is_object(), "{name}");
        let expected = ext_fields(&vector);
        let expected = expected.iter().filter_map(|(key, value)| Some((key.as_str(), value.as_deref()?)));
        assert_eq!(fields.unwrap_or_default(), expected.collect(), "{name}");
    }
}

#[test]
fn a_decoded_frame_encodes_to_the_same_bytes() {
    for vector in frames() {
        check_encoding(&vector, &decode(&vector));
    }
}

#[test]
fn a_command_built_from_the_fields_encodes_to_the_same_bytes() {
    for vector in frames() {
        check_encoding(&vector, &build(&vector));
    }
}

#[test]
fn each_supported_release_of_java_has_recorded_frames() {
    let frames = frames();
    for (release, version) in [("4.9.8", 409), ("5.3.3", 479), ("5.5.0", 513), ("5.5.1", 515)] {
        let source = format!("apache/rocketmq Java {release} (official artifact)");
        let of_release: Vec<&Value> = frames.iter().filter(|vector| vector["source"] == *source).collect();
        assert!(of_release.len() > 250, "{} frames of {release}", of_release.len());
        let announced = of_release.iter().filter(|vector| int(vector, "version") == version);
        assert!(announced.count() > 200, "{release} is version {version}");
    }
}

#[test]
fn the_additions_of_5_5_1_are_among_its_frames() {
    let frames = frames();
    let of_5_5_1 = || frames.iter().filter(|vector| vector["source"].as_str().unwrap().contains("5.5.1"));
    let code = |code: i32| of_5_5_1().filter(|vector| int(vector, "code") == code).count();
    // DELETE_TOPIC_IN_BROKER_LIST and DELETE_SUBSCRIPTION_GROUP_LIST, in both encodings.
    assert_eq!((code(5002), code(5003)), (2, 2));
    for vector in of_5_5_1().filter(|vector| name(vector).contains("NotificationRequestHeader")) {
        let command = decode(vector);
        let fields = command.ext_fields().unwrap();
        assert_eq!((fields.get("isLiteConsumer"), fields.get("clientId")), (Some("true"), Some("cid")));
    }
}

fn check_encoding(vector: &Value, command: &RemotingCommand) {
    let name = name(vector);
    let mut encoded = BytesMut::new();
    FrameEncoder::new(FrameLimits::default()).encode(command, &mut encoded).unwrap();
    let expected = unhex(vector["frame_hex"].as_str().unwrap());
    let from_java = vector["source"].as_str().unwrap().contains("Java");
    if command.serialize_type() == SerializeType::RocketMq || (from_java && has_one_form(vector)) {
        assert_eq!(encoded, expected, "{name}\n{}", String::from_utf8_lossy(&encoded));
        return;
    }
    let mut header = json_header(&encoded);
    let mut expected_header = json_header(&expected);
    for header in [&mut header, &mut expected_header] {
        let header = header.as_object_mut().unwrap();
        // The values of absent fields.
        header.entry("language").or_insert("JAVA".into());
        header.entry("serializeTypeCurrentRPC").or_insert("JSON".into());
    }
    assert_eq!(header, expected_header, "{name}");
    assert_eq!(encoded[encoded.len() - command.body().len()..], *command.body(), "{name}");
}

/// Returns whether all Java versions write the same text: the order of fields is fixed, and all versions escape the
/// same characters.
fn has_one_form(vector: &Value) -> bool {
    let fields = ext_fields(vector);
    let differs = |char: char| char < ' ' || matches!(char, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}');
    let remark = vector["remark"].as_str().unwrap_or_default();
    let texts = fields.iter().flat_map(|(key, value)| [key.as_str(), value.as_deref().unwrap_or_default()]);
    // Java omits a null language; ours is never null.
    let language_is_written = header_text(vector).contains("\"language\"");
    fields.len() <= 1 && language_is_written && !texts.chain([remark]).any(|text| text.contains(differs))
}

fn header_text(vector: &Value) -> String {
    let frame = unhex(vector["frame_hex"].as_str().unwrap());
    String::from_utf8(frame[8..8 + header_length(&frame)].to_vec()).unwrap()
}

fn header_length(frame: &[u8]) -> usize {
    u32::from_be_bytes([0, frame[5], frame[6], frame[7]]) as usize
}

fn json_header(frame: &[u8]) -> Value {
    serde_json::from_slice(&frame[8..8 + header_length(frame)]).unwrap()
}

fn decode(vector: &Value) -> RemotingCommand {
    let mut frame = BytesMut::from(&unhex(vector["frame_hex"].as_str().unwrap())[..]);
    assert_eq!(frame.len() as u64, vector["frame_len"].as_u64().unwrap());
    let command = FrameDecoder::default().decode(&mut frame);
    assert!(frame.is_empty(), "{}", name(vector));
    command.unwrap_or_else(|error| panic!("{}: {error}", name(vector))).unwrap()
}

/// Creates a command with the fields of the vector in the order of the frame.
fn build(vector: &Value) -> RemotingCommand {
    let mut command = RemotingCommand::request(RequestCode(int(vector, "code")))
        .with_language(language(vector))
        .with_version(MqVersion(int(vector, "version")))
        .with_opaque(int(vector, "opaque"))
        .with_flags(CommandFlags(int(vector, "flag")))
        .with_serialize_type(serialize_type(vector))
        .with_body(body(vector));
    if let Some(remark) = vector["remark"].as_str() {
        command = command.with_remark(remark);
    }
    if vector["ext_fields"].is_object() {
        let fields = ext_fields(vector);
        let order: Vec<String> = match vector["ext_order"].as_array() {
            Some(keys) => keys.iter().map(|key| key.as_str().unwrap().to_owned()).collect(),
            None => fields.keys().cloned().collect(),
        };
        command.set_ext_fields(Some(ExtFields::default()));
        for key in order {
            // Null and the empty text have the same encoding.
            let value = fields[&key].as_deref().unwrap_or_default();
            command = command.with_ext_field(&key, value).unwrap();
        }
    }
    command
}

fn frames() -> Vec<Value> {
    let frames = with_member("frame_hex");
    assert!(frames.len() > 500, "only {} recorded frames found", frames.len());
    frames
}

fn name(vector: &Value) -> String {
    format!("{} of {}", vector["name"], vector["source"])
}

fn int(vector: &Value, member: &str) -> i32 {
    vector[member].as_i64().unwrap().try_into().unwrap()
}

fn language(vector: &Value) -> LanguageCode {
    vector["language"].as_str().map_or(LanguageCode::JAVA, |name| name.parse().unwrap())
}

fn serialize_type(vector: &Value) -> SerializeType {
    match vector["serialize"].as_str() {
        Some("JSON") => SerializeType::Json,
        Some("ROCKETMQ") => SerializeType::RocketMq,
        other => panic!("{other:?}"),
    }
}

fn body(vector: &Value) -> Vec<u8> {
    vector["body_hex"].as_str().map(unhex).unwrap_or_default()
}

/// Returns the ext fields. Over ROCKETMQ Java reads an empty key as null; here it is the empty key.
fn ext_fields(vector: &Value) -> BTreeMap<String, Option<String>> {
    let null_key = vector["encoded_from"]["ext_fields"].get("").is_some();
    let fields = vector["ext_fields"].as_object().into_iter().flatten();
    fields
        .map(|(key, value)| {
            let key = if null_key && key == "null" { "" } else { key };
            (key.to_owned(), value.as_str().map(str::to_owned))
        })
        .collect()
}
