//! What Java writes, read and written again.

use std::collections::BTreeMap;
use std::fmt::Debug;

use remoting_model::protocol::body::{from_json, to_json};
use remoting_model::{body, for_each_body};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::classes::written_keys;
use crate::{RELEASES, recorded};

/// What can be done with a body whose struct is known by name only.
struct Class {
    /// Reads JSON and writes it again.
    rewrite: fn(&str) -> Value,
    /// Reads JSON, and returns it and the default as texts if they differ.
    differs_from_default: fn(&str) -> Option<(String, String)>,
}

fn classes() -> BTreeMap<&'static str, Class> {
    fn rewrite<B: Serialize + DeserializeOwned>(json: &str) -> Value {
        let body: B = from_json(json.as_bytes()).unwrap_or_else(|error| panic!("{error}: {json}"));
        from_json(&to_json(&body).unwrap()).unwrap()
    }
    fn differs_from_default<B: DeserializeOwned + Default + PartialEq + Debug>(
        json: &str,
    ) -> Option<(String, String)> {
        let body: B = from_json(json.as_bytes()).unwrap_or_else(|error| panic!("{error}: {json}"));
        (body != B::default()).then(|| (format!("{body:?}"), format!("{:?}", B::default())))
    }
    macro_rules! table {
        ($($body:ident)*) => {
            [$((stringify!($body), Class {
                rewrite: rewrite::<body::$body>,
                differs_from_default: differs_from_default::<body::$body>,
            })),*]
        };
    }
    for_each_body!(table).into_iter().collect()
}

/// The recorded bodies of this kind: release, class and JSON.
fn bodies(kind: &str) -> Vec<(&'static str, String, String)> {
    let mut bodies = Vec::new();
    for release in RELEASES {
        for line in recorded(release, "body-values.txt").lines() {
            let words: Vec<&str> = line.splitn(3, ' ').collect();
            if words[1] == kind {
                bodies.push((release, words[0].to_owned(), words[2].to_owned()));
            }
        }
    }
    assert!(bodies.len() > 200, "{kind}: {}", bodies.len());
    bodies
}

/// Sorts all arrays: a set has no order in Java.
fn sort(value: &mut Value) {
    match value {
        Value::Array(elements) => {
            elements.iter_mut().for_each(sort);
            elements.sort_by_key(Value::to_string);
        }
        Value::Object(members) => members.values_mut().for_each(sort),
        _ => {}
    }
}

/// Whether each member of `java`, at any depth, is in `ours` with the same value.
fn contains(ours: &Value, java: &Value) -> bool {
    match (ours, java) {
        (Value::Object(ours), Value::Object(java)) => {
            java.iter().all(|(key, value)| ours.get(key).is_some_and(|ours| contains(ours, value)))
        }
        (Value::Array(ours), Value::Array(java)) => {
            ours.len() == java.len() && ours.iter().zip(java).all(|(ours, java)| contains(ours, java))
        }
        (ours, java) => ours == java,
    }
}

#[test]
fn every_value_that_java_writes_arrives_and_is_written_again() {
    let classes = classes();
    for (release, class, json) in bodies("filled") {
        let mut java: Value = from_json(json.as_bytes()).unwrap();
        let mut ours = (classes[&*class].rewrite)(&json);
        sort(&mut java);
        sort(&mut ours);
        if release == "5.5.1" {
            assert_eq!(ours, java, "{class} of {release}");
        } else {
            assert!(contains(&ours, &java), "{class} of {release}\nours: {ours}\njava: {java}");
        }
    }
}

#[test]
fn the_recorded_values_have_every_property_of_their_class() {
    let mut classes: BTreeMap<_, _> = RELEASES.map(|release| (release, written_keys(release))).into();
    for (release, class, json) in bodies("filled") {
        let java: BTreeMap<String, Value> = from_json(json.as_bytes()).unwrap();
        let keys = classes.get_mut(release).unwrap().remove(&class);
        assert_eq!(keys, Some(java.into_keys().collect()), "{class} of {release}");
    }
    assert!(classes.values().all(BTreeMap::is_empty), "{classes:?}");
}

#[test]
fn absent_fields_have_the_defaults_of_java() {
    let classes = classes();
    for (release, class, json) in bodies("fresh") {
        // Java derives the texts from the times. The constructor of an `EpochEntry` was called with zeros.
        if matches!(&*class, "QueueTimeSpan" | "EpochEntry") {
            continue;
        }
        let different = (classes[&*class].differs_from_default)(&json);
        assert_eq!(different, None, "{class} of {release}");
    }
    for (name, class) in classes {
        assert_eq!((class.differs_from_default)("{}"), None, "{name}");
    }
}

#[test]
fn a_name_that_an_enum_does_not_know_is_none() {
    let data: body::ConsumerData = from_json(
        br#"{"consumeType":"CONSUME_BY_MAIL","messageModel":1,"consumeFromWhere":99,"groupName":"g","unitMode":true}"#,
    )
    .unwrap();
    let expected = body::ConsumerData {
        message_model: Some(body::MessageModel::Clustering),
        group_name: "g".to_owned(),
        unit_mode: true,
        ..body::ConsumerData::default()
    };
    assert_eq!(data, expected);
    let topic: body::TopicConfig = from_json(br#"{"topicFilterType":"NO_TAG","perm":2}"#).unwrap();
    assert_eq!(topic, body::TopicConfig { perm: 2, ..body::TopicConfig::default() });
}

#[test]
fn bits_are_those_of_java_and_long_names_are_read() {
    let ack: body::BatchAck = from_json(
        br#"{"bitSet":"Cg==","consumerGroup":"g","invisibleTime":4,"popTime":3,"queueId":1,"retry":"0","reviveQueueId":2,
            "startOffset":100,"topic":"t"}"#,
    )
    .unwrap();
    assert_eq!(ack.b.iter().collect::<Vec<_>>(), [1, 3]);
    assert_eq!(
        &to_json(&ack).unwrap()[..],
        br#"{"b":"Cg==","c":"g","it":4,"pt":3,"q":1,"r":"0","rq":2,"so":100,"t":"t"}"#
    );
    assert!(from_json::<body::BatchAck>(br#"{"b":"no base64"}"#).is_err());
}
