//! Headers about how far consumer groups have come.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::define::header;

header! {
    /// Names a consumer group whose progress is queried.
    ///
    /// The header of a request with code [`GET_CONSUME_STATS`](RequestCode::GET_CONSUME_STATS).
    pub struct GetConsumeStatsRequestHeader: TopicRequestHeader {
        /// The consumer group.
        pub consumer_group: String,
        /// The topic; all topics of the group if absent.
        pub topic: Option<String>,
        /// Further topics, separated by `;`. Not in 4.9.
        pub topic_list: Option<String>,
    }
}

header! {
    /// Queries the progress of all consumer groups of a broker.
    ///
    /// The header of a request with code [`GET_BROKER_CONSUME_STATS`](RequestCode::GET_BROKER_CONSUME_STATS).
    pub struct GetConsumeStatsInBrokerHeader {
        /// Whether only groups that consume in order are returned.
        #[serde(default)]
        pub is_order: bool,
    }
}

header! {
    /// Queries the oldest, newest and consumed message time in each queue of a topic.
    ///
    /// The header of a request with code [`QUERY_CONSUME_TIME_SPAN`](RequestCode::QUERY_CONSUME_TIME_SPAN).
    pub struct QueryConsumeTimeSpanRequestHeader: TopicRequestHeader {
        /// The topic.
        pub topic: String,
        /// The consumer group.
        pub group: String,
    }
}

header! {
    /// Queries the lowest offsets of consumer groups, and compares them with those of a group.
    ///
    /// The header of a request with code [`QUERY_CORRECTION_OFFSET`](RequestCode::QUERY_CORRECTION_OFFSET).
    pub struct QueryCorrectionOffsetHeader: TopicRequestHeader {
        /// The groups to leave out, separated by `,`.
        pub filter_groups: Option<String>,
        /// The group to compare with.
        pub compare_group: String,
        /// The topic.
        pub topic: String,
    }
}

header! {
    /// Resets the offsets of a consumer group to those of a time.
    ///
    /// The header of a request with code
    /// [`INVOKE_BROKER_TO_RESET_OFFSET`](RequestCode::INVOKE_BROKER_TO_RESET_OFFSET) or
    /// [`RESET_CONSUMER_CLIENT_OFFSET`](RequestCode::RESET_CONSUMER_CLIENT_OFFSET).
    pub struct ResetOffsetRequestHeader: TopicRequestHeader {
        /// The consumer group.
        pub group: String,
        /// The topic.
        pub topic: String,
        /// The queue; -1, or absent, for all queues. Not in 4.9.
        #[serde(default = "queue_id")]
        pub queue_id: i32,
        /// The offset to set in `queue_id`. Not in 4.9.
        pub offset: Option<i64>,
        /// The time in milliseconds since the epoch; -1 for the end of the queues.
        #[serde(default)]
        pub timestamp: i64,
        /// Whether offsets before that time are moved too. If not, offsets only go back.
        #[serde(default)]
        pub is_force: bool,
    }
    default { queue_id: queue_id() }
}

/// The value in a new Java object.
const fn queue_id() -> i32 {
    -1
}

header! {
    /// Queries the offsets that the clients of a consumer group have reached.
    ///
    /// The header of a request with code
    /// [`INVOKE_BROKER_TO_GET_CONSUMER_STATUS`](RequestCode::INVOKE_BROKER_TO_GET_CONSUMER_STATUS) or
    /// [`GET_CONSUMER_STATUS_FROM_CLIENT`](RequestCode::GET_CONSUMER_STATUS_FROM_CLIENT).
    pub struct GetConsumerStatusRequestHeader: TopicRequestHeader {
        /// The topic.
        pub topic: String,
        /// The consumer group.
        pub group: String,
        /// The client to ask; all clients of the group if absent.
        pub client_addr: Option<String>,
    }
}

header! {
    /// Copies the offsets of a consumer group to another group.
    ///
    /// The header of a request with code [`CLONE_GROUP_OFFSET`](RequestCode::CLONE_GROUP_OFFSET).
    pub struct CloneGroupOffsetRequestHeader: RpcRequestHeader {
        /// The group whose offsets are copied.
        pub src_group: String,
        /// The group that receives the offsets.
        pub dest_group: String,
        /// The topic; all topics of the group if absent.
        pub topic: Option<String>,
        /// Whether the destination group must be offline.
        #[serde(default)]
        pub offline: bool,
    }
}
