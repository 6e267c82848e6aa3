//! Headers of the bounds of a queue.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::BoundaryType;
use crate::header::define::header;

header! {
    /// Names a queue whose end is queried.
    ///
    /// The header of a request with code [`GET_MAX_OFFSET`](RequestCode::GET_MAX_OFFSET).
    pub struct GetMaxOffsetRequestHeader: TopicRequestHeader {
        /// The topic.
        pub topic: String,
        /// The queue.
        pub queue_id: i32,
        /// Whether messages that are not in the consume queue yet are left out. `true` if absent. Not in 4.9.
        #[serde(default = "committed")]
        pub committed: bool,
    }
    default { committed: committed() }
}

/// The value in a new Java object.
const fn committed() -> bool {
    true
}

header! {
    /// Returns the end of a queue: the offset of the next message.
    ///
    /// The header of a response to [`GET_MAX_OFFSET`](RequestCode::GET_MAX_OFFSET).
    pub struct GetMaxOffsetResponseHeader {
        /// The offset of the next message.
        pub offset: i64,
    }
}

header! {
    /// Names a queue whose first offset is queried.
    ///
    /// The header of a request with code [`GET_MIN_OFFSET`](RequestCode::GET_MIN_OFFSET).
    pub struct GetMinOffsetRequestHeader: TopicRequestHeader {
        /// The topic.
        pub topic: String,
        /// The queue.
        pub queue_id: i32,
    }
}

header! {
    /// Returns the first offset of a queue.
    ///
    /// The header of a response to [`GET_MIN_OFFSET`](RequestCode::GET_MIN_OFFSET).
    pub struct GetMinOffsetResponseHeader {
        /// The offset of the first message.
        pub offset: i64,
    }
}

header! {
    /// Finds the offset in a queue of a message that was stored at a time.
    ///
    /// The header of a request with code
    /// [`SEARCH_OFFSET_BY_TIMESTAMP`](RequestCode::SEARCH_OFFSET_BY_TIMESTAMP).
    pub struct SearchOffsetRequestHeader: TopicRequestHeader {
        /// The topic.
        pub topic: String,
        /// The lite topic. Since 5.5.0.
        pub lite_topic: Option<String>,
        /// The queue.
        pub queue_id: i32,
        /// The store time in milliseconds since the epoch.
        pub timestamp: i64,
        /// Which message counts if several have this time. By default the first. Not in 4.9.
        pub boundary_type: Option<BoundaryType>,
    }
}

header! {
    /// Returns the offset in a queue of a message that was stored at a time.
    ///
    /// The header of a response to [`SEARCH_OFFSET_BY_TIMESTAMP`](RequestCode::SEARCH_OFFSET_BY_TIMESTAMP).
    pub struct SearchOffsetResponseHeader {
        /// The offset.
        pub offset: i64,
    }
}

header! {
    /// Names a queue whose oldest message is queried.
    ///
    /// The header of a request with code
    /// [`GET_EARLIEST_MSG_STORETIME`](RequestCode::GET_EARLIEST_MSG_STORETIME).
    pub struct GetEarliestMsgStoretimeRequestHeader: TopicRequestHeader {
        /// The topic.
        pub topic: String,
        /// The queue.
        pub queue_id: i32,
    }
}

header! {
    /// Returns when the oldest message of a queue was stored.
    ///
    /// The header of a response to [`GET_EARLIEST_MSG_STORETIME`](RequestCode::GET_EARLIEST_MSG_STORETIME).
    pub struct GetEarliestMsgStoretimeResponseHeader {
        /// When it was stored, in milliseconds since the epoch.
        pub timestamp: i64,
    }
}
