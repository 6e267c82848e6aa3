//! What is not read, and that refusing is cheap.

use super::*;

fn place(error: &BodyError) -> (usize, &str) {
    match error {
        BodyError::Json { offset, path, .. } => (*offset, path),
        other => panic!("{other}"),
    }
}

#[test]
fn an_empty_body_is_missing() {
    assert!(matches!(refusal::<Table>(""), BodyError::Missing { .. }));
}

#[test]
fn what_is_not_lenient_json_either_is_refused_where_it_fails() {
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
        assert_eq!(place(&refusal::<Table>(text)).0, offset, "{text}");
    }
    assert_eq!(place(&from_json::<Table>(b"{1:'\xff'}").expect_err("not UTF-8")).0, 4);
}

#[test]
fn an_error_names_the_place_of_the_value() {
    let text =
        r#"{"consumeTps":1,"offsetTable":{{"brokerName":"b","queueId":0,"topic":"T"}:{"pullOffset":"x"}}}"#;
    let error = refusal::<ConsumeStats>(text);
    assert_eq!(place(&error), (88, r#"$.offsetTable.{"brokerName":"b","queueId":0,"topic":"T"}.pullOffset"#));
    assert!(error.to_string().contains("expected a 64-bit integer, found `x`"), "{error}");
    assert_eq!(place(&refusal::<Vec<Table>>("[{},{1:'a',x:'b'}]")), (11, "$[1].x"));
    assert_eq!(place(&refusal::<OffsetWrapper>("1")).1, "$");
}

#[test]
fn values_that_do_not_fit_are_refused_and_not_truncated() {
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
        refusal::<Vec<i64>>(&format!("[{number},]"));
    }
    refusal::<Vec<i32>>("['2147483648']");
    refusal::<Vec<i32>>("[2147483648.0]");
    refusal::<Vec<u8>>("['-1']");
    refusal::<BTreeMap<i32, i32>>("{4294967296:1}");
    refusal::<Table>("{x:'a'}");
    refusal::<Table>("{null:'a'}");
    refusal::<Table>("{'':'a'}");
    refusal::<Vec<bool>>("['x',]");
    refusal::<Vec<String>>("[null,]");
    refusal::<Vec<MessageModel>>("['LITE_SELECTIVE',]");
    refusal::<Vec<MessageModel>>("[2,]");
    refusal::<Vec<MessageModel>>("[-1,]");
    refusal::<Vec<String>>(r"['\q']");
    refusal::<Vec<String>>(r"['\u12']");
    refusal::<Vec<String>>(r"['\x4']");
}

#[test]
fn an_error_stays_short_whatever_it_quotes() {
    let long = "x".repeat(100_000);
    for error in [
        refusal::<Vec<MessageModel>>(&format!("['{long}',]")),
        refusal::<Vec<i64>>(&format!("['{long}',]")),
        refusal::<Vec<i64>>(&format!(r#"[{{"$ref":"$.{long}"}}]"#)),
        refusal::<HashMap<String, i64>>(&format!("{{'{long}':'x'}}")),
    ] {
        assert!(error.to_string().len() < 1_000, "{error:.2000}");
    }
}

#[test]
fn nesting_is_limited_in_any_mixture() {
    for (open, close) in [("[", "]"), ("{a:", "}"), ("{", ":1}"), ("{a:[", "]}")] {
        let text = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        let error = refusal::<serde_json::Value>(&text);
        assert!(error.to_string().contains("nest deeper than 128"), "{error}");
    }
    let levels = 100;
    read::<serde_json::Value>(&format!("{}'a'{}", "[".repeat(levels), "]".repeat(levels)));
}

#[test]
fn an_object_in_a_string_in_a_string_gets_no_deeper_than_its_type() {
    let mut key = String::from("{}");
    for _ in 0..10 {
        key = format!("{{{:?}:1}}", key);
    }
    refusal::<HashMap<MessageQueue, i64>>(&key);
}
