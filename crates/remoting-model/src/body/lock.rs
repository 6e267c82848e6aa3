//! Locks of queues, for consumption in order.

use std::collections::BTreeSet;

use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

use super::MessageQueue;

/// The request to lock queues. Java's `LockBatchRequestBody`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LockBatchRequestBody {
    /// The id of the client.
    pub client_id: String,
    /// The name of its group.
    pub consumer_group: String,
    /// The queues.
    pub mq_set: BTreeSet<MessageQueue>,
    /// Whether the broker may lock the queues without the other brokers of its name. Since 5.
    pub only_this_broker: bool,
}

impl JsonBody for LockBatchRequestBody {}

/// The queues that are locked. Java's `LockBatchResponseBody`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LockBatchResponseBody {
    /// The queues.
    #[serde(rename = "lockOKMQSet")]
    pub lock_okmq_set: BTreeSet<MessageQueue>,
}

impl JsonBody for LockBatchResponseBody {}

/// The request to unlock queues. Java's `UnlockBatchRequestBody`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UnlockBatchRequestBody {
    /// The id of the client.
    pub client_id: String,
    /// The name of its group.
    pub consumer_group: String,
    /// The queues.
    pub mq_set: BTreeSet<MessageQueue>,
    /// Whether the broker may unlock the queues without the other brokers of its name. Since 5.
    pub only_this_broker: bool,
}

impl JsonBody for UnlockBatchRequestBody {}
