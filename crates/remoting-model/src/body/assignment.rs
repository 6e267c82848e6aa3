//! The assignment of queues to consumers by the broker. Since 5.

use std::collections::BTreeMap;

use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

use super::known::{known, known_or_default};
use super::{MessageModel, MessageQueue};

/// The request for the queues of a consumer. Java's `QueryAssignmentRequestBody`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct QueryAssignmentRequestBody {
    /// The id of the client.
    pub client_id: String,
    /// The name of its group.
    pub consumer_group: String,
    /// How messages are spread over the consumers.
    #[serde(deserialize_with = "known")]
    pub message_model: Option<MessageModel>,
    /// The name of the strategy, such as `AVG`.
    pub strategy_name: String,
    /// The name of the topic.
    pub topic: String,
}

impl JsonBody for QueryAssignmentRequestBody {}

/// The queues of a consumer. Java's `QueryAssignmentResponseBody`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct QueryAssignmentResponseBody {
    /// The queues.
    pub message_queue_assignments: Vec<MessageQueueAssignment>,
}

impl JsonBody for QueryAssignmentResponseBody {}

/// A queue of a consumer. Java's `MessageQueueAssignment`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MessageQueueAssignment {
    /// Further properties.
    pub attachments: BTreeMap<String, String>,
    /// The queue.
    pub message_queue: Option<MessageQueue>,
    /// How the consumer receives the messages.
    #[serde(deserialize_with = "known_or_default")]
    pub mode: MessageRequestMode,
}

/// How a consumer receives messages. Java's `MessageRequestMode`. Since 5.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum MessageRequestMode {
    /// By pull.
    #[default]
    Pull,
    /// By pop.
    Pop,
}

/// How a group receives the messages of a topic. Java's `SetMessageRequestModeRequestBody`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SetMessageRequestModeRequestBody {
    /// The name of the group.
    pub consumer_group: String,
    /// By pull or pop.
    #[serde(deserialize_with = "known_or_default")]
    pub mode: MessageRequestMode,
    /// The number of queues that consumers share with others when they pop.
    pub pop_share_queue_num: i32,
    /// The name of the topic.
    pub topic: String,
}

impl JsonBody for SetMessageRequestModeRequestBody {}

/// How the groups of a broker receive messages. Java's `MessageRequestModeSerializeWrapper`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MessageRequestModeSerializeWrapper {
    /// The mode by topic and group.
    pub message_request_mode_map: BTreeMap<String, BTreeMap<String, SetMessageRequestModeRequestBody>>,
}

impl JsonBody for MessageRequestModeSerializeWrapper {}
