//! Headers about a broker as a whole.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::define::header;

header! {
    /// Returns the version of a broker's configuration. The body has its properties.
    ///
    /// The header of a response to [`GET_BROKER_CONFIG`](RequestCode::GET_BROKER_CONFIG).
    pub struct GetBrokerConfigResponseHeader {
        /// The version, as JSON.
        #[serde(default)]
        pub version: String,
    }
}

header! {
    /// Names a statistic of a broker.
    ///
    /// The header of a request with code [`VIEW_BROKER_STATS_DATA`](RequestCode::VIEW_BROKER_STATS_DATA).
    pub struct ViewBrokerStatsDataRequestHeader {
        /// The name of the statistic.
        pub stats_name: String,
        /// The key of the statistic, such as a topic.
        pub stats_key: String,
    }
}

header! {
    /// Names a transactional message that the broker checks again.
    ///
    /// The header of a request with code
    /// [`RESUME_CHECK_HALF_MESSAGE`](RequestCode::RESUME_CHECK_HALF_MESSAGE).
    pub struct ResumeCheckHalfMessageRequestHeader {
        /// The topic. Not in 4.9.
        pub topic: Option<String>,
        /// The id of the message.
        pub msg_id: Option<String>,
    }
}

header! {
    /// Exports configurations in RocksDB to JSON files.
    ///
    /// The header of a request with code
    /// [`EXPORT_ROCKSDB_CONFIG_TO_JSON`](RequestCode::EXPORT_ROCKSDB_CONFIG_TO_JSON). Not in 4.9.
    pub struct ExportRocksDBConfigToJsonRequestHeader {
        /// The configurations to export, separated by `;`.
        pub config_type: String,
    }
}

header! {
    /// Starts a broker in a broker container.
    ///
    /// The header of a request with code [`ADD_BROKER`](RequestCode::ADD_BROKER). Not in 4.9.
    pub struct AddBrokerRequestHeader {
        /// The path of the broker's properties file.
        pub config_path: Option<String>,
    }
}

header! {
    /// Removes a broker from a broker container.
    ///
    /// The header of a request with code [`REMOVE_BROKER`](RequestCode::REMOVE_BROKER). Not in 4.9.
    pub struct RemoveBrokerRequestHeader {
        /// The name of the broker.
        pub broker_name: String,
        /// The name of the cluster.
        pub broker_cluster_name: String,
        /// The id of the broker; 0 is a master.
        pub broker_id: i64,
    }
}
