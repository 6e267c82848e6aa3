//! Bodies recorded from the official Java artifacts are read by the public API.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use remoting_protocol::body;
use serde::{Deserialize, Serialize};
use serde_json::Value;

fn vector_files() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect()
}

/// Returns name and body of each frame whose body starts like JSON.
fn json_bodies() -> Vec<(String, Vec<u8>)> {
    let mut bodies = Vec::new();
    for file in vector_files() {
        for line in fs::read_to_string(&file).unwrap().lines() {
            let vector: Value = serde_json::from_str(line).unwrap();
            let Some(hex) = vector["body_hex"].as_str() else { continue };
            let body: Vec<u8> = (0..hex.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
                .collect();
            if matches!(body.first(), Some(b'{' | b'[')) {
                let name = format!("{} of {}", vector["name"], vector["source"]);
                bodies.push((name, body));
            }
        }
    }
    bodies
}

fn read_all<T: for<'de> Deserialize<'de> + Serialize + PartialEq + std::fmt::Debug>(kind: &str) -> Vec<T> {
    let of_kind = json_bodies().into_iter().filter(|(name, _)| name.contains(&format!("body-{kind}/")));
    let values: Vec<T> = of_kind
        .map(|(name, body)| {
            let value: T = body::from_json(&body).unwrap_or_else(|error| panic!("{name}: {error}"));
            let again = body::from_json::<T>(&body::to_json(&value).unwrap()).unwrap();
            assert_eq!(again, value, "{name}");
            value
        })
        .collect();
    assert!(values.len() >= 4, "{kind}: one from each of the four artifacts");
    values
}

#[derive(Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MessageQueue {
    broker_name: String,
    queue_id: i32,
    topic: String,
}

fn queue(queue_id: i32) -> MessageQueue {
    MessageQueue { broker_name: "broker-a".into(), queue_id, topic: "T".into() }
}

#[test]
fn every_json_body_is_read() {
    let bodies = json_bodies();
    assert!(bodies.len() >= 50, "{}", bodies.len());
    for (name, body) in bodies {
        let value: Result<Value, _> = body::from_json(&body);
        assert!(value.is_ok(), "{name}: {}\n{}", value.unwrap_err(), String::from_utf8_lossy(&body));
    }
}

#[test]
fn routes_have_integer_keys() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Route {
        broker_datas: Vec<Broker>,
        order_topic_conf: Option<String>,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Broker {
        broker_addrs: BTreeMap<i64, String>,
    }
    for route in read_all::<Route>("TopicRouteData") {
        let addresses: Vec<_> = route.broker_datas[0].broker_addrs.iter().collect();
        assert_eq!(addresses[0], (&-1, &"[::1]:10911".to_owned()));
        assert_eq!(addresses.len(), 3);
        assert_eq!(route.order_topic_conf.as_deref(), Some("broker-a:4"));
    }
}

#[test]
fn consume_stats_have_queues_as_keys() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct ConsumeStats {
        consume_tps: f64,
        offset_table: HashMap<MessageQueue, Offsets>,
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Offsets {
        broker_offset: i64,
        last_timestamp: i64,
        #[serde(default)]
        pull_offset: i64,
    }
    for stats in read_all::<ConsumeStats>("ConsumeStats") {
        assert_eq!(stats.consume_tps, 1.0);
        assert_eq!(stats.offset_table[&queue(0)].last_timestamp, 1_700_000_000_000);
        assert_eq!(stats.offset_table[&queue(1)].broker_offset, 9_007_199_254_740_993);
    }
}

#[test]
fn reset_offsets_and_corrections_are_plain_tables() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct ResetOffset {
        offset_table: HashMap<MessageQueue, i64>,
    }
    for reset in read_all::<ResetOffset>("ResetOffsetBody") {
        assert_eq!(reset.offset_table, HashMap::from([(queue(0), 100)]));
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Corrections {
        correction_offsets: BTreeMap<i32, i64>,
    }
    for corrections in read_all::<Corrections>("QueryCorrectionOffsetBody") {
        assert_eq!(corrections.correction_offsets, BTreeMap::from([(0, 5), (12, -1)]));
    }
}

#[test]
fn the_offset_table_of_5_5_1_has_bare_integer_keys_in_maps_of_maps() {
    type Table = BTreeMap<String, BTreeMap<i32, i64>>;
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct ConsumerOffsets {
        offset_table: Table,
        #[serde(default)]
        pull_offset_table: Option<Table>,
    }
    let of_5_5_1 = |name: &str| name.starts_with("\"body-ConsumerOffsetSerializeWrapper");
    let bodies = json_bodies().into_iter().filter(|(name, _)| of_5_5_1(name) && name.contains("5.5.1"));
    let tables: Vec<ConsumerOffsets> = bodies.map(|(_, body)| body::from_json(&body).unwrap()).collect();
    let pulls: Vec<Table> = tables.into_iter().filter_map(|table| table.pull_offset_table).collect();
    let expected = BTreeMap::from([("T@CG".to_owned(), BTreeMap::from([(0, 5), (1, i64::MAX)]))]);
    assert_eq!(pulls, [Table::new(), expected], "`{{}}` where there is none");
}

#[test]
fn the_requests_of_5_5_1_that_delete_by_list_have_json_bodies() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Lists {
        topic_list: Option<Vec<String>>,
        group_name_list: Option<Vec<String>>,
        clean_offset: Option<bool>,
    }
    let read = |kind: &str| {
        let body = json_bodies().into_iter().find(|(name, _)| name.contains(&format!("body-{kind}/json")));
        body::from_json::<Lists>(&body.unwrap().1).unwrap()
    };
    let topics = read("DeleteTopicListRequestBody");
    assert_eq!(topics.topic_list.as_deref(), Some(&["A".to_owned(), "%RETRY%组".to_owned()][..]));
    let groups = read("DeleteSubscriptionGroupListRequestBody");
    assert_eq!((groups.group_name_list, groups.clean_offset), (Some(vec!["CG".to_owned()]), Some(true)));
}
