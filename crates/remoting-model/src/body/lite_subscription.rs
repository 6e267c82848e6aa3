//! The subscriptions to lite topics. Since 5.5.

use std::collections::BTreeSet;

use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

use super::known::known;

/// The changes of subscriptions to lite topics. Java's `LiteSubscriptionCtlRequestBody`. Since 5.5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LiteSubscriptionCtlRequestBody {
    /// The changes.
    pub subscription_set: Vec<LiteSubscriptionDTO>,
}

impl JsonBody for LiteSubscriptionCtlRequestBody {}

/// A change of the lite topics of a client. Java's `LiteSubscriptionDTO`. Since 5.5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LiteSubscriptionDTO {
    /// The change.
    #[serde(deserialize_with = "known")]
    pub action: Option<LiteSubscriptionAction>,
    /// The id of the client.
    pub client_id: String,
    /// The name of its group.
    pub group: String,
    /// The lite topics.
    pub lite_topic_set: BTreeSet<String>,
    /// Where to start on a lite topic that is new for the client.
    pub offset_option: Option<OffsetOption>,
    /// The name of the parent topic.
    pub topic: String,
    /// The version of the client's subscriptions.
    pub version: i64,
}

/// A change of the lite topics of a client. Java's `LiteSubscriptionAction`. Since 5.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum LiteSubscriptionAction {
    /// Adds lite topics.
    PartialAdd,
    /// Removes lite topics.
    PartialRemove,
    /// Replaces all lite topics.
    CompleteAdd,
    /// Removes all lite topics.
    CompleteRemove,
}

/// Where to start on a lite topic. Java's `OffsetOption`. Since 5.5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OffsetOption {
    /// The meaning of the value.
    #[serde(deserialize_with = "known")]
    pub r#type: Option<OffsetOptionType>,
    /// The value.
    pub value: i64,
}

/// The meaning of the value of an [`OffsetOption`]. Java's `OffsetOption.Type`. Since 5.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum OffsetOptionType {
    /// 0 the last offset, 1 the smallest one, 2 the largest one.
    Policy,
    /// An offset.
    Offset,
    /// The number of messages before the end.
    TailN,
    /// A time in milliseconds since 1970.
    Timestamp,
}
