//! Headers that are accepted or rejected: conversions and limits of headers. `tests/json_dialect.rs` compares the
//! dialect with the Java releases.

use bytes::BytesMut;

use crate::{DecodeError, DecodeErrorKind, FrameDecoder, FrameLimits, LanguageCode, RemotingCommand};

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

fn assert_rejected(header: &str) {
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
fn the_serialize_type_in_the_header_and_unknown_keys_are_ignored() {
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
fn the_dialect_is_accepted() {
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
        "{code:105,opaque:77}",
    ] {
        let command = accepted(header);
        assert_eq!((command.code(), command.opaque()), (105, 77), "{header}");
    }
}

#[test]
fn texts_beyond_the_dialect_are_rejected() {
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
        assert_rejected(header);
    }
}

#[test]
fn integers_are_read_in_all_forms() {
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
        (".5", 0),
        ("\"1.5\"", 1),
        ("\"1e2\"", 100),
        ("007", 7),
        ("+5", 5),
        ("-5", -5),
        ("105L", 105),
        ("105B", 105),
        ("2147483647", i32::MAX),
        ("-2147483648", i32::MIN),
        // The low 32 bits in every version.
        ("2147483648.0", i32::MIN),
        // The low 32 bits up to 5.3, the largest integer since 5.4.
        ("3e9", i32::MAX),
        ("1e10", i32::MAX),
    ] {
        assert_eq!(accepted(&format!("{{\"flag\":{value}}}")).flags().0, meaning, "{value}");
    }
    for value in [
        "\"abc\"",
        "\" 1 \"",
        "[]",
        "{}",
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
        assert_rejected(&format!("{{\"flag\":{value}}}"));
    }
    assert_rejected(&format!("{{\"code\":{}}}", "1".repeat(100_000)));
}

#[test]
fn languages_are_read_by_name_and_by_number() {
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
        assert_rejected(&format!("{{\"language\":{value}}}"));
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
fn strings_are_read_with_their_escapes() {
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
        assert_rejected(&format!("{{\"remark\":\"{string}\"}}"));
    }
}

#[test]
fn invalid_utf_8_is_rejected_with_its_position() {
    for bytes in [&b"\xff\xfe"[..], b"\xc0\x80", b"\xed\xa0\x80"] {
        let header = [b"{\"remark\":\"ab", bytes, b"\"}"].concat();
        let error = decode_bytes(&header).expect_err("not UTF-8");
        assert_eq!(*error.kind(), DecodeErrorKind::InvalidUtf8("the JSON header"));
        assert_eq!(error.offset(), 8 + 13);
    }
}

#[test]
fn ext_fields_of_other_types_become_text() {
    assert!(accepted("{\"extFields\":null}").ext_fields().is_none());
    assert!(accepted("{\"extFields\":{}}").ext_fields().is_some_and(crate::ExtFields::is_empty));
    for value in ["\"\"", "[]", "1", "true", "\"a\"", "[{\"a\":\"b\"}]"] {
        assert_rejected(&format!("{{\"extFields\":{value}}}"));
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
        // As in 5.4 and newer. Older releases keep the text of the first two.
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
    for value in ["1e999999999", "nul", ""] {
        assert_rejected(&format!("{{\"extFields\":{{\"k\":{value}}}}}"));
    }
    for key in ["1", "a", "null", "true"] {
        assert_eq!(accepted(&format!("{{\"extFields\":{{{key}:\"v\"}}}}")).ext_field(key), Some("v"));
    }
    assert_eq!(
        accepted("{\"extFields\":{\"$ref\":\"$\",\"@type\":\"x\"}}").ext_fields().map(|e| e.len()),
        Some(2)
    );
}

#[test]
fn the_last_of_duplicate_ext_fields_counts_and_may_be_null() {
    assert_eq!(accepted("{\"extFields\":{\"k\":\"1\",\"k\":\"2\"}}").ext_field("k"), Some("2"));
    assert_eq!(accepted("{\"extFields\":{\"k\":\"1\",\"k\":null,\"l\":\"3\"}}").ext_field("k"), None);
    assert_eq!(accepted("{\"extFields\":{\"k\":\"1\",\"k\":null,\"k\":\"2\"}}").ext_field("k"), Some("2"));
}

#[test]
fn the_last_of_several_maps_counts_and_may_be_null() {
    for start in ["{", "{\"code\":1,", "{\"flag\":1,"] {
        let with_maps = |maps: [&str; 3]| {
            let maps = maps.map(|map| format!("\"extFields\":{map}")).join(",");
            accepted(&format!("{start}{maps},\"opaque\":7}}"))
        };
        let command = with_maps(["{\"k\":\"1\"}", "{}", "{\"l\":\"2\"}"]);
        assert_eq!(command.ext_fields().map(|fields| fields.iter().collect()), Some(vec![("l", "2")]));
        assert_eq!(command.opaque(), 7);
        let command = with_maps(["{}", "{\"k\":\"1\"}", "{}"]);
        assert!(command.ext_fields().is_some_and(crate::ExtFields::is_empty));
        assert!(with_maps(["{}", "{\"k\":\"1\"}", "null"]).ext_fields().is_none());
    }
}

#[test]
fn nesting_is_limited_and_does_not_recurse() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
        for field in ["\"x\":", "\"remark\":", "\"extFields\":{\"k\":"] {
            let end = if field.ends_with("{\"k\":") { "}}" } else { "}" };
            accepted(&format!("{{{field}{}{end}", nested(513)));
            assert_rejected(&format!("{{{field}{}{end}", nested(1025)));
            assert_rejected(&format!("{{{field}{}", open.repeat(1_000_000)));
        }
    }
    for mismatch in ["[}", "{]", "[1}", "{\"a\":1]", "[,]", "{\"a\"}", "[1 2]"] {
        assert_rejected(&format!("{{\"x\":{mismatch}}}"));
    }
}

#[test]
fn a_key_that_a_binary_header_cannot_carry_is_rejected() {
    let key = "k".repeat(32_767);
    assert_eq!(accepted(&format!("{{\"extFields\":{{\"{key}\":\"v\"}}}}")).ext_field(&key), Some("v"));
    assert_rejected(&format!("{{\"extFields\":{{\"{key}k\":\"v\"}}}}"));
}
