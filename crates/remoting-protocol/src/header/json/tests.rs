//! The table of spellings: what each Java version does with a header (observed with the official artifacts of 4.9.8,
//! 5.3.3, 5.4.0 and 5.5.0), and what we do. Whatever all four accept must be accepted.

use bytes::BytesMut;
use proptest::prelude::*;

use super::place::put_escaped;
use crate::json::string::push_escaped;
use crate::{
    CommandFlags, DecodeError, DecodeErrorKind, FrameDecoder, FrameEncoder, FrameLimits, LanguageCode,
    MqVersion, RemotingCommand, RequestCode, SerializeType,
};

fn decode(header: &str) -> Result<RemotingCommand, DecodeError> {
    decode_bytes(header.as_bytes())
}

fn decode_bytes(header: &[u8]) -> Result<RemotingCommand, DecodeError> {
    let mut frame = BytesMut::new();
    frame.extend_from_slice(&(header.len() as u32 + 4).to_be_bytes());
    frame.extend_from_slice(&(header.len() as u32).to_be_bytes());
    frame.extend_from_slice(header);
    let before = frame.clone();
    let result = FrameDecoder::new(FrameLimits::default()).decode(&mut frame);
    match &result {
        Ok(_) => assert!(frame.is_empty()),
        Err(_) => assert_eq!(frame, before, "an error takes nothing"),
    }
    result.map(|command| command.expect("a whole frame"))
}

fn accepted(header: &str) -> RemotingCommand {
    decode(header).unwrap_or_else(|error| panic!("{header}: {error}"))
}

fn assert_refused(header: &str) {
    let error = decode(header).expect_err(header);
    assert!(error.offset() >= 8 && error.offset() <= 8 + header.len(), "{header}: {error}");
}

#[test]
fn missing_fields_have_java_s_defaults() {
    let command = accepted("{}");
    assert_eq!((command.code(), command.version().0, command.opaque(), command.flags().0), (0, 0, 0, 0));
    assert_eq!(command.language(), LanguageCode::JAVA);
    assert!(command.remark().is_none() && command.ext_fields().is_none() && command.body().is_empty());
}

#[test]
fn the_named_serialize_type_and_unknown_keys_do_not_matter() {
    for value in
        ["\"JSON\"", "\"XML\"", "7", "null", "[1,{\"a\":[]}]", "1e999999999", "\"😀\"", "true", "-0.5e+3"]
    {
        assert_eq!(accepted(&format!("{{\"serializeTypeCurrentRPC\":{value},\"code\":105}}")).code(), 105);
        assert_eq!(accepted(&format!("{{\"x\":{value},\"code\":105}}")).code(), 105);
    }
    // Keys in another case, which 4.9 and 5.3 match, are unknown to 5.4 and newer.
    assert_eq!(accepted("{\"CODE\":105,\"op_aque\":7}").code(), 0);
    assert_eq!(accepted("{\"@type\":\"java.net.URL\",\"val\":\"http://x\",\"code\":5}").code(), 5);
}

#[test]
fn spellings_beyond_strict_json_that_all_versions_accept() {
    for header in [
        "{'code':105,'opaque':77}",
        "{\"code\":105,\"opaque\":77,}",
        " \n\t{ \"code\" : 105 ,\r\n \"opaque\":77 } \n\0\0",
        "{\"code\":105,\"opaque\":77}\n",
        "{\"code\":1,\"code\":105,\"opaque\":1,\"opaque\":77}",
        "{\"code\":\"105\",\"opaque\":\"+77\"}",
        "{\"code\":105L,\"opaque\":77.0}",
        "{\"opaque\":77,\"version\":null,\"code\":105}",
        "{\"co\\u0064e\":105,\"opaque\":77}",
    ] {
        let command = accepted(header);
        assert_eq!((command.code(), command.opaque()), (105, 77), "{header}");
    }
}

#[test]
fn spellings_that_some_version_refuses_are_refused() {
    for header in [
        "",
        "null",
        "\"\"",
        "[]",
        "{",
        "{\"code\"",
        "{\"code\":",
        "{\"code\":105",
        "{\"language\":\"",
        "{code:105}",
        "\u{feff}{\"code\":105}",
        "/*c*/{\"code\":105}",
        "{/*c*/\"code\":105}",
        "{\"code\":/*c*/105}",
        "{\"remark\":{/}}",
        "{\"extFields\":{\"a\":[/]}}",
        "{,\"code\":105}",
        "{\"code\":105,,\"opaque\":1}",
        "{\"code\":105;\"opaque\":1}",
        "{\"code\":105 \"opaque\":77}",
        "{\"code\":105}}",
        "{\"code\":105};",
        "{\"code\":105}{}",
        "{\"code\":105},",
    ] {
        assert_refused(header);
    }
}

