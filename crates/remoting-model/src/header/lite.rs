//! Headers of lite topics: many small topics that share the queues of a parent topic. All are new in 5.5.0.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use super::define::header;

header! {
    /// Pops messages of the lite topics that a client subscribes to.
    ///
    /// The header of a request with code [`POP_LITE_MESSAGE`](RequestCode::POP_LITE_MESSAGE). Since 5.5.0.
    pub struct PopLiteMessageRequestHeader: RpcRequestHeader {
        /// The id of the client.
        pub client_id: String,
        /// The consumer group.
        pub consumer_group: String,
        /// The topic.
        pub topic: String,
        /// The maximum number of messages.
        #[serde(default)]
        pub max_msg_num: i32,
        /// How long messages stay invisible, in milliseconds.
        #[serde(default)]
        pub invisible_time: i64,
        /// How long to wait for messages, in milliseconds.
        #[serde(default)]
        pub poll_time: i64,
        /// When the request was created, in milliseconds since the epoch.
        #[serde(default)]
        pub born_time: i64,
        /// The id of the attempt. A consumer in order repeats it if it repeats a request that got no
        /// response.
        pub attempt_id: Option<String>,
    }
}

header! {
    /// Describes popped messages of lite topics, which are the body.
    ///
    /// The header of a response to [`POP_LITE_MESSAGE`](RequestCode::POP_LITE_MESSAGE). Since 5.5.0.
    pub struct PopLiteMessageResponseHeader {
        /// When the message was popped, in milliseconds since the epoch.
        #[serde(default)]
        pub pop_time: i64,
        /// How long messages stay invisible, in milliseconds.
        #[serde(default)]
        pub invisible_time: i64,
        /// The queue that makes the messages visible again.
        #[serde(default)]
        pub revive_qid: i32,
        /// The first offset in each queue. Java: `ExtraInfoUtil`.
        pub start_offset_info: Option<String>,
        /// The queue offsets of the messages. Java: `ExtraInfoUtil`.
        pub msg_offset_info: Option<String>,
        /// How often each message was delivered. Java: `ExtraInfoUtil`.
        pub order_count_info: Option<String>,
    }
}

header! {
    /// Changes the subscriptions of a client to lite topics. The body has the changes.
    ///
    /// The header of a request with code [`LITE_SUBSCRIPTION_CTL`](RequestCode::LITE_SUBSCRIPTION_CTL). Since
    /// 5.5.0.
    pub struct LiteSubscriptionCtlRequestHeader: RpcRequestHeader {}
}

header! {
    /// Tells a client that it lost its subscription to a lite topic. Sent by a broker.
    ///
    /// The header of a request with code [`NOTIFY_UNSUBSCRIBE_LITE`](RequestCode::NOTIFY_UNSUBSCRIBE_LITE).
    /// Since 5.5.0.
    pub struct NotifyUnsubscribeLiteRequestHeader: RpcRequestHeader {
        /// The lite topic.
        pub lite_topic: String,
        /// The consumer group.
        pub consumer_group: String,
        /// The id of the client.
        pub client_id: String,
    }
}

header! {
    /// Names a topic whose lite topics are queried.
    ///
    /// The header of a request with code [`GET_PARENT_TOPIC_INFO`](RequestCode::GET_PARENT_TOPIC_INFO). Since
    /// 5.5.0.
    pub struct GetParentTopicInfoRequestHeader {
        /// The topic.
        pub topic: String,
    }
}

header! {
    /// Names a lite topic whose subscribers and offsets are queried.
    ///
    /// The header of a request with code [`GET_LITE_TOPIC_INFO`](RequestCode::GET_LITE_TOPIC_INFO). Since
    /// 5.5.0.
    pub struct GetLiteTopicInfoRequestHeader {
        /// The topic that the lite topics belong to.
        pub parent_topic: Option<String>,
        /// The lite topic.
        pub lite_topic: Option<String>,
    }
}

header! {
    /// Names a client whose lite topics are queried.
    ///
    /// The header of a request with code [`GET_LITE_CLIENT_INFO`](RequestCode::GET_LITE_CLIENT_INFO). Since
    /// 5.5.0.
    pub struct GetLiteClientInfoRequestHeader {
        /// The topic that the lite topics belong to.
        pub parent_topic: Option<String>,
        /// The consumer group.
        pub group: Option<String>,
        /// The id of the client.
        pub client_id: Option<String>,
        /// The maximum number of lite topics; 1000 if absent.
        #[serde(default = "max_count")]
        pub max_count: i32,
    }
    default { max_count: max_count() }
}

/// The value in a new Java object.
const fn max_count() -> i32 {
    1000
}

header! {
    /// Names a consumer group whose lag in lite topics is queried.
    ///
    /// The header of a request with code [`GET_LITE_GROUP_INFO`](RequestCode::GET_LITE_GROUP_INFO). Since
    /// 5.5.0.
    pub struct GetLiteGroupInfoRequestHeader {
        /// The consumer group.
        pub group: String,
        /// The lite topic; if absent, those with the greatest lag are returned.
        pub lite_topic: Option<String>,
        /// The number of lite topics with the greatest lag to return.
        #[serde(default)]
        pub top_k: i32,
    }
}

header! {
    /// Makes a broker dispatch the messages of lite topics to a group at once.
    ///
    /// The header of a request with code [`TRIGGER_LITE_DISPATCH`](RequestCode::TRIGGER_LITE_DISPATCH). Since
    /// 5.5.0.
    pub struct TriggerLiteDispatchRequestHeader {
        /// The consumer group.
        pub group: String,
        /// The client; all clients of the group if absent.
        pub client_id: Option<String>,
    }
}
