//! The acknowledgement of popped messages. Since 5.

use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

use super::BitSet;

/// The acknowledgement of many messages. Java's `BatchAckMessageRequestBody`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BatchAckMessageRequestBody {
    /// The messages.
    pub acks: Vec<BatchAck>,
    /// The name of the broker.
    pub broker_name: String,
}

impl JsonBody for BatchAckMessageRequestBody {}

/// The acknowledgement of messages that were popped from a queue at once. Java's `BatchAck`. Since 5.
///
/// The keys have one or two letters. The long names of Java are read too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BatchAck {
    /// The messages, by their distance from the first one.
    #[serde(alias = "bitSet")]
    pub b: BitSet,
    /// The name of the group.
    #[serde(alias = "consumerGroup")]
    pub c: String,
    /// The time for which the messages are invisible, in milliseconds.
    #[serde(alias = "invisibleTime")]
    pub it: i64,
    /// The time of the pop, in milliseconds since 1970.
    #[serde(alias = "popTime")]
    pub pt: i64,
    /// The number of the queue.
    #[serde(alias = "queueId")]
    pub q: i32,
    /// `1` if the topic is a retry topic.
    #[serde(alias = "retry")]
    pub r: String,
    /// The number of the revive queue.
    #[serde(alias = "reviveQueueId")]
    pub rq: i32,
    /// The offset of the first message.
    #[serde(alias = "startOffset")]
    pub so: i64,
    /// The name of the topic.
    #[serde(alias = "topic")]
    pub t: String,
}