#[test]
fn integers_in_all_their_spellings() {
    for (value, meaning) in [
        ("\"1\"", 1),
        ("\"+1\"", 1),
        ("true", 1),
        ("false", 0),
        ("\"\"", 0),
        ("\"null\"", 0),
        ("null", 0),
        ("1.5", 1),
        ("-1.9", -1),
        ("1e2", 100),
        ("5.", 5),
        ("007", 7),
        ("+5", 5),
        ("-5", -5),
        ("105L", 105),
        ("105B", 105),
        ("2147483647", i32::MAX),
        ("-2147483648", i32::MIN),
        // The low 32 bits, in every version.
        ("2147483648.0", i32::MIN),
        // The low 32 bits to 5.3, the largest integer from 5.4.
        ("3e9", i32::MAX),
        ("1e10", i32::MAX),
    ] {
        assert_eq!(accepted(&format!("{{\"flag\":{value}}}")).flags().0, meaning, "{value}");
    }
    for value in [
        "\"abc\"",
        "\" 1 \"",
        "[]",
        "\"1.5\"",
        "{}",
        ".5",
        "-",
        "1e",
        "2147483648",
        "4294967401",
        "10000000000000000000",
        "\"2147483648\"",
        "1e400",
        "1e999999999",
        "0x69",
        "TRUE",
        "Infinity",
        "1_05",
        "NaN",
        "undefined",
        "truest",
    ] {
        assert_refused(&format!("{{\"flag\":{value}}}"));
    }
    assert_refused(&format!("{{\"code\":{}}}", "1".repeat(100_000)));
}

#[test]
fn languages_by_name_and_by_number() {
    for (value, language) in [
        ("\"JAVA\"", LanguageCode::JAVA),
        ("\"rust\"", LanguageCode::RUST),
        ("9", LanguageCode::GO),
        ("\"9\"", LanguageCode::GO),
        ("\" JAVA\"", LanguageCode::JAVA),
        ("\"NODE-JS\"", LanguageCode::NODE_JS),
        ("null", LanguageCode::JAVA),
        ("\"KLINGON\"", LanguageCode::OTHER),
        ("\"\"", LanguageCode::OTHER),
    ] {
        assert_eq!(accepted(&format!("{{\"language\":{value}}}")).language(), language, "{value}");
    }
    for value in ["14", "99", "-1", "true", "{}", "[\"JAVA\"]"] {
        assert_refused(&format!("{{\"language\":{value}}}"));
    }
}

#[test]
fn a_remark_of_another_type_is_its_json_text() {
    for (value, remark) in [
        ("\"text\"", Some("text")),
        ("\"\"", Some("")),
        ("null", None),
        ("1.50", Some("1.50")),
        ("true", Some("true")),
        ("[1, 'a' ,null]", Some("[1,\"a\",null]")),
        ("{\"y\":2, \"x\":null, \"z\":\"\\n\"}", Some("{\"y\":2,\"z\":\"\\n\"}")),
    ] {
        assert_eq!(accepted(&format!("{{\"remark\":{value}}}")).remark(), remark, "{value}");
    }
}

