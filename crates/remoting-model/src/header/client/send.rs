//! Headers of sent messages.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::define::header;

header! {
    /// Sends a message, which is the body.
    ///
    /// The header of a request with code [`SEND_MESSAGE`](RequestCode::SEND_MESSAGE) or
    /// [`SEND_REPLY_MESSAGE`](RequestCode::SEND_REPLY_MESSAGE).
    pub struct SendMessageRequestHeader: TopicRequestHeader {
        /// The producer group.
        pub producer_group: String,
        /// The topic.
        pub topic: String,
        /// The topic after which an unknown topic is created.
        pub default_topic: String,
        /// The number of queues of a topic that is created by this message.
        pub default_topic_queue_nums: i32,
        /// The queue to store the message in; -1 lets the broker choose.
        pub queue_id: i32,
        /// The system flag of the message.
        pub sys_flag: i32,
        /// When the message was created, in milliseconds since the epoch.
        pub born_timestamp: i64,
        /// The flag of the message, which RocketMQ does not interpret.
        pub flag: i32,
        /// The properties of the message, in the text form of stored messages.
        pub properties: Option<String>,
        /// How often the message was consumed before.
        pub reconsume_times: Option<i32>,
        /// Whether the sender is in unit mode.
        pub unit_mode: Option<bool>,
        /// Whether the body is a batch of messages.
        pub batch: Option<bool>,
        /// The maximum number of deliveries of the message to a consumer group.
        pub max_reconsume_times: Option<i32>,
    }
}

header! {
    /// Sends a message, which is the body, like [`SendMessageRequestHeader`] with keys of one letter.
    ///
    /// The header of a request with code [`SEND_MESSAGE_V2`](RequestCode::SEND_MESSAGE_V2),
    /// [`SEND_BATCH_MESSAGE`](RequestCode::SEND_BATCH_MESSAGE) or
    /// [`SEND_REPLY_MESSAGE_V2`](RequestCode::SEND_REPLY_MESSAGE_V2).
    pub struct SendMessageRequestHeaderV2: TopicRequestHeader {
        /// The producer group.
        #[serde(rename = "a")]
        pub producer_group: String,
        /// The topic.
        #[serde(rename = "b")]
        pub topic: String,
        /// The topic after which an unknown topic is created.
        #[serde(rename = "c")]
        pub default_topic: String,
        /// The number of queues of a topic that is created by this message.
        #[serde(rename = "d")]
        pub default_topic_queue_nums: i32,
        /// The queue to store the message in; -1 lets the broker choose.
        #[serde(rename = "e")]
        pub queue_id: i32,
        /// The system flag of the message.
        #[serde(rename = "f")]
        pub sys_flag: i32,
        /// When the message was created, in milliseconds since the epoch.
        #[serde(rename = "g")]
        pub born_timestamp: i64,
        /// The flag of the message, which RocketMQ does not interpret.
        #[serde(rename = "h")]
        pub flag: i32,
        /// The properties of the message, in the text form of stored messages.
        #[serde(rename = "i")]
        pub properties: Option<String>,
        /// How often the message was consumed before.
        #[serde(rename = "j")]
        pub reconsume_times: Option<i32>,
        /// Whether the sender is in unit mode.
        #[serde(rename = "k")]
        pub unit_mode: Option<bool>,
        /// The maximum number of deliveries of the message to a consumer group.
        #[serde(rename = "l")]
        pub max_reconsume_times: Option<i32>,
        /// Whether the body is a batch of messages.
        #[serde(rename = "m")]
        pub batch: Option<bool>,
        /// The name of the broker.
        #[serde(rename = "n")]
        pub broker_name: Option<String>,
    }
}

header! {
    /// Tells a producer where its message is stored.
    ///
    /// The header of a response to [`SEND_MESSAGE`](RequestCode::SEND_MESSAGE),
    /// [`SEND_MESSAGE_V2`](RequestCode::SEND_MESSAGE_V2) and
    /// [`SEND_BATCH_MESSAGE`](RequestCode::SEND_BATCH_MESSAGE).
    pub struct SendMessageResponseHeader {
        /// The id of the message.
        #[serde(default)]
        pub msg_id: String,
        /// The queue in which the message is stored.
        pub queue_id: i32,
        /// The queue offset of the message.
        pub queue_offset: i64,
        /// The id of the transaction.
        pub transaction_id: Option<String>,
        /// The unique key of a batch in an inner batch queue. Not in 4.9.
        pub batch_uniq_id: Option<String>,
        /// The handle by which the delayed message can be recalled. Not in 4.9.
        pub recall_handle: Option<String>,
    }
}

header! {
    /// Delivers a reply to the producer of the request message. Sent by a broker; the body is the reply.
    ///
    /// The header of a request with code
    /// [`PUSH_REPLY_MESSAGE_TO_CLIENT`](RequestCode::PUSH_REPLY_MESSAGE_TO_CLIENT).
    pub struct ReplyMessageRequestHeader: TopicRequestHeader {
        /// The producer group.
        pub producer_group: String,
        /// The topic.
        pub topic: String,
        /// The topic after which an unknown topic is created.
        pub default_topic: String,
        /// The number of queues of a topic that is created by this message.
        pub default_topic_queue_nums: i32,
        /// The queue of the reply.
        pub queue_id: i32,
        /// The system flag of the message.
        pub sys_flag: i32,
        /// When the message was created, in milliseconds since the epoch.
        pub born_timestamp: i64,
        /// The flag of the message, which RocketMQ does not interpret.
        pub flag: i32,
        /// The properties of the message, in the text form of stored messages.
        pub properties: Option<String>,
        /// How often the message was consumed before.
        pub reconsume_times: Option<i32>,
        /// Whether the sender is in unit mode.
        #[serde(default)]
        pub unit_mode: bool,
        /// The address of the sender of the reply.
        pub born_host: String,
        /// The address of the broker that stored the reply.
        pub store_host: String,
        /// When the reply was stored, in milliseconds since the epoch.
        #[serde(default)]
        pub store_timestamp: i64,
    }
}

header! {
    /// Recalls a delayed message before it is delivered.
    ///
    /// The header of a request with code [`RECALL_MESSAGE`](RequestCode::RECALL_MESSAGE). Not in 4.9.
    pub struct RecallMessageRequestHeader: TopicRequestHeader {
        /// The producer group.
        pub producer_group: Option<String>,
        /// The topic.
        pub topic: String,
        /// The handle of the delayed message, from its [`SendMessageResponseHeader`].
        pub recall_handle: String,
    }
}

header! {
    /// Returns the id of a recalled message.
    ///
    /// The header of a response to [`RECALL_MESSAGE`](RequestCode::RECALL_MESSAGE). Not in 4.9.
    pub struct RecallMessageResponseHeader {
        /// The id of the message.
        #[serde(default)]
        pub msg_id: String,
    }
}
