use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::from_json;
use crate::body::BodyError;

mod forms;
mod references;
mod refusals;
mod samples;

fn read<T: DeserializeOwned>(text: &str) -> T {
    from_json(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn rejection<T: DeserializeOwned + std::fmt::Debug>(text: &str) -> BodyError {
    let read = from_json::<T>(text.as_bytes());
    read.err().unwrap_or_else(|| panic!("accepted: {text:.80}"))
}

#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MessageQueue {
    broker_name: String,
    queue_id: i32,
    topic: String,
}

impl MessageQueue {
    fn new(broker_name: &str, queue_id: i32, topic: &str) -> Self {
        Self { broker_name: broker_name.into(), queue_id, topic: topic.into() }
    }
}

#[derive(Debug, PartialEq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct OffsetWrapper {
    broker_offset: i64,
    consumer_offset: i64,
    last_timestamp: i64,
    pull_offset: i64,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ConsumeStats {
    consume_tps: f64,
    offset_table: HashMap<MessageQueue, OffsetWrapper>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum MessageModel {
    Broadcasting,
    Clustering,
}

type Table = BTreeMap<i64, String>;