#[test]
fn strings_and_their_escapes() {
    for (string, text) in [
        (r#"a\"\\\/\b\f\n\r\t"#, "a\"\\/\u{8}\u{c}\n\r\t"),
        (r"\x41\v\0\'", "A\u{b}\0'"),
        (r"\u0041\u00e9\u4e2d", "Aé中"),
        (r"\ud83d\ude00", "😀"),
        (r"\ud800", "\u{fffd}"),
        (r"\ud800x\udc00", "\u{fffd}x\u{fffd}"),
        ("raw\n\u{1}control", "raw\n\u{1}control"),
        ("\u{7f}\u{85}\u{2028}é中😀", "\u{7f}\u{85}\u{2028}é中😀"),
    ] {
        assert_eq!(accepted(&format!("{{\"remark\":\"{string}\"}}")).remark(), Some(text), "{string}");
        let command = accepted(&format!("{{\"extFields\":{{\"{string}\":\"{string}\"}}}}"));
        assert_eq!(command.ext_field(text), Some(text), "{string}");
    }
    for string in [r"\q", r"\u12", r"\uZZZZ", r"\u+123", r"\xg0", "\\"] {
        assert_refused(&format!("{{\"remark\":\"{string}\"}}"));
    }
}

#[test]
fn text_that_is_not_utf_8_is_refused_with_its_place() {
    for bytes in [&b"\xff\xfe"[..], b"\xc0\x80", b"\xed\xa0\x80"] {
        let header = [b"{\"remark\":\"ab", bytes, b"\"}"].concat();
        let error = decode_bytes(&header).expect_err("not UTF-8");
        assert_eq!(*error.kind(), DecodeErrorKind::InvalidUtf8("the JSON header"));
        assert_eq!(error.offset(), 8 + 13);
    }
}

#[test]
fn ext_fields_of_other_types() {
    assert!(accepted("{\"extFields\":null}").ext_fields().is_none());
    assert!(accepted("{\"extFields\":{}}").ext_fields().is_some_and(super::ExtFields::is_empty));
    for value in ["\"\"", "[]", "1", "true", "\"a\"", "[{\"a\":\"b\"}]"] {
        assert_refused(&format!("{{\"extFields\":{value}}}"));
    }
    for (value, text) in [
        ("\"\"", Some("")),
        ("1", Some("1")),
        ("-1", Some("-1")),
        ("true", Some("true")),
        ("false", Some("false")),
        ("null", None),
        ("1.50", Some("1.50")),
        ("12345678901234567890", Some("12345678901234567890")),
        // As 5.4 and newer; the older keep the spelling of the first two.
        ("1e3", Some("1000.0")),
        ("-0", Some("0")),
        ("1e-7", Some("1.0E-7")),
        ("007", Some("7")),
        ("{\"y\":2,\"x\":1}", Some("{\"y\":2,\"x\":1}")),
        ("[ ]", Some("[]")),
    ] {
        let command = accepted(&format!("{{\"extFields\":{{\"k\":{value},\"l\":\"m\",}}}}"));
        assert_eq!(command.ext_field("k"), text, "{value}");
        assert_eq!(command.ext_field("l"), Some("m"), "{value}");
    }
    for value in ["1e999999999", "NaN", "nul", ""] {
        assert_refused(&format!("{{\"extFields\":{{\"k\":{value}}}}}"));
    }
    for key in ["1", "a", "null", "true"] {
        assert_refused(&format!("{{\"extFields\":{{{key}:\"v\"}}}}"));
    }
    assert_eq!(
        accepted("{\"extFields\":{\"$ref\":\"$\",\"@type\":\"x\"}}").ext_fields().map(|e| e.len()),
        Some(2)
    );
}

#[test]
fn of_duplicate_ext_fields_the_last_wins_and_null_is_a_value() {
    assert_eq!(accepted("{\"extFields\":{\"k\":\"1\",\"k\":\"2\"}}").ext_field("k"), Some("2"));
    assert_eq!(accepted("{\"extFields\":{\"k\":\"1\",\"k\":null,\"l\":\"3\"}}").ext_field("k"), None);
    assert_eq!(accepted("{\"extFields\":{\"k\":\"1\",\"k\":null,\"k\":\"2\"}}").ext_field("k"), Some("2"));
    assert_eq!(accepted("{\"extFields\":{\"k\":\"1\"},\"extFields\":{}}").ext_field("k"), None);
}

#[test]
fn nesting_is_bounded_and_does_not_recurse() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
        for field in ["\"x\":", "\"remark\":", "\"extFields\":{\"k\":"] {
            let end = if field.ends_with("{\"k\":") { "}}" } else { "}" };
            accepted(&format!("{{{field}{}{end}", nested(513)));
            assert_refused(&format!("{{{field}{}{end}", nested(1025)));
            assert_refused(&format!("{{{field}{}", open.repeat(1_000_000)));
        }
    }
    for mismatch in ["[}", "{]", "[1}", "{\"a\":1]", "[,]", "{\"a\"}", "[1 2]"] {
        assert_refused(&format!("{{\"x\":{mismatch}}}"));
    }
}

#[test]
fn a_key_that_a_binary_header_could_not_hold_is_refused() {
    let key = "k".repeat(32_767);
    assert_eq!(accepted(&format!("{{\"extFields\":{{\"{key}\":\"v\"}}}}")).ext_field(&key), Some("v"));
    assert_refused(&format!("{{\"extFields\":{{\"{key}k\":\"v\"}}}}"));
}

#[test]
fn a_header_is_written_as_java_5_5_writes_it() {
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
fn a_field_that_is_null_in_a_binary_header_is_not_written() {
    let header = b"\0\x0a\x0c\x02\x01\0\0\0\x07\0\0\0\0\0\0\0\0\0\0\0\x18\0\x01a\0\0\0\x011\0\x01b\0\0\0\0\0\x02cc\0\0\0\x013";
    let mut frame = BytesMut::from(&[0, 0, 0, 4 + header.len() as u8, 1, 0, 0, header.len() as u8][..]);
    frame.extend_from_slice(header);
    let command = FrameDecoder::default().decode(&mut frame).unwrap().unwrap();
    let written = header_of(&command.with_serialize_type(SerializeType::Json));
    assert!(written.contains("\"extFields\":{\"a\":\"1\",\"cc\":\"3\"},"), "{written}");
}

/// The header of a command as it should be written, by serde_json where there is something to escape.
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
    fn the_first_part_of_a_text_is_escaped_as_by_itself(
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
    fn any_header_is_written_as_it_should(
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
            command.ext_fields_mut().insert(key, value).unwrap();
        }
        prop_assert_eq!(header_of(&command), expected(&command));
    }
}
