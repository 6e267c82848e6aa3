//! The state of a consumer.

use std::collections::BTreeMap;

use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

use super::{MessageQueue, SubscriptionData};

/// The state of a consumer. Java's `ConsumerRunningInfo`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConsumerRunningInfo {
    /// The stacks of its threads, if they were asked for.
    pub jstack: Option<String>,
    /// The queues from which it pops. Since 5.
    pub mq_pop_table: BTreeMap<MessageQueue, PopProcessQueueInfo>,
    /// The queues from which it pulls.
    pub mq_table: BTreeMap<MessageQueue, ProcessQueueInfo>,
    /// Its configuration, such as `PROP_CLIENT_VERSION`.
    pub properties: BTreeMap<String, String>,
    /// Its rates, by topic.
    pub status_table: BTreeMap<String, ConsumeStatus>,
    /// Its subscriptions.
    pub subscription_set: Vec<SubscriptionData>,
    /// What the application adds. Since 5.
    pub user_consumer_info: BTreeMap<String, String>,
}

impl JsonBody for ConsumerRunningInfo {}

/// The messages that a consumer has pulled from a queue. Java's `ProcessQueueInfo`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProcessQueueInfo {
    /// The number of messages.
    pub cached_msg_count: i32,
    /// The largest of their offsets.
    pub cached_msg_max_offset: i64,
    /// The smallest of their offsets.
    pub cached_msg_min_offset: i64,
    /// Their size in MiB.
    pub cached_msg_size_in_mi_b: i32,
    /// The offset of the group.
    pub commit_offset: i64,
    /// Whether the queue belongs to another consumer meanwhile. Java spells it so.
    pub droped: bool,
    /// The time of the last consumption, in milliseconds since 1970.
    pub last_consume_timestamp: i64,
    /// The time of the last lock, in milliseconds since 1970.
    pub last_lock_timestamp: i64,
    /// The time of the last pull, in milliseconds since 1970.
    pub last_pull_timestamp: i64,
    /// Whether the consumer has locked the queue.
    pub locked: bool,
    /// The number of messages that are being consumed in order.
    pub transaction_msg_count: i32,
    /// The largest of their offsets.
    pub transaction_msg_max_offset: i64,
    /// The smallest of their offsets.
    pub transaction_msg_min_offset: i64,
    /// How often the consumer tried to unlock the queue.
    pub try_unlock_times: i64,
}

/// The messages that a consumer has popped from a queue. Java's `PopProcessQueueInfo`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PopProcessQueueInfo {
    /// Whether the queue belongs to another consumer meanwhile. Java spells it so.
    pub droped: bool,
    /// The time of the last pop, in milliseconds since 1970.
    pub last_pop_timestamp: i64,
    /// The number of messages that are not acknowledged.
    pub wait_ack_count: i32,
}

/// The rates of a consumer on a topic. Java's `ConsumeStatus`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConsumeStatus {
    /// The number of messages that failed in the last hour.
    pub consume_failed_msgs: i64,
    /// The number of messages that fail per second.
    #[serde(rename = "consumeFailedTPS")]
    pub consume_failed_tps: f64,
    /// The number of messages that succeed per second.
    #[serde(rename = "consumeOKTPS")]
    pub consume_oktps: f64,
    /// The average time of a consumption in milliseconds.
    #[serde(rename = "consumeRT")]
    pub consume_rt: f64,
    /// The average time of a pull in milliseconds.
    #[serde(rename = "pullRT")]
    pub pull_rt: f64,
    /// The number of messages that are pulled per second.
    #[serde(rename = "pullTPS")]
    pub pull_tps: f64,
}
