//! The state of lite topics. Since 5.5.

use std::collections::{BTreeMap, BTreeSet};

use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

use super::{OffsetWrapper, TopicOffset};

/// The lite topics of a broker. Java's `GetBrokerLiteInfoResponseBody`. Since 5.5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GetBrokerLiteInfoResponseBody {
    /// The number of queue indexes.
    pub cq_table_size: i32,
    /// The number of lite topics.
    pub current_lmq_num: i32,
    /// The number of clients with events.
    pub event_map_size: i32,
    /// The groups of each parent topic.
    pub group_meta: BTreeMap<String, BTreeSet<String>>,
    /// The number of subscriptions.
    pub lite_subscription_count: i32,
    /// The largest number of lite topics.
    pub max_lmq_num: i32,
    /// The number of offsets.
    pub offset_table_size: i32,
    /// The number of records of ordered consumption.
    pub order_info_count: i32,
    /// The type of the store.
    pub store_type: Option<String>,
    /// The lifetime of the lite topics of each parent topic, in minutes.
    pub topic_meta: BTreeMap<String, i32>,
}

impl JsonBody for GetBrokerLiteInfoResponseBody {}

/// A parent topic. Java's `GetParentTopicInfoResponseBody`. Since 5.5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GetParentTopicInfoResponseBody {
    /// The groups that are bound to it.
    pub groups: BTreeSet<String>,
    /// The number of its lite topics.
    pub lite_topic_count: i32,
    /// The number of all lite topics on the broker.
    pub lmq_num: i32,
    /// The name of the topic.
    pub topic: String,
    /// The lifetime of its lite topics in minutes.
    pub ttl: i32,
}

impl JsonBody for GetParentTopicInfoResponseBody {}

/// A lite topic. Java's `GetLiteTopicInfoResponseBody`. Since 5.5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GetLiteTopicInfoResponseBody {
    /// The name of the lite topic.
    pub lite_topic: String,
    /// The name of its parent topic.
    pub parent_topic: String,
    /// Whether the lite topic belongs to the broker.
    pub sharding_to_broker: bool,
    /// The clients that have subscribed to it.
    pub subscriber: Vec<ClientGroup>,
    /// Its offsets.
    pub topic_offset: Option<TopicOffset>,
}

impl JsonBody for GetLiteTopicInfoResponseBody {}

/// A client of a group. Java's `ClientGroup`. Since 5.5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClientGroup {
    /// The id of the client.
    pub client_id: String,
    /// The name of the group.
    pub group: String,
}

/// The lite topics of a client. Java's `GetLiteClientInfoResponseBody`. Since 5.5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GetLiteClientInfoResponseBody {
    /// The id of the client.
    pub client_id: String,
    /// The name of its group.
    pub group: String,
    /// The time of its last request, in milliseconds since 1970.
    pub last_access_time: i64,
    /// The time of its last consumption, in milliseconds since 1970.
    pub last_consume_time: i64,
    /// The number of its lite topics.
    pub lite_topic_count: i32,
    /// The names of the lite topics.
    pub lite_topic_set: BTreeSet<String>,
    /// The name of the parent topic.
    pub parent_topic: String,
}

impl JsonBody for GetLiteClientInfoResponseBody {}

/// The progress of a group on lite topics. Java's `GetLiteGroupInfoResponseBody`. Since 5.5.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GetLiteGroupInfoResponseBody {
    /// The time of the first message that is not consumed, in milliseconds since 1970, or -1.
    pub earliest_unconsumed_timestamp: i64,
    /// The name of the group.
    pub group: String,
    /// The lite topics with the most messages that are not consumed.
    pub lag_count_top_k: Vec<LiteLagInfo>,
    /// The lite topics with the oldest messages that are not consumed.
    pub lag_timestamp_top_k: Vec<LiteLagInfo>,
    /// The lite topic that was asked for.
    pub lite_topic: Option<String>,
    /// The progress on this lite topic.
    pub lite_topic_offset_wrapper: Option<OffsetWrapper>,
    /// The name of the parent topic.
    pub parent_topic: String,
    /// The number of messages that are not consumed.
    pub total_lag_count: i64,
}

impl JsonBody for GetLiteGroupInfoResponseBody {}

impl Default for GetLiteGroupInfoResponseBody {
    fn default() -> Self {
        Self {
            earliest_unconsumed_timestamp: -1,
            group: String::new(),
            lag_count_top_k: Vec::new(),
            lag_timestamp_top_k: Vec::new(),
            lite_topic: None,
            lite_topic_offset_wrapper: None,
            parent_topic: String::new(),
            total_lag_count: 0,
        }
    }
}

/// The progress of a group on a lite topic. Java's `LiteLagInfo`. Since 5.5.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LiteLagInfo {
    /// The time of the first message that is not consumed, in milliseconds since 1970, or -1.
    pub earliest_unconsumed_timestamp: i64,
    /// The number of messages that are not consumed.
    pub lag_count: i64,
    /// The name of the lite topic.
    pub lite_topic: String,
}

impl Default for LiteLagInfo {
    fn default() -> Self {
        Self { earliest_unconsumed_timestamp: -1, lag_count: 0, lite_topic: String::new() }
    }
}
