//! Headers of pulled messages.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::define::header;

header! {
    /// Pulls messages of a queue from an offset on.
    ///
    /// The header of a request with code [`PULL_MESSAGE`](RequestCode::PULL_MESSAGE) or
    /// [`LITE_PULL_MESSAGE`](RequestCode::LITE_PULL_MESSAGE).
    pub struct PullMessageRequestHeader: TopicRequestHeader {
        /// The consumer group.
        pub consumer_group: String,
        /// The topic.
        pub topic: String,
        /// The lite topic. Since 5.5.0.
        pub lite_topic: Option<String>,
        /// The queue.
        pub queue_id: i32,
        /// The offset of the first message to pull.
        pub queue_offset: i64,
        /// The maximum number of messages.
        pub max_msg_nums: i32,
        /// Bits: 1 `commit_offset` counts, 2 the broker may wait, 4 `subscription` counts, 8 a class filter,
        /// 16 a lite pull. Java: `PullSysFlag`.
        pub sys_flag: i32,
        /// The offset to commit.
        pub commit_offset: i64,
        /// How long the broker may wait for messages, in milliseconds.
        pub suspend_timeout_millis: i64,
        /// The filter expression.
        pub subscription: Option<String>,
        /// The version of the subscription: when it was made, in milliseconds since the epoch.
        pub sub_version: i64,
        /// The type of the filter expression: `TAG` or `SQL92`.
        pub expression_type: Option<String>,
        /// The maximum size of all messages in bytes. Not in 4.9.
        pub max_msg_bytes: Option<i32>,
        /// What sent the request: -1 or absent a client, 0 to 2 a proxy. Java: `RequestSource`. Not in 4.9.
        pub request_source: Option<i32>,
        /// The id of the client for which a proxy pulls. The key is `proxyFrowardClientId`, misspelled as in
        /// Java. Not in 4.9.
        #[serde(rename = "proxyFrowardClientId")]
        pub proxy_forward_client_id: Option<String>,
    }
}

header! {
    /// Tells a consumer where to pull next. The body has the messages.
    ///
    /// The header of a response to [`PULL_MESSAGE`](RequestCode::PULL_MESSAGE) and
    /// [`LITE_PULL_MESSAGE`](RequestCode::LITE_PULL_MESSAGE).
    pub struct PullMessageResponseHeader {
        /// The broker id from which to pull next.
        pub suggest_which_broker_id: i64,
        /// The offset from which to pull next.
        pub next_begin_offset: i64,
        /// The first offset of the queue.
        pub min_offset: i64,
        /// The end of the queue.
        pub max_offset: i64,
        /// For a static topic: what to add to the queue offsets of the messages. Not in 4.9.
        pub offset_delta: Option<i64>,
        /// The system flag of the topic. Not in 4.9.
        pub topic_sys_flag: Option<i32>,
        /// The system flag of the consumer group. Not in 4.9.
        pub group_sys_flag: Option<i32>,
        /// Why the pull was refused. Java: `ForbiddenType`. Not in 4.9.
        pub forbidden_type: Option<i32>,
    }
}

header! {
    /// Returns a message to the broker, to be consumed again later.
    ///
    /// The header of a request with code [`CONSUMER_SEND_MSG_BACK`](RequestCode::CONSUMER_SEND_MSG_BACK).
    pub struct ConsumerSendMsgBackRequestHeader: RpcRequestHeader {
        /// The place of the message in the commit log.
        pub offset: i64,
        /// The consumer group.
        pub group: String,
        /// The delay level after which the message is consumed again; 0 lets the broker decide, a negative
        /// one ends the retries.
        pub delay_level: i32,
        /// The id that the message had when it was first sent.
        pub origin_msg_id: Option<String>,
        /// The topic of the message.
        pub origin_topic: Option<String>,
        /// Whether the sender is in unit mode.
        #[serde(default)]
        pub unit_mode: bool,
        /// The maximum number of deliveries of the message to a consumer group.
        pub max_reconsume_times: Option<i32>,
    }
}
