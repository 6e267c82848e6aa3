//! Headers of consumer offsets.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::define::header;

header! {
    /// Names a queue in which the offset of a consumer group is queried.
    ///
    /// The header of a request with code [`QUERY_CONSUMER_OFFSET`](RequestCode::QUERY_CONSUMER_OFFSET).
    pub struct QueryConsumerOffsetRequestHeader: TopicRequestHeader {
        /// The consumer group.
        pub consumer_group: String,
        /// The topic.
        pub topic: String,
        /// The queue.
        pub queue_id: i32,
        /// Whether the response may have offset 0 for a group without an offset. Brokers take an absent field
        /// for true. Not in 4.9.
        pub set_zero_if_not_found: Option<bool>,
    }
}

header! {
    /// Returns the offset of a consumer group in a queue.
    ///
    /// The header of a response to [`QUERY_CONSUMER_OFFSET`](RequestCode::QUERY_CONSUMER_OFFSET).
    pub struct QueryConsumerOffsetResponseHeader {
        /// The offset.
        pub offset: i64,
    }
}

header! {
    /// Sets the offset of a consumer group in a queue.
    ///
    /// The header of a request with code [`UPDATE_CONSUMER_OFFSET`](RequestCode::UPDATE_CONSUMER_OFFSET).
    pub struct UpdateConsumerOffsetRequestHeader: TopicRequestHeader {
        /// The consumer group.
        pub consumer_group: String,
        /// The topic.
        pub topic: String,
        /// The queue.
        pub queue_id: i32,
        /// The offset to commit.
        pub commit_offset: i64,
    }
}

header! {
    /// Answers the update of an offset. It has no fields.
    ///
    /// The header of a response to [`UPDATE_CONSUMER_OFFSET`](RequestCode::UPDATE_CONSUMER_OFFSET).
    pub struct UpdateConsumerOffsetResponseHeader {}
}

header! {
    /// Initializes the offsets of a consumer group. No request of the official releases uses it.
    ///
    /// Not in 4.9.
    pub struct InitConsumerOffsetRequestHeader: TopicRequestHeader {
        /// The topic.
        pub topic: Option<String>,
        /// Where a group without an offset starts: 0 at the oldest message, 1 at the newest. Java:
        /// `ConsumeInitMode`.
        #[serde(default)]
        pub init_mode: i32,
    }
}
