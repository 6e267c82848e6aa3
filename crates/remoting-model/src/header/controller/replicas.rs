//! Headers about masters and their replicas.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::define::header;

header! {
    /// Asks a controller to elect a master.
    ///
    /// The header of a request with code [`CONTROLLER_ELECT_MASTER`](RequestCode::CONTROLLER_ELECT_MASTER).
    /// Not in 4.9.
    pub struct ElectMasterRequestHeader {
        /// The name of the cluster; may be empty.
        #[serde(default)]
        pub cluster_name: String,
        /// The name of the broker; may be empty.
        #[serde(default)]
        pub broker_name: String,
        /// The id of the broker that asks; -1, or absent, if a controller does.
        #[serde(default = "broker_id")]
        pub broker_id: i64,
        /// Whether only the broker with `brokerId` may become master.
        #[serde(default)]
        pub designate_elect: bool,
        /// When the request was created, in milliseconds since the epoch.
        #[serde(default)]
        pub invoke_time: i64,
    }
    default { broker_id: broker_id() }
}

/// The value in a new Java object.
const fn broker_id() -> i64 {
    -1
}

header! {
    /// Returns the elected master. The body has the brokers in sync.
    ///
    /// The header of a response to [`CONTROLLER_ELECT_MASTER`](RequestCode::CONTROLLER_ELECT_MASTER). Not in
    /// 4.9.
    pub struct ElectMasterResponseHeader {
        /// The broker id of the master.
        pub master_broker_id: Option<i64>,
        /// The address of the master.
        pub master_address: Option<String>,
        /// The epoch of the master.
        pub master_epoch: Option<i32>,
        /// The epoch of the set of brokers in sync.
        pub sync_state_set_epoch: Option<i32>,
    }
}

header! {
    /// Changes which brokers are in sync with a master. The body has the set.
    ///
    /// The header of a request with code
    /// [`CONTROLLER_ALTER_SYNC_STATE_SET`](RequestCode::CONTROLLER_ALTER_SYNC_STATE_SET). Not in 4.9.
    pub struct AlterSyncStateSetRequestHeader {
        /// The name of the broker.
        pub broker_name: Option<String>,
        /// The broker id of the master.
        pub master_broker_id: Option<i64>,
        /// The epoch of the master.
        pub master_epoch: Option<i32>,
        /// When the request was created, in milliseconds since the epoch.
        #[serde(default)]
        pub invoke_time: i64,
    }
}

header! {
    /// Returns the epoch of the changed set. The body has the set.
    ///
    /// The header of a response to
    /// [`CONTROLLER_ALTER_SYNC_STATE_SET`](RequestCode::CONTROLLER_ALTER_SYNC_STATE_SET). Not in 4.9.
    pub struct AlterSyncStateSetResponseHeader {
        /// The epoch of the set.
        #[serde(default)]
        pub new_sync_state_set_epoch: i32,
    }
}

header! {
    /// Names a broker whose master is queried.
    ///
    /// The header of a request with code
    /// [`CONTROLLER_GET_REPLICA_INFO`](RequestCode::CONTROLLER_GET_REPLICA_INFO). Not in 4.9.
    pub struct GetReplicaInfoRequestHeader {
        /// The name of the broker.
        pub broker_name: Option<String>,
    }
}

header! {
    /// Returns the master of a broker. The body has the brokers in sync.
    ///
    /// The header of a response to [`CONTROLLER_GET_REPLICA_INFO`](RequestCode::CONTROLLER_GET_REPLICA_INFO).
    /// Not in 4.9.
    pub struct GetReplicaInfoResponseHeader {
        /// The broker id of the master.
        pub master_broker_id: Option<i64>,
        /// The address of the master.
        pub master_address: Option<String>,
        /// The epoch of the master.
        pub master_epoch: Option<i32>,
    }
}

header! {
    /// Tells a broker its new master. Sent by a controller; the body has the brokers in sync.
    ///
    /// The header of a request with code
    /// [`NOTIFY_BROKER_ROLE_CHANGED`](RequestCode::NOTIFY_BROKER_ROLE_CHANGED). Not in 4.9.
    pub struct NotifyBrokerRoleChangedRequestHeader {
        /// The address of the master.
        pub master_address: Option<String>,
        /// The epoch of the master.
        pub master_epoch: Option<i32>,
        /// The epoch of the set of brokers in sync.
        pub sync_state_set_epoch: Option<i32>,
        /// The broker id of the master.
        pub master_broker_id: Option<i64>,
    }
}

header! {
    /// Describes the group of controllers.
    ///
    /// The header of a response to
    /// [`CONTROLLER_GET_METADATA_INFO`](RequestCode::CONTROLLER_GET_METADATA_INFO). Not in 4.9.
    pub struct GetMetaDataResponseHeader {
        /// The name of the group of controllers.
        pub group: Option<String>,
        /// The id of the leader.
        pub controller_leader_id: Option<String>,
        /// The address of the leader.
        pub controller_leader_address: Option<String>,
        /// Whether the responding controller is the leader.
        #[serde(default)]
        pub is_leader: bool,
        /// The addresses of the controllers, separated by `;`.
        pub peers: Option<String>,
    }
}
