//! The offsets of groups.

use std::collections::BTreeMap;

use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

use super::{DataVersion, MessageQueue, MessageQueueForC};

/// The offsets of all groups on a broker. Java's `ConsumerOffsetSerializeWrapper`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConsumerOffsetSerializeWrapper {
    /// The version of the table. Since 5.
    pub data_version: Option<DataVersion>,
    /// The offset of each queue, by topic and group as in `topic@group`.
    pub offset_table: BTreeMap<String, BTreeMap<i32, i64>>,
    /// The offset up to which each queue was pulled, by topic and group. Since 5.5.1.
    pub pull_offset_table: BTreeMap<String, BTreeMap<i32, i64>>,
}

impl JsonBody for ConsumerOffsetSerializeWrapper {}

/// The progress of delayed messages. Java's `DelayOffsetSerializeWrapper`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DelayOffsetSerializeWrapper {
    /// The version of the table. Since 5.
    pub data_version: Option<DataVersion>,
    /// The offset up to which the messages of each delay level were delivered.
    pub offset_table: BTreeMap<i32, i64>,
}

impl JsonBody for DelayOffsetSerializeWrapper {}

/// The offsets that a consumer shall continue from. Java's `ResetOffsetBody`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResetOffsetBody {
    /// The offset of each queue.
    pub offset_table: BTreeMap<MessageQueue, i64>,
}

impl JsonBody for ResetOffsetBody {}

/// The offsets that a client in C++ shall continue from. Java's `ResetOffsetBodyForC`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResetOffsetBodyForC {
    /// The queues with their offsets.
    pub offset_table: Vec<MessageQueueForC>,
}

impl JsonBody for ResetOffsetBodyForC {}

/// The offsets of the consumers of a group. Java's `GetConsumerStatusBody`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GetConsumerStatusBody {
    /// The offsets of each consumer, by the id of its client.
    pub consumer_table: BTreeMap<String, BTreeMap<MessageQueue, i64>>,
    /// The offsets of the consumer that answers.
    pub message_queue_table: BTreeMap<MessageQueue, i64>,
}

impl JsonBody for GetConsumerStatusBody {}

/// The smallest offset of each queue among several groups. Java's `QueryCorrectionOffsetBody`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct QueryCorrectionOffsetBody {
    /// The offset of each queue.
    pub correction_offsets: BTreeMap<i32, i64>,
}

impl JsonBody for QueryCorrectionOffsetBody {}

/// The content of a message that tells that an offset was not in its queue. Java's `OffsetMovedEvent`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OffsetMovedEvent {
    /// The name of the group.
    pub consumer_group: String,
    /// The queue.
    pub message_queue: MessageQueue,
    /// The offset to continue from.
    pub offset_new: i64,
    /// The offset that the group has requested.
    pub offset_request: i64,
}

impl JsonBody for OffsetMovedEvent {}

/// The reset of an offset. Java's `RollbackStats`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RollbackStats {
    /// The name of the broker.
    pub broker_name: String,
    /// The end of the queue.
    pub broker_offset: i64,
    /// The offset of the group before.
    pub consumer_offset: i64,
    /// The number of the queue.
    pub queue_id: i64,
    /// The offset of the group after.
    pub rollback_offset: i64,
    /// The offset of the given time.
    pub timestamp_offset: i64,
}
