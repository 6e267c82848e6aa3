//! Headers about the members of a group.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::define::header;

header! {
    /// Accompanies the heartbeat of a client. The body has its groups and subscriptions.
    ///
    /// The header of a request with code [`HEART_BEAT`](RequestCode::HEART_BEAT). Not in 4.9.
    pub struct HeartbeatRequestHeader: RpcRequestHeader {}
}

header! {
    /// Removes a client from its producer or consumer group.
    ///
    /// The header of a request with code [`UNREGISTER_CLIENT`](RequestCode::UNREGISTER_CLIENT).
    pub struct UnregisterClientRequestHeader: RpcRequestHeader {
        /// The id of the client.
        #[serde(rename = "clientID")]
        pub client_id: String,
        /// The producer group, if the client was in one.
        pub producer_group: Option<String>,
        /// The consumer group, if the client was in one.
        pub consumer_group: Option<String>,
    }
}

header! {
    /// Answers the removal of a client. It has no fields.
    ///
    /// The header of a response to [`UNREGISTER_CLIENT`](RequestCode::UNREGISTER_CLIENT).
    pub struct UnregisterClientResponseHeader {}
}

header! {
    /// Names a consumer group whose client ids are queried.
    ///
    /// The header of a request with code
    /// [`GET_CONSUMER_LIST_BY_GROUP`](RequestCode::GET_CONSUMER_LIST_BY_GROUP).
    pub struct GetConsumerListByGroupRequestHeader: RpcRequestHeader {
        /// The consumer group.
        pub consumer_group: String,
    }
}

header! {
    /// Answers the query of client ids. It has no fields; the ids are in the body.
    ///
    /// The header of a response to [`GET_CONSUMER_LIST_BY_GROUP`](RequestCode::GET_CONSUMER_LIST_BY_GROUP).
    pub struct GetConsumerListByGroupResponseHeader {}
}

header! {
    /// Tells a consumer that the clients of its group changed. Sent by a broker.
    ///
    /// The header of a request with code
    /// [`NOTIFY_CONSUMER_IDS_CHANGED`](RequestCode::NOTIFY_CONSUMER_IDS_CHANGED).
    pub struct NotifyConsumerIdsChangedRequestHeader: RpcRequestHeader {
        /// The consumer group.
        pub consumer_group: String,
    }
}

header! {
    /// Locks queues for a client that consumes in order. The body names them.
    ///
    /// The header of a request with code [`LOCK_BATCH_MQ`](RequestCode::LOCK_BATCH_MQ). Not in 4.9.
    pub struct LockBatchMqRequestHeader: RpcRequestHeader {}
}

header! {
    /// Unlocks queues. The body names them.
    ///
    /// The header of a request with code [`UNLOCK_BATCH_MQ`](RequestCode::UNLOCK_BATCH_MQ). Not in 4.9.
    pub struct UnlockBatchMqRequestHeader: RpcRequestHeader {}
}
