//! Short ways to create the most frequent requests.

use super::{
    GetConsumerListByGroup, GetEarliestMsgStoretime, GetKVConfig, GetKVListByNamespace, GetMaxOffset,
    GetMinOffset, GetRouteInfo, GetTopicConfig, GetTopicStatsInfo, NotifyConsumerIdsChanged,
    QueryConsumerOffset,
};
use crate::header::{
    GetConsumerListByGroupRequestHeader, GetEarliestMsgStoretimeRequestHeader, GetKVConfigRequestHeader,
    GetKVListByNamespaceRequestHeader, GetMaxOffsetRequestHeader, GetMinOffsetRequestHeader,
    GetRouteInfoRequestHeader, GetTopicConfigRequestHeader, GetTopicStatsInfoRequestHeader,
    NotifyConsumerIdsChangedRequestHeader, QueryConsumerOffsetRequestHeader,
};

impl GetRouteInfo {
    /// Queries the route of a topic.
    pub fn topic(topic: impl Into<String>) -> Self {
        GetRouteInfoRequestHeader { topic: topic.into(), ..Default::default() }.into()
    }
}

impl GetTopicConfig {
    /// Fetches the settings of a topic.
    pub fn topic(topic: impl Into<String>) -> Self {
        GetTopicConfigRequestHeader { topic: topic.into(), ..Default::default() }.into()
    }
}

impl GetTopicStatsInfo {
    /// Queries the offsets of a topic.
    pub fn topic(topic: impl Into<String>) -> Self {
        GetTopicStatsInfoRequestHeader { topic: topic.into(), ..Default::default() }.into()
    }
}

impl GetMaxOffset {
    /// Queries the end offset of a queue.
    pub fn queue(topic: impl Into<String>, queue_id: i32) -> Self {
        GetMaxOffsetRequestHeader { topic: topic.into(), queue_id, ..Default::default() }.into()
    }
}

impl GetMinOffset {
    /// Queries the first offset of a queue.
    pub fn queue(topic: impl Into<String>, queue_id: i32) -> Self {
        GetMinOffsetRequestHeader { topic: topic.into(), queue_id, ..Default::default() }.into()
    }
}

impl GetEarliestMsgStoretime {
    /// Queries the store time of the oldest message in a queue.
    pub fn queue(topic: impl Into<String>, queue_id: i32) -> Self {
        GetEarliestMsgStoretimeRequestHeader { topic: topic.into(), queue_id, ..Default::default() }.into()
    }
}

impl QueryConsumerOffset {
    /// Queries the offset of a consumer group in a queue.
    pub fn queue(group: impl Into<String>, topic: impl Into<String>, queue_id: i32) -> Self {
        QueryConsumerOffsetRequestHeader {
            consumer_group: group.into(),
            topic: topic.into(),
            queue_id,
            ..Default::default()
        }
        .into()
    }
}

impl GetConsumerListByGroup {
    /// Queries the client ids of a consumer group.
    pub fn group(group: impl Into<String>) -> Self {
        GetConsumerListByGroupRequestHeader { consumer_group: group.into(), ..Default::default() }.into()
    }
}

impl NotifyConsumerIdsChanged {
    /// Notifies a consumer of a change of its group.
    pub fn group(group: impl Into<String>) -> Self {
        NotifyConsumerIdsChangedRequestHeader { consumer_group: group.into(), ..Default::default() }.into()
    }
}

impl GetKVConfig {
    /// Fetches the value of a key.
    pub fn key(namespace: impl Into<String>, key: impl Into<String>) -> Self {
        GetKVConfigRequestHeader { namespace: namespace.into(), key: key.into() }.into()
    }
}

impl GetKVListByNamespace {
    /// Fetches all keys of a namespace.
    pub fn namespace(namespace: impl Into<String>) -> Self {
        GetKVListByNamespaceRequestHeader { namespace: namespace.into() }.into()
    }
}
