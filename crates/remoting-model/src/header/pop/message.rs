//! Headers of popped messages.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::define::header;

header! {
    /// Pops messages. They are invisible to other consumers for a time, and consumed when they are
    /// acknowledged.
    ///
    /// The header of a request with code [`POP_MESSAGE`](RequestCode::POP_MESSAGE). Not in 4.9.
    pub struct PopMessageRequestHeader: TopicRequestHeader {
        /// The consumer group.
        pub consumer_group: String,
        /// The topic.
        pub topic: String,
        /// The queue; -1 for any.
        #[serde(default)]
        pub queue_id: i32,
        /// The maximum number of messages, at most 32.
        #[serde(default)]
        pub max_msg_nums: i32,
        /// How long messages stay invisible, in milliseconds.
        #[serde(default)]
        pub invisible_time: i64,
        /// How long to wait for messages, in milliseconds.
        #[serde(default)]
        pub poll_time: i64,
        /// When the request was created, in milliseconds since the epoch.
        #[serde(default)]
        pub born_time: i64,
        /// Where a group without an offset starts: 0 at the oldest message, 1 at the newest. Java:
        /// `ConsumeInitMode`.
        #[serde(default)]
        pub init_mode: i32,
        /// The type of the filter expression: `TAG` or `SQL92`.
        pub exp_type: Option<String>,
        /// The filter expression.
        pub exp: Option<String>,
        /// Whether the messages are consumed in order.
        #[serde(default)]
        pub order: bool,
        /// The id of the attempt. A consumer in order repeats it if it repeats a request that got no
        /// response.
        pub attempt_id: Option<String>,
    }
}

header! {
    /// Describes popped messages, which are the body.
    ///
    /// The header of a response to [`POP_MESSAGE`](RequestCode::POP_MESSAGE). Not in 4.9.
    pub struct PopMessageResponseHeader {
        /// When the message was popped, in milliseconds since the epoch.
        #[serde(default)]
        pub pop_time: i64,
        /// How long messages stay invisible, in milliseconds.
        #[serde(default)]
        pub invisible_time: i64,
        /// The queue that makes the messages visible again.
        #[serde(default)]
        pub revive_qid: i32,
        /// The number of messages that the queues still have.
        #[serde(default)]
        pub rest_num: i64,
        /// The first offset in each queue. Java: `ExtraInfoUtil`.
        pub start_offset_info: Option<String>,
        /// The queue offsets of the messages. Java: `ExtraInfoUtil`.
        pub msg_offset_info: Option<String>,
        /// How often each message was delivered. Java: `ExtraInfoUtil`.
        pub order_count_info: Option<String>,
    }
}

header! {
    /// Reads messages without popping them.
    ///
    /// The header of a request with code [`PEEK_MESSAGE`](RequestCode::PEEK_MESSAGE). Not in 4.9.
    pub struct PeekMessageRequestHeader: TopicRequestHeader {
        /// The topic.
        pub topic: String,
        /// The queue.
        #[serde(default)]
        pub queue_id: i32,
        /// The maximum number of messages.
        #[serde(default)]
        pub max_msg_nums: i32,
        /// The consumer group.
        pub consumer_group: String,
    }
}

header! {
    /// Acknowledges a popped message.
    ///
    /// The header of a request with code [`ACK_MESSAGE`](RequestCode::ACK_MESSAGE). Not in 4.9.
    pub struct AckMessageRequestHeader: TopicRequestHeader {
        /// The consumer group.
        pub consumer_group: String,
        /// The topic.
        pub topic: String,
        /// The queue.
        pub queue_id: i32,
        /// The handle of the popped message: Java's `ExtraInfoUtil` writes and reads it.
        pub extra_info: String,
        /// The queue offset of the message.
        pub offset: i64,
        /// The lite topic. Since 5.5.0.
        pub lite_topic: Option<String>,
    }
}

header! {
    /// Changes how long a popped message stays invisible.
    ///
    /// The header of a request with code
    /// [`CHANGE_MESSAGE_INVISIBLETIME`](RequestCode::CHANGE_MESSAGE_INVISIBLETIME). Not in 4.9.
    pub struct ChangeInvisibleTimeRequestHeader: TopicRequestHeader {
        /// The consumer group.
        pub consumer_group: String,
        /// The topic.
        pub topic: String,
        /// The queue.
        pub queue_id: i32,
        /// The handle of the popped message: Java's `ExtraInfoUtil` writes and reads it.
        pub extra_info: String,
        /// The queue offset of the message.
        pub offset: i64,
        /// How long messages stay invisible, in milliseconds.
        pub invisible_time: i64,
        /// The lite topic. Since 5.5.0.
        pub lite_topic: Option<String>,
        /// Whether this delivery does not count as an attempt to consume the message. Since 5.5.0.
        #[serde(default)]
        pub suspend: bool,
    }
}

header! {
    /// Describes the new invisible time of a popped message.
    ///
    /// The header of a response to
    /// [`CHANGE_MESSAGE_INVISIBLETIME`](RequestCode::CHANGE_MESSAGE_INVISIBLETIME). Not in 4.9.
    pub struct ChangeInvisibleTimeResponseHeader {
        /// When the message was popped, in milliseconds since the epoch.
        #[serde(default)]
        pub pop_time: i64,
        /// How long messages stay invisible, in milliseconds.
        #[serde(default)]
        pub invisible_time: i64,
        /// The queue that makes the messages visible again.
        #[serde(default)]
        pub revive_qid: i32,
    }
}
