pub(super) mod map;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use self::map::{Map, encode};
use super::{ExtFields, MAX_VALUE, flattened, from_text, read_header};
use crate::HeaderError;

fn read<'de, H: Deserialize<'de>>(encoded: &'de [u8]) -> Result<H, HeaderError> {
    read_header(ExtFields::new(encoded, false))
}

fn from_wire(pairs: &[(&str, &str)]) -> Map {
    Map::from_wire(pairs)
}

fn pairs(fields: &Map) -> Vec<(&str, &str)> {
    fields.iter().collect()
}

#[test]
fn a_field_is_set_replaced_and_removed() {
    let mut map = Map::new();
    assert!(map.is_empty());
    map.insert("a", "1").unwrap();
    map.insert("b", "").unwrap();
    map.insert("a", "2").unwrap();
    assert_eq!(pairs(&map), [("b", ""), ("a", "2")]);
    assert_eq!((map.len(), map.get("a"), map.get("b"), map.get("c")), (2, Some("2"), Some(""), None));
    assert!(map.remove("a") && !map.remove("a"));
    assert_eq!(format!("{map:?}"), r#"{"b": ""}"#);
    assert_eq!(map.insert(&"k".repeat(32_768), ""), Err(HeaderError::KeyTooLong { length: 32_768 }));
}

#[test]
fn the_last_duplicate_counts_and_insert_leaves_one() {
    let mut map = from_wire(&[("a", "1"), ("b", "2"), ("a", "3")]);
    assert_eq!((map.get("a"), map.len()), (Some("3"), 3));
    assert_eq!(map, from_wire(&[("a", "3"), ("b", "2")]));
    map.insert("a", "4").unwrap();
    assert_eq!(pairs(&map), [("b", "2"), ("a", "4")]);
}

#[test]
fn an_empty_value_from_a_binary_header_is_null_until_the_map_changes() {
    let mut map = from_wire(&[("a", ""), ("b", "1"), ("b", ""), ("c", "2")]);
    assert_eq!((map.get("a"), map.get("b"), map.get("c")), (None, None, Some("2")));
    assert_eq!(map.encoded().len(), 30);
    assert_eq!(map.fields(), ExtFields::new(&encode(&[("c", "2")]), false));
    map.insert("a", "").unwrap();
    assert_eq!(map.get("a"), Some(""));
    assert!(!map.encoded().is_empty() && !map.remove("x"));
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Everything<'a> {
    borrowed: &'a str,
    owned: String,
    byte: i8,
    large: u64,
    negative: i64,
    double: f64,
    float: f32,
    yes: bool,
    letter: char,
    kind: Kind,
    wrapped: Wrapped,
    absent: Option<i32>,
    present: Option<bool>,
    #[serde(default)]
    with_default: u16,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Kind {
    #[serde(rename = "SINGLE_TAG")]
    SingleTag,
    #[serde(rename = "MULTI_TAG")]
    MultiTag,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Wrapped(i64);

fn everything() -> Everything<'static> {
    Everything {
        borrowed: "中文",
        owned: "a\u{1}b".to_owned(),
        byte: -128,
        large: u64::MAX,
        negative: i64::MIN,
        double: 1.0,
        float: 0.25,
        yes: true,
        letter: 'é',
        kind: Kind::MultiTag,
        wrapped: Wrapped(-1),
        absent: None,
        present: Some(false),
        with_default: 7,
    }
}

#[test]
fn a_typed_header_round_trips_through_text() {
    let mut map = Map::new();
    map.extend_from_header(&everything()).unwrap();
    let expected: BTreeMap<&str, &str> = [
        ("borrowed", "中文"),
        ("owned", "a\u{1}b"),
        ("byte", "-128"),
        ("large", "18446744073709551615"),
        ("negative", "-9223372036854775808"),
        ("double", "1.0"),
        ("float", "0.25"),
        ("yes", "true"),
        ("letter", "é"),
        ("kind", "MULTI_TAG"),
        ("wrapped", "-1"),
        ("present", "false"),
        ("withDefault", "7"),
    ]
    .into();
    assert_eq!(map.iter().collect::<BTreeMap<_, _>>(), expected);
    assert_eq!(map.to_header::<Everything<'_>>(), Ok(everything()));
    // With an entry of more than 127 bytes and non-ASCII text the buffer as a whole is not UTF-8.
    map.insert("long", &"é".repeat(100)).unwrap();
    assert!(std::str::from_utf8(map.encoded()).is_err());
    assert_eq!(map.to_header::<Everything<'_>>(), Ok(everything()));
}

#[derive(Debug, PartialEq, Deserialize)]
struct Small {
    id: i32,
    on: bool,
    note: Option<String>,
}

#[test]
fn booleans_are_read_as_in_java() {
    for (text, on) in
        [("true", true), ("TRUE", true), ("True", true), ("yes", false), ("1", false), ("", false)]
    {
        let small: Small = read(&encode(&[("id", "+1"), ("on", text)])).unwrap();
        assert_eq!(small, Small { id: 1, on, note: None }, "{text}");
    }
}

#[test]
fn errors_display_the_field_and_its_text() {
    let error = |pairs: &[(&str, &str)]| read::<Small>(&encode(pairs)).expect_err("not a Small").to_string();
    assert_eq!(error(&[("on", "true")]), "header field `id` is missing");
    assert_eq!(error(&[("id", "7x"), ("on", "")]), "header field `id`: `7x` is not an integer of 32 bits");
    assert_eq!(
        error(&[("id", "2147483648"), ("on", "")]),
        "header field `id`: `2147483648` is not an integer of 32 bits"
    );
    let long = error(&[("id", &"é".repeat(1000)), ("on", "")]);
    assert!(long.len() < 150, "{long}");

    #[derive(Debug, Deserialize)]
    struct Tagged {
        #[allow(dead_code)]
        kind: Kind,
    }
    let error = read::<Tagged>(&encode(&[("kind", "NO_TAG")])).expect_err("no such tag");
    assert_eq!(error.to_string(), "header field `kind`: `NO_TAG` is not one of SINGLE_TAG, MULTI_TAG");

    #[derive(Debug, Deserialize)]
    struct Listed {
        #[allow(dead_code)]
        list: Vec<i32>,
    }
    let error = read::<Listed>(&encode(&[("list", "1,2")])).expect_err("a list");
    assert!(error.to_string().starts_with("header field `list`: a sequence has no text form"), "{error}");
}

#[test]
fn a_duplicate_or_null_field_is_accepted_in_a_typed_header() {
    let small: Small = read(&encode(&[("id", "1"), ("on", ""), ("id", "2"), ("x", "y")])).unwrap();
    assert_eq!(small.id, 2);
    let small: Small = from_wire(&[("id", "1"), ("on", "true"), ("note", "")]).to_header().unwrap();
    assert_eq!(small.note, None);

    #[derive(Debug, Deserialize)]
    struct Aliased {
        #[serde(alias = "other")]
        #[allow(dead_code)]
        id: i32,
    }
    let error = read::<Aliased>(&encode(&[("id", "1"), ("other", "2")])).expect_err("both names");
    assert_eq!(error, HeaderError::Duplicate { field: "id" });
}

#[test]
fn maps_and_flattened_structs_are_headers_too() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Base {
        #[serde(skip_serializing_if = "Option::is_none")]
        bname: Option<String>,
        #[serde(default, deserialize_with = "from_text")]
        nsd: Option<bool>,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Derived {
        topic: String,
        #[serde(flatten)]
        base: Base,
        #[serde(flatten)]
        rest: BTreeMap<String, String>,
    }
    let header = Derived {
        topic: "T".to_owned(),
        base: Base { bname: None, nsd: Some(true) },
        rest: [("x".to_owned(), "1".to_owned())].into(),
    };
    let mut map = Map::new();
    map.extend_from_header(&header).unwrap();
    assert_eq!(pairs(&map), [("topic", "T"), ("nsd", "true"), ("x", "1")]);
    let mut read: Derived = map.to_header().unwrap();
    read.rest.remove("nsd");
    assert_eq!(read, header);
    assert_eq!(map.to_header::<BTreeMap<&str, &str>>().unwrap().len(), 3);
    assert_eq!(map.to_header::<Option<BTreeMap<String, String>>>().unwrap().unwrap()["x"], "1");
}

#[test]
fn inherited_fields_are_read_as_their_types_at_any_level() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Rpc {
        bname: Option<String>,
        nsd: Option<bool>,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Topic {
        lo: bool,
        count: u8,
        ratio: f64,
        #[serde(flatten, deserialize_with = "flattened")]
        rpc: Rpc,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Derived {
        queue: i32,
        #[serde(flatten, deserialize_with = "flattened")]
        topic: Topic,
    }
    let rpc = Rpc { bname: None, nsd: Some(true) };
    let header = Derived { queue: 7, topic: Topic { lo: true, count: 9, ratio: 0.5, rpc } };
    let mut map = Map::new();
    map.extend_from_header(&header).unwrap();
    assert_eq!(
        pairs(&map),
        [("queue", "7"), ("lo", "true"), ("count", "9"), ("ratio", "0.5"), ("nsd", "true")]
    );
    assert_eq!(map.to_header::<Derived>().unwrap(), header);

    map.insert("count", "300").unwrap();
    let error = map.to_header::<Derived>().expect_err("more than 8 bits").to_string();
    assert!(error.contains("`count`: `300` is not an unsigned integer of 8 bits"), "{error}");
    map.remove("count");
    let error = map.to_header::<Derived>().expect_err("a field is absent").to_string();
    assert!(error.contains("field `count` is missing"), "{error}");
}

#[test]
fn a_header_replaces_fields_with_its_keys_and_a_failed_header_changes_nothing() {
    let mut map = from_wire(&[("id", "1"), ("keep", "k")]);
    map.extend_from_header(&BTreeMap::from([("id", 2)])).unwrap();
    assert_eq!(pairs(&map), [("keep", "k"), ("id", "2")]);

    let nested = BTreeMap::from([("a", vec![1])]);
    let error = map.extend_from_header(&nested).expect_err("a sequence");
    assert_eq!(error, HeaderError::Unsupported { field: "a".to_owned(), found: "a sequence" });
    assert_eq!(map.extend_from_header(&1), Err(HeaderError::NotAMap { found: "a number" }));
    assert_eq!(map.to_header::<i32>(), Err(HeaderError::NotAMap { found: "a number" }));
    assert_eq!(pairs(&map), [("keep", "k"), ("id", "2")]);
}

#[test]
fn debug_prints_no_credentials() {
    let mut fields = Map::new();
    for (key, value) in [("AccessKey", "alice"), ("SecurityToken", "token"), ("signature", "abc=")] {
        fields.insert(key, value).unwrap();
    }
    assert_eq!(
        format!("{fields:?}"),
        r#"{"AccessKey": "alice", "SecurityToken": "***", "signature": "***"}"#
    );
}

/// Keys on both sides of each length at which the writer switches its method.
#[derive(Serialize)]
struct ManyKeys<'a> {
    #[serde(rename = "")]
    none: &'a str,
    a: i32,
    fourteen_bytes: i64,
    fifteen_bytes_x: bool,
    thirty_bytes_of_a_key_and_more: u64,
    thirty_one_byte_of_key_and_more: bool,
    omitted: Option<u8>,
    wide: i128,
    exact: char,
    real: f64,
}

#[test]
fn a_typed_header_is_written_as_the_entries_of_its_fields() {
    let header = ManyKeys {
        none: "é",
        a: -1,
        fourteen_bytes: i64::MIN,
        fifteen_bytes_x: true,
        thirty_bytes_of_a_key_and_more: u64::MAX,
        thirty_one_byte_of_key_and_more: false,
        omitted: None,
        wide: i128::MIN,
        exact: '😀',
        real: 1.5,
    };
    let mut map = Map::new();
    map.extend_from_header(&header).unwrap();
    let expected = encode(&[
        ("", "é"),
        ("a", "-1"),
        ("fourteen_bytes", "-9223372036854775808"),
        ("fifteen_bytes_x", "true"),
        ("thirty_bytes_of_a_key_and_more", "18446744073709551615"),
        ("thirty_one_byte_of_key_and_more", "false"),
        ("wide", "-170141183460469231731687303715884105728"),
        ("exact", "😀"),
        ("real", "1.5"),
    ]);
    assert_eq!(map.encoded(), expected);
}

#[test]
fn a_typed_header_with_more_fields_than_reserved_is_complete() {
    let header: BTreeMap<String, String> = (100..300).map(|n| (format!("key{n}"), "v".repeat(n))).collect();
    let mut map = Map::new();
    map.extend_from_header(&header).unwrap();
    assert_eq!(
        map.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect::<BTreeMap<_, _>>(),
        header
    );
}

#[test]
fn a_value_longer_than_any_header_is_an_error_that_names_the_field() {
    let header = BTreeMap::from([("long", "x".repeat(MAX_VALUE + 1))]);
    let error = Map::new().extend_from_header(&header).unwrap_err();
    assert_eq!(error, HeaderError::ValueTooLong { field: "long".to_owned(), length: MAX_VALUE + 1 });
}

/// Texts of each length: short and long texts are written differently, and only usual lengths are reserved.
#[test]
fn texts_of_any_length_are_written_completely() {
    #[derive(Serialize)]
    struct Texts<'a> {
        first: &'a str,
        float: f64,
        second: &'a str,
        a_key_that_is_longer_than_the_others_by_far: i64,
        third: Option<&'a str>,
    }

    let text: String = ('a'..='z').cycle().take(2000).collect();
    for length in (0..40).chain([127, 128, 470, 500, 2000]) {
        let text = &text[..length];
        let mut fields = Map::new();
        let header = Texts {
            first: text,
            float: 1.5,
            second: text,
            a_key_that_is_longer_than_the_others_by_far: -1_234_567_890_123,
            third: (length % 2 == 0).then_some(text),
        };
        fields.extend_from_header(&header).unwrap();
        let mut expected = vec![
            ("first", text),
            ("float", "1.5"),
            ("second", text),
            ("a_key_that_is_longer_than_the_others_by_far", "-1234567890123"),
        ];
        expected.extend(header.third.map(|third| ("third", third)));
        assert_eq!(fields.iter().collect::<Vec<_>>(), expected);
    }
}
