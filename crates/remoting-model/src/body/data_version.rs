//! The version of a broker's configuration.

use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

/// The version of a table that a broker keeps, such as its topics. Java's `DataVersion`.
///
/// A broker raises the counter with each change. Two versions are equal if all three numbers are. A new version in Java
/// has the current time as its timestamp, the default here has zero.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DataVersion {
    /// The number of changes.
    pub counter: i64,
    /// The epoch of the master that made the last change, or its store's state version. Since 5.
    pub state_version: i64,
    /// The time of the last change, in milliseconds since 1970.
    pub timestamp: i64,
}

impl JsonBody for DataVersion {}
