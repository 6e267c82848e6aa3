//! Headers of requests that wait for messages.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::define::header;

header! {
    /// Waits until a queue has messages.
    ///
    /// The header of a request with code [`NOTIFICATION`](RequestCode::NOTIFICATION). Not in 4.9.
    pub struct NotificationRequestHeader: TopicRequestHeader {
        /// The consumer group.
        pub consumer_group: String,
        /// The topic.
        pub topic: String,
        /// The queue; -1 for any.
        #[serde(default)]
        pub queue_id: i32,
        /// How long to wait for messages, in milliseconds.
        #[serde(default)]
        pub poll_time: i64,
        /// When the request was created, in milliseconds since the epoch.
        #[serde(default)]
        pub born_time: i64,
        /// Whether the messages are consumed in order.
        #[serde(default)]
        pub order: bool,
        /// The id of the attempt. A consumer in order repeats it if it repeats a request that got no
        /// response.
        pub attempt_id: Option<String>,
        /// Whether the client consumes lite topics. Since 5.5.1.
        #[serde(default)]
        pub is_lite_consumer: bool,
        /// The id of the client. Since 5.5.1.
        pub client_id: Option<String>,
        /// The type of the filter expression: `TAG` or `SQL92`. Since 5.5.0.
        pub exp_type: Option<String>,
        /// The filter expression. Since 5.5.0.
        pub exp: Option<String>,
    }
}

header! {
    /// Tells whether a queue has messages.
    ///
    /// The header of a response to [`NOTIFICATION`](RequestCode::NOTIFICATION). Not in 4.9.
    pub struct NotificationResponseHeader {
        /// Whether there are messages.
        #[serde(default)]
        pub has_msg: bool,
        /// Whether too many requests wait already.
        #[serde(default)]
        pub polling_full: bool,
    }
}

header! {
    /// Names a queue whose waiting requests are counted.
    ///
    /// The header of a request with code [`POLLING_INFO`](RequestCode::POLLING_INFO). Not in 4.9.
    pub struct PollingInfoRequestHeader: TopicRequestHeader {
        /// The consumer group.
        pub consumer_group: String,
        /// The topic.
        pub topic: String,
        /// The queue; -1 for any.
        #[serde(default)]
        pub queue_id: i32,
    }
}

header! {
    /// Returns how many requests wait for messages.
    ///
    /// The header of a response to [`POLLING_INFO`](RequestCode::POLLING_INFO). Not in 4.9.
    pub struct PollingInfoResponseHeader {
        /// The number of requests.
        #[serde(default)]
        pub polling_num: i32,
    }
}

header! {
    /// Counts the messages that a consumer group has yet to consume. No request of the official releases uses
    /// it.
    ///
    /// Not in 4.9.
    pub struct StatisticsMessagesRequestHeader: TopicRequestHeader {
        /// The consumer group.
        pub consumer_group: String,
        /// The topic.
        pub topic: String,
        /// The queue.
        #[serde(default)]
        pub queue_id: i32,
        /// The start of the range of store times, in milliseconds since the epoch.
        #[serde(default)]
        pub from_time: i64,
        /// The end of the range of store times, in milliseconds since the epoch.
        #[serde(default)]
        pub to_time: i64,
    }
}
