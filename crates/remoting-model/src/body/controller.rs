//! The replicas that a controller knows. Since 5.

use std::collections::{BTreeMap, BTreeSet};

use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

use super::BrokerMemberGroup;

/// The replicas that are in sync. Java's `SyncStateSet`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SyncStateSet {
    /// The ids of the brokers.
    pub sync_state_set: BTreeSet<i64>,
    /// The number of changes of the set.
    pub sync_state_set_epoch: i32,
}

impl JsonBody for SyncStateSet {}

/// The group of a new master. Java's `ElectMasterResponseBody`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ElectMasterResponseBody {
    /// The brokers that are alive.
    pub broker_member_group: Option<BrokerMemberGroup>,
    /// The ids of the brokers in sync.
    pub sync_state_set: BTreeSet<i64>,
}

impl JsonBody for ElectMasterResponseBody {}

/// The replicas of brokers. Java's `BrokerReplicasInfo`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BrokerReplicasInfo {
    /// The replicas of each broker, by its name.
    pub replicas_info_table: BTreeMap<String, ReplicasInfo>,
}

impl JsonBody for BrokerReplicasInfo {}

/// The replicas of a broker. Java's `BrokerReplicasInfo.ReplicasInfo`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReplicasInfo {
    /// The replicas in sync.
    pub in_sync_replicas: Vec<ReplicaIdentity>,
    /// The address of the master, if there is one.
    pub master_address: Option<String>,
    /// The id of the master, if there is one.
    pub master_broker_id: Option<i64>,
    /// The number of elections.
    pub master_epoch: i32,
    /// The replicas that are not in sync.
    pub not_in_sync_replicas: Vec<ReplicaIdentity>,
    /// The number of changes of the set of replicas in sync.
    pub sync_state_set_epoch: i32,
}

/// A replica. Java's `BrokerReplicasInfo.ReplicaIdentity`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReplicaIdentity {
    /// Whether the controller receives its heartbeats.
    pub alive: bool,
    /// Its address.
    pub broker_address: String,
    /// Its id.
    pub broker_id: i64,
    /// Its name.
    pub broker_name: String,
}
