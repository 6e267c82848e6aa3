//! The names of queues.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

/// The name of a queue: a topic, a broker and a number. Java's `MessageQueue`.
///
/// Queues are ordered by topic, broker and number, as in Java.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MessageQueue {
    /// The name of the broker.
    pub broker_name: String,
    /// The number of the queue on the broker.
    pub queue_id: i32,
    /// The name of the topic.
    pub topic: String,
}

impl MessageQueue {
    /// Returns the name of a queue.
    pub fn new(topic: impl Into<String>, broker_name: impl Into<String>, queue_id: i32) -> Self {
        Self { broker_name: broker_name.into(), queue_id, topic: topic.into() }
    }

    fn key(&self) -> (&str, &str, i32) {
        (&self.topic, &self.broker_name, self.queue_id)
    }
}

impl Ord for MessageQueue {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for MessageQueue {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A queue with an offset, for clients in C++. Java's `MessageQueueForC`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MessageQueueForC {
    /// The name of the broker.
    pub broker_name: String,
    /// The offset.
    pub offset: i64,
    /// The number of the queue on the broker.
    pub queue_id: i32,
    /// The name of the topic.
    pub topic: String,
}
