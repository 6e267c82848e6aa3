//! Static topics: logical queues that are mapped to queues of brokers. Since 5.0.

use std::collections::BTreeMap;

use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

use super::{DataVersion, TopicConfig};

/// The logical queues of a static topic that a broker has. Java's `TopicQueueMappingInfo`. Since 5.0.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TopicQueueMappingInfo {
    /// The name of the broker.
    pub bname: String,
    /// The queue of the broker for each logical queue.
    pub curr_id_map: BTreeMap<i32, i32>,
    /// Whether the mapping is not valid any more.
    pub dirty: bool,
    /// The version of the mapping.
    pub epoch: i64,
    /// The scope of the mapping, `__global__` by default in Java.
    pub scope: Option<String>,
    /// The name of the topic.
    pub topic: String,
    /// The number of logical queues.
    pub total_queues: i32,
}

impl JsonBody for TopicQueueMappingInfo {}

/// The mapping of a static topic on a broker, with its history. Java's `TopicQueueMappingDetail`. Since 5.0.
///
/// It has the fields of [`TopicQueueMappingInfo`] and the hosted queues.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TopicQueueMappingDetail {
    /// The name of the broker.
    pub bname: String,
    /// The queue of the broker for each logical queue.
    pub curr_id_map: BTreeMap<i32, i32>,
    /// Whether the mapping is not valid any more.
    pub dirty: bool,
    /// The version of the mapping.
    pub epoch: i64,
    /// The logical queues that the broker hosts, each with the queues that have held its messages.
    pub hosted_queues: BTreeMap<i32, Vec<LogicQueueMappingItem>>,
    /// The scope of the mapping, `__global__` by default in Java.
    pub scope: Option<String>,
    /// The name of the topic.
    pub topic: String,
    /// The number of logical queues.
    pub total_queues: i32,
}

impl JsonBody for TopicQueueMappingDetail {}

/// A part of a logical queue: a range of its offsets on a queue of a broker. Java's `LogicQueueMappingItem`. Since 5.0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LogicQueueMappingItem {
    /// The name of the broker.
    pub bname: String,
    /// The offset after the last message on the queue, or -1 if it is not known.
    pub end_offset: i64,
    /// The generation.
    pub r#gen: i32,
    /// The logical offset of the first message.
    pub logic_offset: i64,
    /// The id of the queue on the broker.
    pub queue_id: i32,
    /// The offset of the first message on the queue.
    pub start_offset: i64,
    /// The time of the last message in milliseconds since 1970, or -1 if it is not known.
    pub time_of_end: i64,
    /// The time of the first message in milliseconds since 1970, or -1 if it is not known.
    pub time_of_start: i64,
}

impl Default for LogicQueueMappingItem {
    fn default() -> Self {
        Self {
            bname: String::new(),
            end_offset: -1,
            r#gen: 0,
            logic_offset: 0,
            queue_id: 0,
            start_offset: 0,
            time_of_end: -1,
            time_of_start: -1,
        }
    }
}

/// The topics and static topics of a broker. Java's `TopicConfigAndMappingSerializeWrapper`. Since 5.0.
///
/// It has the fields of [`TopicConfigSerializeWrapper`](super::TopicConfigSerializeWrapper), which brokers before 5.0 send
/// in its place, and the static topics.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TopicConfigAndMappingSerializeWrapper {
    /// The version of the topics.
    pub data_version: DataVersion,
    /// The version of the static topics.
    pub mapping_data_version: DataVersion,
    /// The configuration of each topic, by its name.
    pub topic_config_table: BTreeMap<String, TopicConfig>,
    /// The mapping of each static topic with its history, by the name of the topic.
    pub topic_queue_mapping_detail_map: BTreeMap<String, TopicQueueMappingDetail>,
    /// The mapping of each static topic, by the name of the topic.
    pub topic_queue_mapping_info_map: BTreeMap<String, TopicQueueMappingInfo>,
}

impl JsonBody for TopicConfigAndMappingSerializeWrapper {}

/// The static topics of a broker. Java's `TopicQueueMappingSerializeWrapper`. Since 5.0.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TopicQueueMappingSerializeWrapper {
    /// The version of the table.
    pub data_version: DataVersion,
    /// The mapping of each static topic, by the name of the topic.
    pub topic_queue_mapping_info_map: BTreeMap<String, TopicQueueMappingDetail>,
}

impl JsonBody for TopicQueueMappingSerializeWrapper {}
