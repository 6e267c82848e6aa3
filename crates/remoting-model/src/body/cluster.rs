//! Brokers and clusters, as name servers know them.

use std::collections::{BTreeMap, BTreeSet};

use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

use super::BrokerData;

/// The values of a namespace of the configuration. Java's `KVTable`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct KVTable {
    /// The value of each key.
    pub table: BTreeMap<String, String>,
}

impl JsonBody for KVTable {}

/// The brokers of all clusters. Java's `ClusterInfo`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterInfo {
    /// The addresses of each broker, by its name.
    pub broker_addr_table: BTreeMap<String, BrokerData>,
    /// The names of the brokers of each cluster.
    pub cluster_addr_table: BTreeMap<String, BTreeSet<String>>,
}

impl JsonBody for ClusterInfo {}

/// A master and its slaves. Java's `BrokerMemberGroup`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BrokerMemberGroup {
    /// The addresses by broker id. The master has the id [`MASTER_ID`](crate::constants::MASTER_ID).
    pub broker_addrs: BTreeMap<i64, String>,
    /// The name that the master and its slaves share.
    pub broker_name: String,
    /// The name of the cluster.
    pub cluster: String,
}

impl JsonBody for BrokerMemberGroup {}

/// The answer to a request for a broker's group. Java's `GetBrokerMemberGroupResponseBody`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GetBrokerMemberGroupResponseBody {
    /// The group, if the broker is known.
    pub broker_member_group: Option<BrokerMemberGroup>,
}

impl JsonBody for GetBrokerMemberGroupResponseBody {}
