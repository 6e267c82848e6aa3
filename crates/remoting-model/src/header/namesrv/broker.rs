//! Headers by which a name server knows its brokers.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::define::header;

header! {
    /// Registers a broker at a name server. The body has the topics of the broker.
    ///
    /// The header of a request with code [`REGISTER_BROKER`](RequestCode::REGISTER_BROKER).
    pub struct RegisterBrokerRequestHeader {
        /// The name of the broker.
        pub broker_name: String,
        /// The address of the broker.
        pub broker_addr: String,
        /// The name of the cluster.
        pub cluster_name: String,
        /// The address at which the broker serves replication.
        pub ha_server_addr: String,
        /// The id of the broker; 0 is a master.
        pub broker_id: i64,
        /// The time in milliseconds after which a broker without heartbeat is removed. Not in 4.9.
        pub heartbeat_timeout_millis: Option<i64>,
        /// Whether a slave may act as master while the master is gone. Not in 4.9.
        pub enable_acting_master: Option<bool>,
        /// Whether the body is compressed.
        #[serde(default)]
        pub compressed: bool,
        /// The CRC32 checksum of the body; 0 if there is none.
        #[serde(default)]
        pub body_crc32: i32,
    }
}

header! {
    /// Tells a broker the addresses of its master.
    ///
    /// The header of a response to [`REGISTER_BROKER`](RequestCode::REGISTER_BROKER).
    pub struct RegisterBrokerResponseHeader {
        /// The address at which the master serves replication.
        pub ha_server_addr: Option<String>,
        /// The address of the master.
        pub master_addr: Option<String>,
    }
}

header! {
    /// Removes a broker from a name server.
    ///
    /// The header of a request with code [`UNREGISTER_BROKER`](RequestCode::UNREGISTER_BROKER).
    pub struct UnRegisterBrokerRequestHeader {
        /// The name of the broker.
        pub broker_name: String,
        /// The address of the broker.
        pub broker_addr: String,
        /// The name of the cluster.
        pub cluster_name: String,
        /// The id of the broker; 0 is a master.
        pub broker_id: i64,
    }
}

header! {
    /// Reports that a broker is alive, to a name server or a controller.
    ///
    /// The header of a request with code [`BROKER_HEARTBEAT`](RequestCode::BROKER_HEARTBEAT). Not in 4.9.
    pub struct BrokerHeartbeatRequestHeader {
        /// The name of the cluster.
        pub cluster_name: String,
        /// The address of the broker.
        pub broker_addr: String,
        /// The name of the broker.
        pub broker_name: String,
        /// The id of the broker; 0 is a master.
        pub broker_id: Option<i64>,
        /// The epoch of the master.
        pub epoch: Option<i32>,
        /// The end of its commit log.
        pub max_offset: Option<i64>,
        /// The offset up to which the replicas have confirmed.
        pub confirm_offset: Option<i64>,
        /// The time in milliseconds after which a broker without heartbeat is removed.
        pub heartbeat_timeout_mills: Option<i64>,
        /// The priority in an election; the lowest number wins.
        pub election_priority: Option<i32>,
    }
}

header! {
    /// Asks a name server whether the topics of a broker differ from those it has. The body has the broker's
    /// version.
    ///
    /// The header of a request with code [`QUERY_DATA_VERSION`](RequestCode::QUERY_DATA_VERSION).
    pub struct QueryDataVersionRequestHeader {
        /// The name of the broker.
        pub broker_name: String,
        /// The address of the broker.
        pub broker_addr: String,
        /// The name of the cluster.
        pub cluster_name: String,
        /// The id of the broker; 0 is a master.
        pub broker_id: i64,
    }
}

header! {
    /// Tells a broker whether it has to register its topics again. The body has the version of the name
    /// server.
    ///
    /// The header of a response to [`QUERY_DATA_VERSION`](RequestCode::QUERY_DATA_VERSION).
    pub struct QueryDataVersionResponseHeader {
        /// Whether the broker's topics differ.
        pub changed: bool,
    }
}

header! {
    /// Names a broker whose master and slaves are queried.
    ///
    /// The header of a request with code [`GET_BROKER_MEMBER_GROUP`](RequestCode::GET_BROKER_MEMBER_GROUP).
    /// Not in 4.9.
    pub struct GetBrokerMemberGroupRequestHeader {
        /// The name of the cluster.
        pub cluster_name: String,
        /// The name of the broker.
        pub broker_name: String,
    }
}

header! {
    /// Tells the members of a broker group that another broker has the lowest id, or that one went offline.
    /// Sent by a name server.
    ///
    /// The header of a request with code
    /// [`NOTIFY_MIN_BROKER_ID_CHANGE`](RequestCode::NOTIFY_MIN_BROKER_ID_CHANGE). Not in 4.9.
    pub struct NotifyMinBrokerIdChangeRequestHeader {
        /// The lowest broker id.
        pub min_broker_id: Option<i64>,
        /// The name of the broker.
        pub broker_name: Option<String>,
        /// The address of the broker with the lowest id.
        pub min_broker_addr: Option<String>,
        /// The address of the broker that went offline.
        pub offline_broker_addr: Option<String>,
        /// The address at which the broker with the lowest id serves replication.
        pub ha_broker_addr: Option<String>,
    }
}

header! {
    /// Names a broker whose topics become writable again.
    ///
    /// The header of a request with code [`ADD_WRITE_PERM_OF_BROKER`](RequestCode::ADD_WRITE_PERM_OF_BROKER).
    pub struct AddWritePermOfBrokerRequestHeader {
        /// The name of the broker.
        pub broker_name: String,
    }
}

header! {
    /// Returns how many topics became writable.
    ///
    /// The header of a response to [`ADD_WRITE_PERM_OF_BROKER`](RequestCode::ADD_WRITE_PERM_OF_BROKER).
    pub struct AddWritePermOfBrokerResponseHeader {
        /// The number of topics.
        pub add_topic_count: i32,
    }
}

header! {
    /// Names a broker whose topics become read-only.
    ///
    /// The header of a request with code
    /// [`WIPE_WRITE_PERM_OF_BROKER`](RequestCode::WIPE_WRITE_PERM_OF_BROKER).
    pub struct WipeWritePermOfBrokerRequestHeader {
        /// The name of the broker.
        pub broker_name: String,
    }
}

header! {
    /// Returns how many topics became read-only.
    ///
    /// The header of a response to [`WIPE_WRITE_PERM_OF_BROKER`](RequestCode::WIPE_WRITE_PERM_OF_BROKER).
    pub struct WipeWritePermOfBrokerResponseHeader {
        /// The number of topics.
        pub wipe_topic_count: i32,
    }
}
