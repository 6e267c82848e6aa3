//! Headers about connected clients.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::define::header;

header! {
    /// Names a consumer group whose connections are queried.
    ///
    /// The header of a request with code
    /// [`GET_CONSUMER_CONNECTION_LIST`](RequestCode::GET_CONSUMER_CONNECTION_LIST).
    pub struct GetConsumerConnectionListRequestHeader: RpcRequestHeader {
        /// The consumer group.
        pub consumer_group: String,
    }
}

header! {
    /// Names a producer group whose connections are queried.
    ///
    /// The header of a request with code
    /// [`GET_PRODUCER_CONNECTION_LIST`](RequestCode::GET_PRODUCER_CONNECTION_LIST).
    pub struct GetProducerConnectionListRequestHeader: RpcRequestHeader {
        /// The producer group.
        pub producer_group: String,
    }
}

header! {
    /// Queries the connections of all producer groups. It has no fields.
    ///
    /// The header of a request with code [`GET_ALL_PRODUCER_INFO`](RequestCode::GET_ALL_PRODUCER_INFO).
    pub struct GetAllProducerInfoRequestHeader {}
}

header! {
    /// Queries the state of a consumer: its queues, offsets and threads.
    ///
    /// The header of a request with code
    /// [`GET_CONSUMER_RUNNING_INFO`](RequestCode::GET_CONSUMER_RUNNING_INFO).
    pub struct GetConsumerRunningInfoRequestHeader: RpcRequestHeader {
        /// The consumer group.
        pub consumer_group: String,
        /// The id of the client.
        pub client_id: String,
        /// Whether the stacks of its threads are wanted too.
        #[serde(default)]
        pub jstack_enable: bool,
    }
}

header! {
    /// Makes a consumer consume a message at once and return the result. The broker adds the message as the
    /// body.
    ///
    /// The header of a request with code [`CONSUME_MESSAGE_DIRECTLY`](RequestCode::CONSUME_MESSAGE_DIRECTLY).
    pub struct ConsumeMessageDirectlyResultRequestHeader: TopicRequestHeader {
        /// The consumer group.
        pub consumer_group: String,
        /// The id of the client.
        pub client_id: Option<String>,
        /// The id of the message.
        pub msg_id: Option<String>,
        /// The name of the broker.
        pub broker_name: Option<String>,
        /// The topic. Not in 4.9.
        pub topic: Option<String>,
        /// The system flag of the topic. Not in 4.9.
        pub topic_sys_flag: Option<i32>,
        /// The system flag of the consumer group. Not in 4.9.
        pub group_sys_flag: Option<i32>,
    }
}
