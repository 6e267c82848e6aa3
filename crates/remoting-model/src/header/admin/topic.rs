//! Headers about the topics of a broker.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::define::header;

header! {
    /// Creates or changes a topic of a broker.
    ///
    /// The header of a request with code [`UPDATE_AND_CREATE_TOPIC`](RequestCode::UPDATE_AND_CREATE_TOPIC).
    pub struct CreateTopicRequestHeader: TopicRequestHeader {
        /// The topic.
        pub topic: String,
        /// The topic after which an unknown topic is created. Brokers ignore it.
        pub default_topic: String,
        /// The number of queues to read.
        pub read_queue_nums: i32,
        /// The number of queues to write.
        pub write_queue_nums: i32,
        /// The permissions of the topic: bits 4 read, 2 write, 1 inherit.
        pub perm: i32,
        /// How messages are tagged: `SINGLE_TAG` or `MULTI_TAG`.
        pub topic_filter_type: String,
        /// The system flag of the topic.
        pub topic_sys_flag: Option<i32>,
        /// Whether the topic has ordered messages.
        #[serde(default)]
        pub order: bool,
        /// The attributes to change, as in `+key=value,-key`. Not in 4.9.
        pub attributes: Option<String>,
        /// For a static topic: whether its mapping of queues is replaced even if it is not newer. Not in 4.9.
        #[serde(default)]
        pub force: bool,
    }
}

header! {
    /// Creates or changes several topics of a broker. The body has the topics.
    ///
    /// The header of a request with code
    /// [`UPDATE_AND_CREATE_TOPIC_LIST`](RequestCode::UPDATE_AND_CREATE_TOPIC_LIST). Not in 4.9.
    pub struct CreateTopicListRequestHeader: RpcRequestHeader {}
}

header! {
    /// Deletes a topic of a broker.
    ///
    /// The header of a request with code [`DELETE_TOPIC_IN_BROKER`](RequestCode::DELETE_TOPIC_IN_BROKER).
    pub struct DeleteTopicRequestHeader: TopicRequestHeader {
        /// The topic.
        pub topic: String,
    }
}

header! {
    /// Names a topic whose configuration is queried.
    ///
    /// The header of a request with code [`GET_TOPIC_CONFIG`](RequestCode::GET_TOPIC_CONFIG). Not in 4.9.
    pub struct GetTopicConfigRequestHeader: TopicRequestHeader {
        /// The topic.
        pub topic: String,
    }
}

header! {
    /// Queries the topics of a broker in parts.
    ///
    /// The header of a request with code [`GET_ALL_TOPIC_CONFIG`](RequestCode::GET_ALL_TOPIC_CONFIG). Since
    /// 5.4.0.
    pub struct GetAllTopicConfigRequestHeader {
        /// The number of the first topic of this part, from 0.
        pub topic_seq: i32,
        /// The version that the sender has, as JSON.
        pub data_version: Option<String>,
        /// The maximum number of topics.
        pub max_topic_num: Option<i32>,
    }
}

header! {
    /// Returns how many topics a broker has. The body has the topics.
    ///
    /// The header of a response to [`GET_ALL_TOPIC_CONFIG`](RequestCode::GET_ALL_TOPIC_CONFIG).
    pub struct GetAllTopicConfigResponseHeader {
        /// The number of topics. Since 5.4.0.
        pub total_topic_num: Option<i32>,
    }
}

header! {
    /// Names a topic whose offsets are queried.
    ///
    /// The header of a request with code [`GET_TOPIC_STATS_INFO`](RequestCode::GET_TOPIC_STATS_INFO).
    pub struct GetTopicStatsInfoRequestHeader: TopicRequestHeader {
        /// The topic.
        pub topic: String,
    }
}

header! {
    /// Names a topic whose consumer groups are queried.
    ///
    /// The header of a request with code
    /// [`QUERY_TOPIC_CONSUME_BY_WHO`](RequestCode::QUERY_TOPIC_CONSUME_BY_WHO).
    pub struct QueryTopicConsumeByWhoRequestHeader: TopicRequestHeader {
        /// The topic.
        pub topic: String,
    }
}

header! {
    /// Reads entries of a consume queue.
    ///
    /// The header of a request with code [`QUERY_CONSUME_QUEUE`](RequestCode::QUERY_CONSUME_QUEUE).
    pub struct QueryConsumeQueueRequestHeader: TopicRequestHeader {
        /// The topic.
        pub topic: Option<String>,
        /// The queue.
        #[serde(default)]
        pub queue_id: i32,
        /// The index of the first entry.
        #[serde(default)]
        pub index: i64,
        /// The number of entries to read.
        #[serde(default)]
        pub count: i32,
        /// The consumer group whose filter is applied.
        pub consumer_group: Option<String>,
    }
}

header! {
    /// Compares the consume queue in RocksDB with the one in files.
    ///
    /// The header of a request with code
    /// [`CHECK_ROCKSDB_CQ_WRITE_PROGRESS`](RequestCode::CHECK_ROCKSDB_CQ_WRITE_PROGRESS). Not in 4.9.
    pub struct CheckRocksdbCqWriteProgressRequestHeader {
        /// The topic.
        pub topic: String,
        /// The store time in milliseconds since the epoch from which entries are compared.
        #[serde(default)]
        pub check_store_time: i64,
    }
}
