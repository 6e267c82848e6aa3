use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::{BodyError, from_json, to_json};

fn written<T: Serialize>(value: &T) -> String {
    String::from_utf8(to_json(value).unwrap().to_vec()).unwrap()
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MessageQueue {
    broker_name: String,
    queue_id: i32,
    topic: String,
}

#[test]
fn integer_keys_are_quoted() {
    assert_eq!(written(&BTreeMap::from([(-1, "b"), (0, "a")])), r#"{"-1":"b","0":"a"}"#);
    assert_eq!(written(&BTreeMap::from([(true, 1)])), r#"{"true":1}"#);
    assert_eq!(written(&BTreeMap::from([(None, 1), (Some(2), 3)])), r#"{"null":1,"2":3}"#);
}

#[test]
fn struct_keys_are_written_as_objects() {
    let queue = MessageQueue { broker_name: "b".into(), queue_id: 0, topic: "T".into() };
    assert_eq!(
        written(&BTreeMap::from([(queue, BTreeMap::from([(7, 8)]))])),
        r#"{{"brokerName":"b","queueId":0,"topic":"T"}:{"7":8}}"#
    );
}

#[test]
fn bytes_are_signed_numbers() {
    struct Raw;
    impl Serialize for Raw {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_bytes(&[97, 255])
        }
    }
    assert_eq!(written(&Raw), "[97,-1]");
}

#[test]
fn all_other_values_are_written_like_serde_json() {
    #[derive(Serialize)]
    struct Unit;
    #[derive(Serialize)]
    struct Wrapper(f64);
    #[derive(Serialize)]
    struct Pair(char, &'static str);
    #[derive(Serialize)]
    enum Shape {
        Unit,
        Newtype(i64),
        Tuple(u8, bool),
        Struct { a: Option<Option<i32>>, b: Vec<()> },
    }
    let value = (
        (Unit, Wrapper(1.0), Wrapper(f64::NAN), Pair('"', "é\u{7f}\u{1f}\n\u{2028}/")),
        [Shape::Unit, Shape::Newtype(i64::MIN), Shape::Tuple(255, true)],
        Shape::Struct { a: Some(Some(1)), b: vec![(), ()] },
        BTreeMap::<String, i32>::new(),
        (f32::MIN_POSITIVE, u64::MAX, i128::MAX, "", Vec::<i32>::new()),
    );
    assert_eq!(written(&value), serde_json::to_string(&value).unwrap());
}

#[test]
fn null_members_are_omitted_as_in_java() {
    #[derive(Serialize)]
    struct Route {
        first: Option<i32>,
        topic: &'static str,
        order_topic_conf: Option<String>,
        nothing: (),
        table: BTreeMap<&'static str, Option<i32>>,
        list: Vec<Option<i32>>,
        wrapped: Some,
        not_a_number: f64,
        last: Option<i32>,
    }
    #[derive(Serialize)]
    struct Some(Option<u8>);
    let route = Route {
        first: None,
        topic: "null",
        order_topic_conf: None,
        nothing: (),
        table: BTreeMap::from([("a", None), ("b", Option::Some(1)), ("c", None)]),
        list: vec![None, Option::Some(1)],
        wrapped: Some(None),
        not_a_number: f64::NAN,
        last: None,
    };
    assert_eq!(written(&route), r#"{"topic":"null","table":{"b":1},"list":[null,1],"not_a_number":null}"#);
    assert_eq!(written(&BTreeMap::from([(1, ())])), "{}");
    assert_eq!(written(&None::<i32>), "null");
}

#[test]
fn absent_fields_with_a_default_are_read_like_null() {
    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Body {
        list: Vec<String>,
        table: BTreeMap<String, i32>,
        number: i64,
        flag: bool,
        text: Option<String>,
    }
    let null = br#"{"list":null,"table":null,"number":null,"flag":null,"text":null}"#;
    for body in [&b"{}"[..], null] {
        assert_eq!(from_json::<Body>(body).unwrap(), Body::default());
    }
}

#[test]
fn a_value_that_does_not_serialize_is_an_error_with_its_type() {
    struct Broken;
    impl Serialize for Broken {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("out of order"))
        }
    }
    let error = to_json(&Broken).unwrap_err();
    assert!(matches!(error, BodyError::Write { .. }));
    assert!(error.to_string().contains("Broken as a body: out of order"), "{error}");
}

#[cfg(feature = "prost")]
#[test]
fn protobuf_bodies_round_trip_and_truncated_ones_are_errors() {
    let message = "a topic".to_owned();
    let body = super::to_proto(&message);
    assert_eq!(super::from_proto::<String>(body.clone()).unwrap(), message);
    assert_eq!(super::from_proto::<String>(bytes::Bytes::new()).unwrap(), "");
    let error = super::from_proto::<String>(body.slice(..3)).unwrap_err();
    assert!(matches!(error, BodyError::Proto { .. }), "{error}");
    let source = std::error::Error::source(&error).expect("the error of prost").to_string();
    assert!(!error.to_string().contains(&source), "the cause is in the source alone: {error}");
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Content {
    Nothing,
    Number(i64),
    Pair(bool, u8),
    Queue { queue: MessageQueue, note: Option<String> },
}

/// A body with all kinds of keys and values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Everything {
    addresses: BTreeMap<i64, String>,
    queues: BTreeMap<MessageQueue, Vec<Content>>,
    flags: BTreeMap<bool, f64>,
    words: BTreeMap<String, Vec<Option<u64>>>,
    letter: char,
    nested: BTreeMap<Vec<i32>, BTreeMap<Option<u8>, bool>>,
}

fn message_queue() -> impl Strategy<Value = MessageQueue> {
    (any::<String>(), any::<i32>(), any::<String>()).prop_map(|(broker_name, queue_id, topic)| MessageQueue {
        broker_name,
        queue_id,
        topic,
    })
}

fn content() -> impl Strategy<Value = Content> {
    prop_oneof![
        Just(Content::Nothing),
        any::<i64>().prop_map(Content::Number),
        any::<(bool, u8)>().prop_map(|(a, b)| Content::Pair(a, b)),
        (message_queue(), any::<Option<String>>()).prop_map(|(queue, note)| Content::Queue { queue, note }),
    ]
}

fn everything() -> impl Strategy<Value = Everything> {
    (
        btree_map(any::<i64>(), any::<String>(), 0..4),
        btree_map(message_queue(), vec(content(), 0..4), 0..4),
        btree_map(any::<bool>(), any::<f64>().prop_filter("JSON has no other", |f| f.is_finite()), 0..2),
        btree_map(any::<String>(), vec(any::<Option<u64>>(), 0..3), 0..4),
        any::<char>(),
        btree_map(vec(any::<i32>(), 0..3), btree_map(any::<Option<u8>>(), any::<bool>(), 0..3), 0..3),
    )
        .prop_map(|(addresses, queues, flags, words, letter, nested)| Everything {
            addresses,
            queues,
            flags,
            words,
            letter,
            nested,
        })
}

/// Any JSON except doubles that parsers may round differently.
fn json() -> impl Strategy<Value = serde_json::Value> {
    let scalar = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map_into(),
        any::<i64>().prop_map_into(),
        any::<u64>().prop_map_into(),
        any::<i32>().prop_map(|number| (f64::from(number) / 8.0).into()),
        any::<String>().prop_map_into(),
    ];
    scalar.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map_into(),
            vec(("[a-z\"\\\\é]{0,3}", inner), 0..6)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn the_lenient_reader_reads_any_strict_json_like_serde_json(value in json(), pretty in any::<bool>()) {
        let write = if pretty { serde_json::to_string_pretty } else { serde_json::to_string };
        // The NUL at the end selects the lenient reader.
        let text = write(&value).unwrap() + "\0";
        prop_assert_eq!(from_json::<serde_json::Value>(text.as_bytes()).unwrap(), value);
    }

    #[test]
    fn a_written_body_reads_back(value in everything()) {
        let json = to_json(&value).unwrap();
        prop_assert_eq!(from_json::<Everything>(&json).unwrap(), value);
    }

    #[test]
    fn the_lenient_reader_reads_a_strict_body_like_serde_json(value in everything()) {
        // The trailing comma selects the lenient reader.
        let strict = serde_json::to_string(&(value.addresses, value.words, value.letter)).unwrap();
        let lenient = format!("{},]", &strict[..strict.len() - 1]);
        type Part = (BTreeMap<i64, String>, BTreeMap<String, Vec<Option<u64>>>, char);
        let read: Part = from_json(lenient.as_bytes()).unwrap();
        prop_assert_eq!(read, serde_json::from_str::<Part>(&strict).unwrap());
    }

    #[test]
    fn the_reader_does_not_panic(text in r#"([\[\]{}:,'"\\a0\$.-]|null|"\$ref":"\$|\\u){0,40}"#) {
        let _ = from_json::<serde_json::Value>(text.as_bytes());
        let _ = from_json::<Everything>(text.as_bytes());
    }
}
