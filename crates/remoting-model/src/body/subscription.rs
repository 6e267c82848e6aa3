//! The subscriptions of consumers.

use std::collections::BTreeSet;

use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

/// A topic that a group consumes, with a filter. Java's `SubscriptionData`.
///
/// A new subscription in Java has the current time as its version, the default here has zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SubscriptionData {
    /// Whether a class on a filter server filters. Not used since 5.
    pub class_filter_mode: bool,
    /// The hash codes of the tags, by which the broker filters.
    pub code_set: BTreeSet<i32>,
    /// The language of the filter: `TAG` or `SQL92`. By default `TAG`.
    pub expression_type: String,
    /// The filter, such as `TagA || TagB`, or `*` for all messages.
    pub sub_string: String,
    /// The time at which the subscription changed, in milliseconds since 1970.
    pub sub_version: i64,
    /// The tags, which the client compares again.
    pub tags_set: BTreeSet<String>,
    /// The name of the topic.
    pub topic: String,
}

impl Default for SubscriptionData {
    fn default() -> Self {
        Self {
            class_filter_mode: false,
            code_set: BTreeSet::new(),
            expression_type: "TAG".to_owned(),
            sub_string: String::new(),
            sub_version: 0,
            tags_set: BTreeSet::new(),
            topic: String::new(),
        }
    }
}

/// A topic that a group may consume, with a filter. Java's `SimpleSubscriptionData`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SimpleSubscriptionData {
    /// The filter.
    pub expression: String,
    /// The language of the filter.
    pub expression_type: String,
    /// The name of the topic.
    pub topic: String,
    /// The time at which the subscription changed, in milliseconds since 1970.
    pub version: i64,
}

/// The subscription of a group to a topic. Java's `QuerySubscriptionResponseBody`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct QuerySubscriptionResponseBody {
    /// The name of the group.
    pub group: String,
    /// The subscription, if a consumer of the group is connected.
    pub subscription_data: Option<SubscriptionData>,
    /// The name of the topic.
    pub topic: String,
}

impl JsonBody for QuerySubscriptionResponseBody {}
