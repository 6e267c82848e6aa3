//! Headers by which a broker gets its id and registers.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::define::header;

header! {
    /// Asks a controller which broker id is free.
    ///
    /// The header of a request with code
    /// [`CONTROLLER_GET_NEXT_BROKER_ID`](RequestCode::CONTROLLER_GET_NEXT_BROKER_ID). Not in 4.9.
    pub struct GetNextBrokerIdRequestHeader {
        /// The name of the cluster.
        pub cluster_name: Option<String>,
        /// The name of the broker.
        pub broker_name: Option<String>,
    }
}

header! {
    /// Returns a free broker id.
    ///
    /// The header of a response to
    /// [`CONTROLLER_GET_NEXT_BROKER_ID`](RequestCode::CONTROLLER_GET_NEXT_BROKER_ID). Not in 4.9.
    pub struct GetNextBrokerIdResponseHeader {
        /// The name of the cluster.
        pub cluster_name: Option<String>,
        /// The name of the broker.
        pub broker_name: Option<String>,
        /// The broker id.
        pub next_broker_id: Option<i64>,
    }
}

header! {
    /// Claims a broker id at a controller.
    ///
    /// The header of a request with code
    /// [`CONTROLLER_APPLY_BROKER_ID`](RequestCode::CONTROLLER_APPLY_BROKER_ID). Not in 4.9.
    pub struct ApplyBrokerIdRequestHeader {
        /// The name of the cluster.
        pub cluster_name: Option<String>,
        /// The name of the broker.
        pub broker_name: Option<String>,
        /// The broker id, as returned in [`GetNextBrokerIdResponseHeader`].
        pub applied_broker_id: Option<i64>,
        /// The address of the broker and a text of its choice, separated by `;`. The same code may claim the
        /// id again.
        pub register_check_code: Option<String>,
    }
}

header! {
    /// Confirms a broker id.
    ///
    /// The header of a response to [`CONTROLLER_APPLY_BROKER_ID`](RequestCode::CONTROLLER_APPLY_BROKER_ID).
    /// Not in 4.9.
    pub struct ApplyBrokerIdResponseHeader {
        /// The name of the cluster.
        pub cluster_name: Option<String>,
        /// The name of the broker.
        pub broker_name: Option<String>,
    }
}

header! {
    /// Registers a broker at a controller.
    ///
    /// The header of a request with code
    /// [`CONTROLLER_REGISTER_BROKER`](RequestCode::CONTROLLER_REGISTER_BROKER). Not in 4.9.
    pub struct RegisterBrokerToControllerRequestHeader {
        /// The name of the cluster.
        pub cluster_name: Option<String>,
        /// The name of the broker.
        pub broker_name: Option<String>,
        /// The id of the broker; 0 is a master.
        pub broker_id: Option<i64>,
        /// The address of the broker.
        pub broker_address: Option<String>,
        /// When the request was created, in milliseconds since the epoch.
        #[serde(default)]
        pub invoke_time: i64,
    }
}

header! {
    /// Tells a broker its master.
    ///
    /// The header of a response to [`CONTROLLER_REGISTER_BROKER`](RequestCode::CONTROLLER_REGISTER_BROKER).
    /// Not in 4.9.
    pub struct RegisterBrokerToControllerResponseHeader {
        /// The name of the cluster.
        pub cluster_name: Option<String>,
        /// The name of the broker.
        pub broker_name: Option<String>,
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
    /// Removes brokers from the data of a controller.
    ///
    /// The header of a request with code [`CLEAN_BROKER_DATA`](RequestCode::CLEAN_BROKER_DATA). Not in 4.9.
    pub struct CleanControllerBrokerDataRequestHeader {
        /// The name of the cluster.
        pub cluster_name: Option<String>,
        /// The name of the broker.
        pub broker_name: String,
        /// The ids of the brokers to remove, separated by `;`; all brokers of the name if absent.
        pub broker_controller_ids_to_clean: Option<String>,
        /// Whether brokers are removed even if they are alive.
        #[serde(default)]
        pub is_clean_living_broker: bool,
        /// When the request was created, in milliseconds since the epoch.
        #[serde(default)]
        pub invoke_time: i64,
    }
}
