//! Static topics: logical queues that are mapped to queues of brokers. Since 5.

use std::collections::{BTreeMap, BTreeSet};

use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

use super::known::known_or_default;
use super::{DataVersion, TopicConfig, TopicFilterType};

/// The scope of a mapping unless it has another one. Java's `MixAll.METADATA_SCOPE_GLOBAL`.
const GLOBAL: &str = "__global__";

/// The logical queues of a static topic that a broker has. Java's `TopicQueueMappingInfo`. Since 5.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The scope of the mapping. By default `__global__`.
    pub scope: String,
    /// The name of the topic.
    pub topic: String,
    /// The number of logical queues.
    pub total_queues: i32,
}

impl JsonBody for TopicQueueMappingInfo {}

impl Default for TopicQueueMappingInfo {
    fn default() -> Self {
        Self {
            bname: String::new(),
            curr_id_map: BTreeMap::new(),
            dirty: false,
            epoch: 0,
            scope: GLOBAL.to_owned(),
            topic: String::new(),
            total_queues: 0,
        }
    }
}

/// The mapping of a static topic on a broker, with its history. Java's `TopicQueueMappingDetail`. Since 5.
///
/// It has the fields of [`TopicQueueMappingInfo`] and the hosted queues.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The scope of the mapping. By default `__global__`.
    pub scope: String,
    /// The name of the topic.
    pub topic: String,
    /// The number of logical queues.
    pub total_queues: i32,
}

impl JsonBody for TopicQueueMappingDetail {}

impl Default for TopicQueueMappingDetail {
    fn default() -> Self {
        Self {
            bname: String::new(),
            curr_id_map: BTreeMap::new(),
            dirty: false,
            epoch: 0,
            hosted_queues: BTreeMap::new(),
            scope: GLOBAL.to_owned(),
            topic: String::new(),
            total_queues: 0,
        }
    }
}

/// A part of a logical queue: a range of its offsets on a queue of a broker. Java's `LogicQueueMappingItem`. Since 5.
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

/// The topics and static topics of a broker. Java's `TopicConfigAndMappingSerializeWrapper`. Since 5.
///
/// It has the fields of [`TopicConfigSerializeWrapper`](super::TopicConfigSerializeWrapper), which brokers before 5 send
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

/// The static topics of a broker. Java's `TopicQueueMappingSerializeWrapper`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TopicQueueMappingSerializeWrapper {
    /// The version of the table.
    pub data_version: DataVersion,
    /// The mapping of each static topic, by the name of the topic.
    pub topic_queue_mapping_info_map: BTreeMap<String, TopicQueueMappingDetail>,
}

impl JsonBody for TopicQueueMappingSerializeWrapper {}

/// The configuration of a static topic on a broker. Java's `TopicConfigAndQueueMapping`. Since 5.
///
/// It has the fields of [`TopicConfig`] and the mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TopicConfigAndQueueMapping {
    /// The attributes.
    pub attributes: BTreeMap<String, String>,
    /// The mapping, if the topic is static.
    pub mapping_detail: Option<TopicQueueMappingDetail>,
    /// Whether the topic is ordered.
    pub order: bool,
    /// The permissions, as in [`Perm`](crate::constants::Perm). By default 6, reading and writing.
    pub perm: i32,
    /// The number of queues that consumers read. By default 16.
    pub read_queue_nums: i32,
    /// The number of tags that a message may have.
    #[serde(deserialize_with = "known_or_default")]
    pub topic_filter_type: TopicFilterType,
    /// The name of the topic.
    pub topic_name: String,
    /// The system flags.
    pub topic_sys_flag: i32,
    /// The number of queues that producers write to. By default 16.
    pub write_queue_nums: i32,
}

impl JsonBody for TopicConfigAndQueueMapping {}

impl Default for TopicConfigAndQueueMapping {
    fn default() -> Self {
        TopicConfig::default().into()
    }
}

/// A topic that is not static.
impl From<TopicConfig> for TopicConfigAndQueueMapping {
    fn from(topic: TopicConfig) -> Self {
        Self {
            attributes: topic.attributes,
            mapping_detail: None,
            order: topic.order,
            perm: topic.perm,
            read_queue_nums: topic.read_queue_nums,
            topic_filter_type: topic.topic_filter_type,
            topic_name: topic.topic_name,
            topic_sys_flag: topic.topic_sys_flag,
            write_queue_nums: topic.write_queue_nums,
        }
    }
}

/// A change of the mapping of a static topic. Java's `TopicRemappingDetailWrapper`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TopicRemappingDetailWrapper {
    /// The configuration of the topic on each broker, by its name.
    pub broker_config_map: BTreeMap<String, TopicConfigAndQueueMapping>,
    /// The names of the brokers that get queues.
    pub broker_to_map_in: BTreeSet<String>,
    /// The names of the brokers that lose queues.
    pub broker_to_map_out: BTreeSet<String>,
    /// The version of the mapping.
    pub epoch: i64,
    /// The name of the topic.
    pub topic: String,
    /// The kind of change: `CREATE_OR_UPDATE` or `REMAPPING`.
    pub r#type: Option<String>,
}

impl JsonBody for TopicRemappingDetailWrapper {}
