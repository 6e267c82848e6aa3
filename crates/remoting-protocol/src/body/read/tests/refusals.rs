//! Bodies that are rejected, and the cost of rejecting them.

use super::*;

fn position(error: &BodyError) -> (usize, &str) {
    match error {
        BodyError::Json { offset, path, .. } => (*offset, path),
        other => panic!("{other}"),
    }
}

#[test]
fn an_empty_body_is_missing() {
    assert!(matches!(rejection::<Table>(""), BodyError::Missing { .. }));
}

#[test]
fn invalid_json_is_rejected_at_the_position_of_the_error() {
    for (text, offset) in [
        (" ", 1),
        ("{", 1),
        ("{1", 2),
        ("{1:", 3),
        ("{1:'a'", 6),
        ("{1:'a';2:'b'}", 6),
        ("{1:'a' 2:'b'}", 7),
        ("{,}", 1),
        ("{1:'a',,}", 7),
        ("{1:'a'}}", 7),
        ("{1:'a'}{}", 7),
        ("{1:abc}", 3),
        ("{1:'a", 5),
        ("{1:'a\\", 6),
        ("{1:}", 3),
        ("{1:\u{e9}}", 3),
        ("\u{feff}{}", 0),
        ("{/*c*/1:'a'}", 1),
    ] {
        assert_eq!(position(&rejection::<Table>(text)).0, offset, "{text}");
    }
    assert_eq!(position(&from_json::<Table>(b"{1:'\xff'}").expect_err("not UTF-8")).0, 4);
}

#[test]
fn an_error_has_the_position_and_the_path_of_the_value() {
    let text =
        r#"{"consumeTps":1,"offsetTable":{{"brokerName":"b","queueId":0,"topic":"T"}:{"pullOffset":"x"}}}"#;
    let error = rejection::<ConsumeStats>(text);
    assert_eq!(
        position(&error),
        (88, r#"$.offsetTable.{"brokerName":"b","queueId":0,"topic":"T"}.pullOffset"#)
    );
    assert!(error.to_string().contains("expected a 64-bit integer, found `x`"), "{error}");
    assert_eq!(position(&rejection::<Vec<Table>>("[{},{1:'a',x:'b'}]")), (11, "$[1].x"));
    assert_eq!(position(&rejection::<OffsetWrapper>("1")).1, "$");
}

#[test]
fn values_that_do_not_fit_are_rejected_instead_of_truncated() {
    for number in [
        "9223372036854775808",
        "1e19",
        "1e400",
        "'9.3e18'",
        "-1e19",
        "0x69",
        "1_0",
        "' 1 '",
        "'abc'",
        "[]",
        "{}",
    ] {
        rejection::<Vec<i64>>(&format!("[{number},]"));
    }
    rejection::<Vec<i32>>("['2147483648']");
    rejection::<Vec<i32>>("[2147483648.0]");
    rejection::<Vec<u8>>("['-1']");
    rejection::<BTreeMap<i32, i32>>("{4294967296:1}");
    rejection::<Table>("{x:'a'}");
    rejection::<Table>("{null:'a'}");
    rejection::<Table>("{'':'a'}");
    rejection::<Vec<bool>>("['x',]");
    rejection::<Vec<String>>("[null,]");
    rejection::<Vec<MessageModel>>("['LITE_SELECTIVE',]");
    rejection::<Vec<MessageModel>>("[2,]");
    rejection::<Vec<MessageModel>>("[-1,]");
    rejection::<Vec<String>>(r"['\q']");
    rejection::<Vec<String>>(r"['\u12']");
    rejection::<Vec<String>>(r"['\x4']");
}

#[test]
fn an_error_is_short_even_if_it_quotes_a_long_text() {
    let long = "x".repeat(100_000);
    for error in [
        rejection::<Vec<MessageModel>>(&format!("['{long}',]")),
        rejection::<Vec<i64>>(&format!("['{long}',]")),
        rejection::<Vec<i64>>(&format!(r#"[{{"$ref":"$.{long}"}}]"#)),
        rejection::<HashMap<String, i64>>(&format!("{{'{long}':'x'}}")),
    ] {
        assert!(error.to_string().len() < 1_000, "{error:.2000}");
    }
}

#[test]
fn nesting_of_arrays_and_objects_is_limited() {
    for (open, close) in [("[", "]"), ("{a:", "}"), ("{", ":1}"), ("{a:[", "]}")] {
        let text = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        let error = rejection::<serde_json::Value>(&text);
        assert!(error.to_string().contains("nest deeper than 128"), "{error}");
    }
    let levels = 100;
    read::<serde_json::Value>(&format!("{}'a'{}", "[".repeat(levels), "]".repeat(levels)));
}

#[test]
fn an_object_in_a_string_in_a_string_is_as_deep_as_its_type() {
    let mut key = String::from("{}");
    for _ in 0..10 {
        key = format!("{{{:?}:1}}", key);
    }
    rejection::<HashMap<MessageQueue, i64>>(&key);
}
