//! The limits for reading cold data: messages that are no longer in memory.

use std::collections::BTreeMap;

use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

/// The limits for cold data of a broker, and what was read. Java has no class: `ColdDataCgCtrService` puts it together.
/// Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ColdDataFlowCtrInfo {
    /// The limit of a group without a limit of its own, in bytes.
    pub cg_cold_read_threshold: i64,
    /// The limit of each group that has one, in bytes.
    pub config_table: BTreeMap<String, i64>,
    /// The bytes of cold data that all groups have read in this period.
    pub global_acc: i64,
    /// The limit of all groups together, in bytes.
    pub global_cold_read_threshold: i64,
    /// What each group has read.
    pub runtime_table: BTreeMap<String, AccAndTimeStamp>,
}

impl JsonBody for ColdDataFlowCtrInfo {}

/// The cold data that a group has read. Java's `AccAndTimeStamp`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AccAndTimeStamp {
    /// The bytes in this period.
    pub cold_acc: i64,
    /// The time of the first read, in milliseconds since 1970.
    pub create_time_mills: i64,
    /// The time of the last read, in milliseconds since 1970.
    pub last_cold_read_time_mills: i64,
}
