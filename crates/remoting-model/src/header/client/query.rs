//! Headers of queries for single messages.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::define::header;

header! {
    /// Finds messages of a topic by a key.
    ///
    /// The header of a request with code [`QUERY_MESSAGE`](RequestCode::QUERY_MESSAGE).
    pub struct QueryMessageRequestHeader: TopicRequestHeader {
        /// The topic.
        pub topic: String,
        /// The key. The ext field `_UNIQUE_KEY_QUERY` tells whether it is a unique key.
        pub key: String,
        /// The maximum number of messages.
        pub max_num: i32,
        /// The start of the range of store times, in milliseconds since the epoch.
        pub begin_timestamp: i64,
        /// The end of the range of store times, in milliseconds since the epoch.
        pub end_timestamp: i64,
        /// What the key is: `K` a key, `U` a unique key, `T` a tag. Since 5.4.0.
        pub index_type: Option<String>,
        /// Where the last part of the result ended. Since 5.4.0.
        pub last_key: Option<String>,
    }
}

header! {
    /// Tells how far the index reaches. The body has the messages.
    ///
    /// The header of a response to [`QUERY_MESSAGE`](RequestCode::QUERY_MESSAGE).
    pub struct QueryMessageResponseHeader {
        /// The store time of the last indexed message, in milliseconds since the epoch.
        pub index_last_update_timestamp: i64,
        /// The place in the commit log up to which messages are indexed.
        pub index_last_update_phyoffset: i64,
    }
}

header! {
    /// Names a message by its place in the commit log.
    ///
    /// The header of a request with code [`VIEW_MESSAGE_BY_ID`](RequestCode::VIEW_MESSAGE_BY_ID).
    pub struct ViewMessageRequestHeader {
        /// The topic. Not in 4.9.
        pub topic: Option<String>,
        /// The place of the message in the commit log.
        pub offset: i64,
    }
}

header! {
    /// Answers the query of a message. It has no fields; the body is the message.
    ///
    /// The header of a response to [`VIEW_MESSAGE_BY_ID`](RequestCode::VIEW_MESSAGE_BY_ID).
    pub struct ViewMessageResponseHeader {}
}
