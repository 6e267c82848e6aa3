//! The replication of a master.

use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

/// The addresses by which a slave follows its master. Java's `BrokerSyncInfo`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BrokerSyncInfo {
    /// The address of the master.
    pub master_address: Option<String>,
    /// The position up to which the master has flushed.
    pub master_flush_offset: i64,
    /// Its address for replication.
    pub master_ha_address: Option<String>,
}

impl JsonBody for BrokerSyncInfo {}

/// The state of the replication of a broker. Java's `HARuntimeInfo`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HARuntimeInfo {
    /// The connection to the master, if the broker is a slave.
    pub ha_client_runtime_info: HAClientRuntimeInfo,
    /// The connections of slaves, if the broker is a master.
    pub ha_connection_info: Vec<HAConnectionRuntimeInfo>,
    /// The number of slaves in sync.
    pub in_sync_slave_nums: i32,
    /// Whether the broker is a master.
    pub master: bool,
    /// The end of the master's commit log.
    pub master_commit_log_max_offset: i64,
}

impl JsonBody for HARuntimeInfo {}

/// The connection of a slave to its master. Java's `HARuntimeInfo.HAClientRuntimeInfo`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HAClientRuntimeInfo {
    /// The time of the last read, in milliseconds since 1970.
    pub last_read_timestamp: i64,
    /// The time of the last write, in milliseconds since 1970.
    pub last_write_timestamp: i64,
    /// The address of the master.
    pub master_addr: Option<String>,
    /// The position up to which the master has flushed.
    pub master_flush_offset: i64,
    /// The end of the slave's commit log.
    pub max_offset: i64,
    /// The number of bytes per second.
    pub transferred_byte_in_second: i64,
}

/// The connection of a master to a slave. Java's `HARuntimeInfo.HAConnectionRuntimeInfo`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HAConnectionRuntimeInfo {
    /// The address of the slave.
    pub addr: String,
    /// The number of bytes that the slave lacks.
    pub diff: i64,
    /// Whether the slave is in sync.
    pub in_sync: bool,
    /// The position up to which the slave has acknowledged.
    pub slave_ack_offset: i64,
    /// The position from which the master sends.
    pub transfer_from_where: i64,
    /// The number of bytes per second.
    pub transferred_byte_in_second: i64,
}

/// The epochs of a broker. Java's `EpochEntryCache`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EpochEntryCache {
    /// The id of the broker.
    pub broker_id: i64,
    /// The name of the broker.
    pub broker_name: String,
    /// The name of the cluster.
    pub cluster_name: String,
    /// The epochs.
    pub epoch_list: Vec<EpochEntry>,
    /// The end of the commit log.
    pub max_offset: i64,
}

impl JsonBody for EpochEntryCache {}

/// The part of the commit log that a master has written. Java's `EpochEntry`. Since 5.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EpochEntry {
    /// The position after the last byte. By default the largest number, for the epoch that has not ended.
    pub end_offset: i64,
    /// The epoch of the master.
    pub epoch: i32,
    /// The position of the first byte.
    pub start_offset: i64,
}

impl Default for EpochEntry {
    fn default() -> Self {
        Self { end_offset: i64::MAX, epoch: 0, start_offset: 0 }
    }
}
