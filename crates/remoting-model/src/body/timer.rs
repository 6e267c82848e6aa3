//! The state of timer messages, which a slave copies from its master.

use std::collections::BTreeMap;

use remoting_protocol::bytes::{Buf, BufMut, BytesMut};
use remoting_protocol::operation::{CommandBody, JsonBody};
use remoting_protocol::{Body, BodyError, RemotingCommand};
use serde::{Deserialize, Serialize};

use super::DataVersion;

/// The number of timer messages of each topic. Java's `TimerMetrics.TimerMetricsSerializeWrapper`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TimerMetricsSerializeWrapper {
    /// The version of the table.
    pub data_version: DataVersion,
    /// The number of messages by topic.
    pub timing_count: BTreeMap<String, Metric>,
}

impl JsonBody for TimerMetricsSerializeWrapper {}

/// The number of timer messages of a topic. Java's `TimerMetrics.Metric`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Metric {
    /// The number of messages that wait.
    pub count: i64,
    /// The time of the last change, in milliseconds since 1970.
    pub time_stamp: i64,
}

/// How far a broker has come with timer messages. Java's `TimerCheckpoint`. Since 5.
///
/// The body is binary: the numbers one after another, each in eight bytes, those of the version last. Without a version
/// it is read as well, as by Java.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TimerCheckpoint {
    /// The time up to which messages were delivered, in milliseconds since 1970.
    pub last_read_time_ms: i64,
    /// The position up to which the log of timers is on disk.
    pub last_timer_log_flush_pos: i64,
    /// The offset up to which the queue of timer messages was read.
    pub last_timer_queue_offset: i64,
    /// The same of the master.
    pub master_timer_queue_offset: i64,
    /// The version of the check point.
    pub data_version: DataVersion,
}

/// The length without a version.
const NUMBERS: usize = 4 * size_of::<i64>();
/// The length with a version.
const WITH_VERSION: usize = NUMBERS + 3 * size_of::<i64>();

impl CommandBody for TimerCheckpoint {
    fn encode(self, _command: &mut RemotingCommand) -> Result<Body, BodyError> {
        let mut body = BytesMut::with_capacity(WITH_VERSION);
        for number in [
            self.last_read_time_ms,
            self.last_timer_log_flush_pos,
            self.last_timer_queue_offset,
            self.master_timer_queue_offset,
            self.data_version.state_version,
            self.data_version.timestamp,
            self.data_version.counter,
        ] {
            body.put_i64(number);
        }
        Ok(body.freeze().into())
    }

    fn decode(command: &RemotingCommand) -> Result<Self, BodyError> {
        if let Some(external) = command.external_body() {
            return Err(BodyError::external::<Self>(external.len()));
        }
        let mut body = command.body();
        if body.len() != NUMBERS && body.len() < WITH_VERSION {
            return Err(BodyError::invalid::<Self>(format_args!(
                "{} bytes are not a check point",
                body.len()
            )));
        }
        let mut checkpoint = Self {
            last_read_time_ms: body.get_i64(),
            last_timer_log_flush_pos: body.get_i64(),
            last_timer_queue_offset: body.get_i64(),
            master_timer_queue_offset: body.get_i64(),
            data_version: DataVersion::default(),
        };
        if body.has_remaining() {
            let (state_version, timestamp, counter) = (body.get_i64(), body.get_i64(), body.get_i64());
            checkpoint.data_version = DataVersion { counter, state_version, timestamp };
        }
        Ok(checkpoint)
    }
}
