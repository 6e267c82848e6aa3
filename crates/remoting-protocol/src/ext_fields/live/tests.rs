//! Every view of a map equals Java's `HashMap` of the same entries.

use std::collections::{BTreeMap, HashMap};

use bytes::BytesMut;
use proptest::prelude::*;
use serde::Deserialize;

use crate::ext_fields::tests::map::Map;
use crate::{FrameDecoder, FrameEncoder, FrameLimits, SerializeType};

type Model<'a> = BTreeMap<&'a str, &'a str>;

fn from_wire(pairs: &[(&str, &str)]) -> Map {
    Map::from_wire(pairs)
}

/// Returns the map of `RocketMQSerializable.mapDeserialize`, without its nulls.
fn java<'a>(pairs: &[(&'a str, &'a str)]) -> Model<'a> {
    let mut map = HashMap::new();
    for (key, value) in pairs {
        map.insert(*key, (!value.is_empty()).then_some(*value));
    }
    map.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

/// The fields as a type, each of which may occur only once.
#[derive(Debug, PartialEq, Deserialize)]
struct Typed {
    a: Option<String>,
    b: Option<String>,
    long: Option<String>,
    #[serde(flatten)]
    others: BTreeMap<String, String>,
}

/// The fields that are numbers: a malformed text that does not count must not be read.
#[derive(Debug, PartialEq, Deserialize)]
struct Number {
    a: Option<i32>,
}

fn re_encoded(fields: &Map, serialize_type: SerializeType) -> Map {
    let command = fields.0.clone().with_serialize_type(serialize_type);
    let mut frame = BytesMut::new();
    FrameEncoder::new(FrameLimits::default()).encode(&command, &mut frame).unwrap();
    Map(FrameDecoder::default().decode(&mut frame).unwrap().unwrap())
}

/// Compares all views of a map.
fn assert_shows(fields: &Map, expected: &Model<'_>, keys: &[&str]) {
    for key in keys {
        assert_eq!(fields.get(key), expected.get(key).copied(), "{key}");
        assert_eq!(fields.fields().contains_key(key), expected.contains_key(key), "{key}");
    }
    assert_eq!(&fields.iter().collect::<Model<'_>>(), expected);
    assert_eq!(fields.len(), fields.iter().count());
    assert_eq!(fields.is_empty(), expected.is_empty());
    assert_eq!(&fields.to_header::<Model<'_>>().unwrap(), expected);

    let mut made = Map::new();
    made.extend_from_header(expected).unwrap();
    assert_eq!(fields.fields(), made.fields());

    let typed: Typed = fields.to_header().unwrap();
    let field = |key| expected.get(key).copied();
    assert_eq!(
        (typed.a.as_deref(), typed.b.as_deref(), typed.long.as_deref()),
        (field("a"), field("b"), field("long"))
    );
    let others = expected.iter().filter(|(key, _)| !["a", "b", "long"].contains(key));
    assert_eq!(typed.others, others.map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect());
}

fn assert_all_views_agree(pairs: &[(&str, &str)]) {
    let keys: Vec<&str> = pairs.iter().map(|(key, _)| *key).chain(["a", "absent"]).collect();
    let expected = java(pairs);
    let fields = from_wire(pairs);
    assert_shows(&fields, &expected, &keys);
    assert_shows(&re_encoded(&fields, SerializeType::RocketMq), &expected, &keys);
    assert_shows(&re_encoded(&fields, SerializeType::Json), &expected, &keys);

    let mut changed = fields.clone();
    changed.insert("added", "x").unwrap();
    let mut with_added = expected.clone();
    with_added.insert("added", "x");
    assert_shows(&changed, &with_added, &keys);
    assert_shows(&re_encoded(&changed, SerializeType::RocketMq), &with_added, &keys);
    assert_eq!(changed.remove("a"), with_added.remove("a").is_some());
    assert_shows(&changed, &with_added, &keys);

    let mut extended = fields;
    extended.extend_from_header(&BTreeMap::from([("b", 7)])).unwrap();
    let mut with_header = expected;
    with_header.insert("b", "7");
    assert_shows(&extended, &with_header, &keys);
}

#[test]
fn a_null_removes_the_earlier_value() {
    assert_all_views_agree(&[("a", "1"), ("a", "")]);
    let fields = from_wire(&[("a", "1"), ("x", "2"), ("a", ""), ("a", "3"), ("a", "")]);
    assert_eq!(fields.iter().collect::<Vec<_>>(), [("x", "2")]);
    assert_eq!(format!("{fields:?}"), r#"{"x": "2"}"#);
}

#[test]
fn a_value_after_a_null_counts() {
    assert_all_views_agree(&[("a", ""), ("a", "1")]);
    assert_all_views_agree(&[("a", "0"), ("a", ""), ("b", ""), ("a", "1")]);
}

#[test]
fn nulls_beyond_the_limit_of_the_search_count_too() {
    let names: Vec<String> = (0..40).map(|n| format!("n{n}")).collect();
    let mut pairs = vec![("a", "1")];
    pairs.extend(names.iter().map(|name| (name.as_str(), "")));
    assert_all_views_agree(&pairs);
    pairs.push(("a", ""));
    assert_all_views_agree(&pairs);
}

#[test]
fn a_malformed_text_that_does_not_count_is_accepted() {
    for (pairs, a) in [
        (&[("a", "x"), ("a", "2")][..], Some(2)),
        (&[("a", "x"), ("a", "")], None),
        (&[("a", "1"), ("a", ""), ("a", "2")], Some(2)),
    ] {
        assert_eq!(from_wire(pairs).to_header(), Ok(Number { a }), "{pairs:?}");
    }
    let error = from_wire(&[("a", "1"), ("a", "x")]).to_header::<Number>().unwrap_err();
    assert_eq!(error.to_string(), "header field `a`: `x` is not an integer of 32 bits");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn all_views_of_any_map_agree(
        pairs in proptest::collection::vec(
            (prop_oneof!["[abc]", Just("long".to_owned()), "[c-z]{1,2}"], prop_oneof![Just(String::new()), "[0-9é]{1,3}"]),
            0..24,
        ),
    ) {
        let pairs: Vec<_> = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_all_views_agree(&pairs);
    }
}
