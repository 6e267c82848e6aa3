//! Headers about the consumer groups of a broker.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::define::header;

header! {
    /// Deletes a consumer group of a broker.
    ///
    /// The header of a request with code [`DELETE_SUBSCRIPTIONGROUP`](RequestCode::DELETE_SUBSCRIPTIONGROUP).
    pub struct DeleteSubscriptionGroupRequestHeader: RpcRequestHeader {
        /// The consumer group.
        pub group_name: String,
        /// Whether the offsets of the group are removed too. Not in 4.9.
        #[serde(default)]
        pub clean_offset: bool,
        /// Whether the offsets of the group are removed too. Only 4.9 has this key.
        #[serde(default)]
        pub remove_offset: bool,
    }
}

header! {
    /// Names a consumer group whose configuration is queried.
    ///
    /// The header of a request with code
    /// [`GET_SUBSCRIPTIONGROUP_CONFIG`](RequestCode::GET_SUBSCRIPTIONGROUP_CONFIG). Not in 4.9.
    pub struct GetSubscriptionGroupConfigRequestHeader: RpcRequestHeader {
        /// The consumer group.
        pub group: String,
    }
}

header! {
    /// Queries the consumer groups of a broker in parts.
    ///
    /// The header of a request with code
    /// [`GET_ALL_SUBSCRIPTIONGROUP_CONFIG`](RequestCode::GET_ALL_SUBSCRIPTIONGROUP_CONFIG). Since 5.4.0.
    pub struct GetAllSubscriptionGroupRequestHeader {
        /// The number of the first group of this part, from 0.
        pub group_seq: i32,
        /// The version that the sender has, as JSON.
        pub data_version: Option<String>,
        /// The maximum number of groups.
        pub max_group_num: Option<i32>,
    }
}

header! {
    /// Returns how many consumer groups a broker has. The body has the groups.
    ///
    /// The header of a response to
    /// [`GET_ALL_SUBSCRIPTIONGROUP_CONFIG`](RequestCode::GET_ALL_SUBSCRIPTIONGROUP_CONFIG). Since 5.4.0.
    pub struct GetAllSubscriptionGroupResponseHeader {
        /// The number of groups.
        pub total_group_num: i32,
    }
}

header! {
    /// Allows or forbids a consumer group to read a topic.
    ///
    /// The header of a request with code
    /// [`UPDATE_AND_GET_GROUP_FORBIDDEN`](RequestCode::UPDATE_AND_GET_GROUP_FORBIDDEN). Not in 4.9.
    pub struct UpdateGroupForbiddenRequestHeader: TopicRequestHeader {
        /// The consumer group.
        pub group: String,
        /// The topic.
        pub topic: String,
        /// Whether the group may read the topic; absent to query it.
        pub readable: Option<bool>,
    }
}

header! {
    /// Names a consumer group whose topics are queried.
    ///
    /// The header of a request with code [`QUERY_TOPICS_BY_CONSUMER`](RequestCode::QUERY_TOPICS_BY_CONSUMER).
    /// Not in 4.9.
    pub struct QueryTopicsByConsumerRequestHeader: RpcRequestHeader {
        /// The consumer group.
        pub group: String,
    }
}

header! {
    /// Names a consumer group whose subscription to a topic is queried.
    ///
    /// The header of a request with code
    /// [`QUERY_SUBSCRIPTION_BY_CONSUMER`](RequestCode::QUERY_SUBSCRIPTION_BY_CONSUMER). Not in 4.9.
    pub struct QuerySubscriptionByConsumerRequestHeader: TopicRequestHeader {
        /// The consumer group.
        pub group: String,
        /// The topic.
        pub topic: Option<String>,
    }
}
