//! The heartbeats of clients.

use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

use super::known::known;
use super::{ConsumeFromWhere, ConsumeType, MessageModel, SubscriptionData};

/// The groups of a client. Java's `HeartbeatData`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HeartbeatData {
    /// The id of the client.
    #[serde(rename = "clientID")]
    pub client_id: String,
    /// The groups of its consumers.
    pub consumer_data_set: Vec<ConsumerData>,
    /// The hash of the subscriptions, or 0 for a heartbeat of version 1. Since 5.
    pub heartbeat_fingerprint: i32,
    /// The groups of its producers.
    pub producer_data_set: Vec<ProducerData>,
    /// Whether the subscriptions are left out, because the broker knows those of the same fingerprint. Since 5.
    pub without_sub: bool,
}

impl JsonBody for HeartbeatData {}

/// A group of producers. Java's `ProducerData`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProducerData {
    /// The name of the group.
    pub group_name: String,
}

/// A group of consumers. Java's `ConsumerData`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConsumerData {
    /// Where the group starts if it is new.
    #[serde(deserialize_with = "known")]
    pub consume_from_where: Option<ConsumeFromWhere>,
    /// How its consumers receive messages.
    #[serde(deserialize_with = "known")]
    pub consume_type: Option<ConsumeType>,
    /// The name of the group.
    pub group_name: String,
    /// How messages are spread over its consumers.
    #[serde(deserialize_with = "known")]
    pub message_model: Option<MessageModel>,
    /// The topics that it consumes.
    pub subscription_data_set: Vec<SubscriptionData>,
    /// Whether the consumer belongs to a unit.
    pub unit_mode: bool,
}

/// The request to check a subscription. Java's `CheckClientRequestBody`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CheckClientRequestBody {
    /// The id of the client.
    pub client_id: String,
    /// The name of its group.
    pub group: String,
    /// The namespace of the client. Since 5.
    pub namespace: Option<String>,
    /// The subscription.
    pub subscription_data: SubscriptionData,
}

impl JsonBody for CheckClientRequestBody {}
