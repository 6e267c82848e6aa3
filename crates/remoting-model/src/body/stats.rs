//! The progress of topics and groups.

use std::collections::BTreeMap;

use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

use super::MessageQueue;

/// The offsets of a topic. Java's `TopicStatsTable`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TopicStatsTable {
    /// The offsets of each queue.
    pub offset_table: BTreeMap<MessageQueue, TopicOffset>,
    /// The number of messages that are stored per second. Since 5.
    pub topic_put_tps: f64,
}

impl JsonBody for TopicStatsTable {}

/// The offsets of a queue. Java's `TopicOffset`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TopicOffset {
    /// The time of the last message, in milliseconds since 1970.
    pub last_update_timestamp: i64,
    /// The offset after the last message.
    pub max_offset: i64,
    /// The offset of the first message.
    pub min_offset: i64,
}

/// The progress of a group. Java's `ConsumeStats`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConsumeStats {
    /// The number of messages that are consumed per second.
    pub consume_tps: f64,
    /// The progress on each queue.
    pub offset_table: BTreeMap<MessageQueue, OffsetWrapper>,
}

impl JsonBody for ConsumeStats {}

/// The progress of a group on a queue. Java's `OffsetWrapper`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OffsetWrapper {
    /// The end of the queue.
    pub broker_offset: i64,
    /// The offset of the group.
    pub consumer_offset: i64,
    /// The time of the last consumed message, in milliseconds since 1970.
    pub last_timestamp: i64,
    /// The offset up to which the group has pulled. Since 5.
    pub pull_offset: i64,
}

/// The progress of all groups on a broker. Java's `ConsumeStatsList`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConsumeStatsList {
    /// The address of the broker.
    pub broker_addr: Option<String>,
    /// The progress of each group by topic, by the name of the group.
    pub consume_stats_list: Vec<BTreeMap<String, Vec<ConsumeStats>>>,
    /// The number of messages that are not consumed.
    pub total_diff: i64,
    /// The number of messages that are pulled and not consumed. Since 5.
    pub total_inflight_diff: i64,
}

impl JsonBody for ConsumeStatsList {}

/// A number of a broker over time. Java's `BrokerStatsData`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BrokerStatsData {
    /// The last day.
    pub stats_day: BrokerStatsItem,
    /// The last hour.
    pub stats_hour: BrokerStatsItem,
    /// The last minute.
    pub stats_minute: BrokerStatsItem,
}

impl JsonBody for BrokerStatsData {}

/// A number of a broker over a period. Java's `BrokerStatsItem`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BrokerStatsItem {
    /// The average per event.
    pub avgpt: f64,
    /// The sum.
    pub sum: i64,
    /// The sum per second.
    pub tps: f64,
}
