//! Headers for which Java has no class: it sets these ext fields one by one.

use remoting_protocol::operation::CommandHeader;
use serde::{Deserialize, Serialize};

/// The ext fields of a response to [`HeartBeat`](super::HeartBeat). Java has no class for them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HeartbeatResponseHeader {
    /// Whether the broker accepts heartbeats that have only the fingerprint of the subscriptions. Java:
    /// `MixAll.IS_SUPPORT_HEART_BEAT_V2`. Absent in 4.9, and read as false.
    #[serde(rename = "IS_SUPPORT_HEART_BEAT_V2")]
    pub is_support_heart_beat_v2: bool,
    /// Whether the broker needs the subscriptions, because they are not those of the fingerprint. Java:
    /// `MixAll.IS_SUB_CHANGE`. Absent in 4.9, and read as false.
    #[serde(rename = "IS_SUB_CHANGE")]
    pub is_sub_change: bool,
}

impl CommandHeader for HeartbeatResponseHeader {}

/// The ext field of [`SetCommitlogReadMode`](super::SetCommitlogReadMode). Java has no class for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetCommitlogReadModeRequestHeader {
    /// The advice of `madvise`: 0 is `MADV_NORMAL`, 1 is `MADV_RANDOM`. Java: `FIleReadaheadMode.READ_AHEAD_MODE`.
    #[serde(rename = "READ_AHEAD_MODE")]
    pub read_ahead_mode: i32,
}

impl CommandHeader for SetCommitlogReadModeRequestHeader {}

/// The ext field of [`SwitchTimerEngine`](super::SwitchTimerEngine). Java has no class for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwitchTimerEngineRequestHeader {
    /// `R` for the timeline in RocksDB, `F` for the time wheel in a file. Java: `MessageConst.TIMER_ENGINE_TYPE`.
    #[serde(rename = "E_T")]
    pub engine_type: String,
}

impl CommandHeader for SwitchTimerEngineRequestHeader {}
