//! The answers to queries of administrators.

use std::collections::BTreeSet;

use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

use super::{MessageQueue, SubscriptionData};

/// The groups that have and have not consumed a message. Java's `ConsumeByWho`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConsumeByWho {
    /// The groups that have consumed it.
    pub consumed_group: BTreeSet<String>,
    /// The groups that have not.
    pub not_consumed_group: BTreeSet<String>,
    /// The offset of the message.
    pub offset: i64,
    /// The number of its queue.
    pub queue_id: i32,
    /// The name of its topic.
    pub topic: String,
}

impl JsonBody for ConsumeByWho {}

/// The times of the messages of a topic. Java's `QueryConsumeTimeSpanBody`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct QueryConsumeTimeSpanBody {
    /// The queues.
    pub consume_time_span_set: Vec<QueueTimeSpan>,
}

impl JsonBody for QueryConsumeTimeSpanBody {}

/// The times of the messages of a queue. Java's `QueueTimeSpan`.
///
/// Times are in milliseconds since 1970. Java writes each as a text in its local time too, and does not read the texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct QueueTimeSpan {
    /// The time of the last consumed message.
    pub consume_time_stamp: i64,
    /// The same as a text.
    pub consume_time_stamp_str: Option<String>,
    /// The time by which the group is behind, in milliseconds.
    pub delay_time: i64,
    /// The time of the last message.
    pub max_time_stamp: i64,
    /// The same as a text.
    pub max_time_stamp_str: Option<String>,
    /// The queue.
    pub message_queue: MessageQueue,
    /// The time of the first message.
    pub min_time_stamp: i64,
    /// The same as a text.
    pub min_time_stamp_str: Option<String>,
}

/// A part of the index of a queue. Java's `QueryConsumeQueueResponseBody`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct QueryConsumeQueueResponseBody {
    /// The filter of the group as a text.
    pub filter_data: Option<String>,
    /// The end of the index.
    pub max_queue_index: i64,
    /// The beginning of the index.
    pub min_queue_index: i64,
    /// The entries.
    pub queue_data: Vec<ConsumeQueueData>,
    /// The subscription of the group, if it was asked for.
    pub subscription_data: Option<SubscriptionData>,
}

impl JsonBody for QueryConsumeQueueResponseBody {}

/// An entry in the index of a queue. Java's `ConsumeQueueData`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConsumeQueueData {
    /// The bits of the filter as a text.
    pub bit_map: Option<String>,
    /// Whether the filter lets the message pass.
    pub eval: bool,
    /// The extension of the entry as JSON.
    pub extend_data_json: Option<String>,
    /// The error of the evaluation.
    pub msg: Option<String>,
    /// The position of the message in the commit log.
    pub physic_offset: i64,
    /// The size of the message in bytes.
    pub physic_size: i32,
    /// The hash code of its tags.
    pub tags_code: i64,
}

/// The result of comparing the index in files with the index in RocksDB. Java's `CheckRocksdbCqWriteResult`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CheckRocksdbCqWriteResult {
    /// The result as a text.
    pub check_result: Option<String>,
    /// The result: 0 equal, 1 not equal, 2 in progress, 3 error.
    pub check_status: i32,
}

impl JsonBody for CheckRocksdbCqWriteResult {}
