//! The result of consuming a message on request.

use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

use super::known::known;

/// The result of consuming a message on request. Java's `ConsumeMessageDirectlyResult`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConsumeMessageDirectlyResult {
    /// Whether the consumer commits by itself. By default true.
    pub auto_commit: bool,
    /// The result.
    #[serde(deserialize_with = "known")]
    pub consume_result: Option<CMResult>,
    /// Whether the group consumes in order.
    pub order: bool,
    /// The text of the error.
    pub remark: Option<String>,
    /// The time that it took, in milliseconds.
    pub spent_time_mills: i64,
}

impl JsonBody for ConsumeMessageDirectlyResult {}

impl Default for ConsumeMessageDirectlyResult {
    fn default() -> Self {
        Self { auto_commit: true, consume_result: None, order: false, remark: None, spent_time_mills: 0 }
    }
}

/// The result of consuming a message. Java's `CMResult`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum CMResult {
    /// The message is consumed.
    CrSuccess,
    /// The message is to be consumed again.
    CrLater,
    /// The transaction is rolled back.
    CrRollback,
    /// The transaction is committed.
    CrCommit,
    /// The application has thrown an exception.
    CrThrowException,
    /// The application has returned null.
    CrReturnNull,
}
