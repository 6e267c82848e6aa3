//! The text of written headers.

use bytes::BytesMut;
use proptest::prelude::*;

use super::super::put::put_escaped;
use crate::json::escape::push_escaped;
use crate::{
    CommandFlags, FrameDecoder, FrameEncoder, LanguageCode, MqVersion, RemotingCommand, RequestCode,
    SerializeType,
};

#[test]
fn a_header_is_written_as_in_java_5_5() {
    let command = RemotingCommand::request(RequestCode(200_050))
        .with_opaque(-7)
        .with_remark("é\u{7f}\u{2028}\u{1f}\"\\/\n")
        .with_ext_field("b", "\u{1}")
        .and_then(|command| command.with_ext_field("a", ""))
        .unwrap();
    assert_eq!(
        header_of(&command),
        "{\"code\":200050,\"extFields\":{\"b\":\"\\u0001\",\"a\":\"\"},\"flag\":0,\"language\":\"RUST\",\"opaque\":-7,\
         \"remark\":\"é\u{7f}\u{2028}\\u001f\\\"\\\\/\\n\",\"serializeTypeCurrentRPC\":\"JSON\",\"version\":513}"
    );
    let nameless = RemotingCommand::request(RequestCode(1)).with_language(LanguageCode(200));
    assert_eq!(
        header_of(&nameless),
        "{\"code\":1,\"flag\":0,\"opaque\":0,\"serializeTypeCurrentRPC\":\"JSON\",\"version\":513}"
    );
}

fn header_of(command: &RemotingCommand) -> String {
    let mut frame = BytesMut::new();
    assert_eq!(FrameEncoder::default().encode(command, &mut frame), Ok(()));
    String::from_utf8(frame[8..].to_vec()).unwrap()
}

#[test]
fn a_null_of_a_binary_header_is_not_written() {
    let header = b"\0\x0a\x0c\x02\x01\0\0\0\x07\0\0\0\0\0\0\0\0\0\0\0\x18\0\x01a\0\0\0\x011\0\x01b\0\0\0\0\0\x02cc\0\0\0\x013";
    let mut frame = BytesMut::from(&[0, 0, 0, 4 + header.len() as u8, 1, 0, 0, header.len() as u8][..]);
    frame.extend_from_slice(header);
    let command = FrameDecoder::default().decode(&mut frame).unwrap().unwrap();
    let written = header_of(&command.with_serialize_type(SerializeType::Json));
    assert!(written.contains("\"extFields\":{\"a\":\"1\",\"cc\":\"3\"},"), "{written}");
}

/// Returns the expected header of a command, with the escapes of serde_json.
fn expected(command: &RemotingCommand) -> String {
    let json = |text: &str| serde_json::to_string(text).unwrap();
    let ext = command.ext_fields().map(|fields| {
        let fields: Vec<_> = fields.iter().map(|(key, value)| json(key) + ":" + &json(value)).collect();
        format!(",\"extFields\":{{{}}}", fields.join(","))
    });
    format!(
        "{{\"code\":{}{},\"flag\":{}{},\"opaque\":{}{},\"serializeTypeCurrentRPC\":\"JSON\",\"version\":{}}}",
        command.code(),
        ext.unwrap_or_default(),
        command.flags().0,
        command.language().name().map(|name| format!(",\"language\":\"{name}\"")).unwrap_or_default(),
        command.opaque(),
        command.remark().map(|remark| format!(",\"remark\":{}", json(remark))).unwrap_or_default(),
        command.version().0,
    )
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z\"\\\\\u{1} !]{0,2}",
        "[a-zA-Z0-9]{0,40}",
        "[\\x00-\\x1f\"\\\\a-z \u{7f}é中😀]{0,40}",
        "\u{1}{0,300}"
    ]
}

fn integer() -> impl Strategy<Value = i32> {
    prop_oneof![any::<i32>(), -11..1100, Just(i32::MIN), Just(i32::MAX)]
}

proptest! {
    #[test]
    fn a_prefix_of_a_text_is_escaped_like_a_whole_text(
        piece in "[\\x00-\\x1f\"\\\\a-z !é]{0,20}",
        behind in "[\\x00-\\x1f\"\\\\a-z]{0,9}",
    ) {
        let mut other = Vec::new();
        push_escaped(&mut other, piece.as_bytes());
        prop_assert_eq!(format!("\"{}\"", String::from_utf8_lossy(&other)), serde_json::to_string(&piece).unwrap());
        let text = [piece.as_str(), &behind].concat();
        let mut room = vec![0; other.len() + 8];
        let end = put_escaped(&mut room, 0, text.as_bytes(), piece.len());
        prop_assert_eq!(end, Some(other.len()));
        prop_assert_eq!(&room[..other.len()], &other);
        for room_too_small in 0..other.len() {
            prop_assert_eq!(put_escaped(&mut room[..room_too_small], 0, text.as_bytes(), piece.len()), None);
        }
    }

    #[test]
    fn any_header_is_written_as_expected(
        (code, flag, opaque, version) in (integer(), integer(), integer(), integer()),
        language in 0_u8..16,
        remark in proptest::option::of(text()),
        fields in proptest::option::of(proptest::collection::vec((text(), text()), 0..6)),
    ) {
        let mut command = RemotingCommand::request(RequestCode(code))
            .with_flags(CommandFlags(flag))
            .with_opaque(opaque)
            .with_version(MqVersion(version))
            .with_language(LanguageCode(language));
        if let Some(remark) = remark {
            command = command.with_remark(remark);
        }
        for (key, value) in fields.iter().flatten() {
            command.set_ext_field(key, value).unwrap();
        }
        prop_assert_eq!(header_of(&command), expected(&command));
    }
}
