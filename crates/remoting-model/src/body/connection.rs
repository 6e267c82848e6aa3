//! The clients of a broker.

use std::collections::BTreeMap;

use remoting_protocol::LanguageCode;
use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

use super::known::known;
use super::{ConsumeFromWhere, ConsumeType, MessageModel, SubscriptionData};

/// A client. Java's `Connection`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Connection {
    /// Its address.
    pub client_addr: String,
    /// Its id.
    pub client_id: String,
    /// Its language.
    #[serde(with = "super::language")]
    pub language: Option<LanguageCode>,
    /// The number of its version, as in the header of a command.
    pub version: i32,
}

/// The consumers of a group. Java's `ConsumerConnection`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConsumerConnection {
    /// The clients.
    pub connection_set: Vec<Connection>,
    /// Where the group starts if it is new.
    #[serde(deserialize_with = "known")]
    pub consume_from_where: Option<ConsumeFromWhere>,
    /// How the consumers receive messages.
    #[serde(deserialize_with = "known")]
    pub consume_type: Option<ConsumeType>,
    /// How messages are spread over them.
    #[serde(deserialize_with = "known")]
    pub message_model: Option<MessageModel>,
    /// The subscriptions, by topic.
    pub subscription_table: BTreeMap<String, SubscriptionData>,
}

impl JsonBody for ConsumerConnection {}

/// The producers of a group. Java's `ProducerConnection`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProducerConnection {
    /// The clients.
    pub connection_set: Vec<Connection>,
}

impl JsonBody for ProducerConnection {}

/// The producers of a broker. Java's `ProducerTableInfo`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProducerTableInfo {
    /// The producers of each group, by its name.
    pub data: BTreeMap<String, Vec<ProducerInfo>>,
}

impl JsonBody for ProducerTableInfo {}

/// A producer. Java's `ProducerInfo`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProducerInfo {
    /// The id of its client.
    pub client_id: String,
    /// Its language.
    #[serde(with = "super::language")]
    pub language: Option<LanguageCode>,
    /// The time of its last heartbeat, in milliseconds since 1970.
    pub last_update_timestamp: i64,
    /// Its address.
    #[serde(rename = "remoteIP")]
    pub remote_ip: String,
    /// The number of its version, as in the header of a command.
    pub version: i32,
}

/// The consumers of a group. Java's `GetConsumerListByGroupResponseBody`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GetConsumerListByGroupResponseBody {
    /// The ids of their clients.
    pub consumer_id_list: Vec<String>,
}

impl JsonBody for GetConsumerListByGroupResponseBody {}
