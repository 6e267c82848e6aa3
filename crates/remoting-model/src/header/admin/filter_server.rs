//! Headers of filter servers, which only 4.9 has.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::define::header;

header! {
    /// Registers a filter server at a broker.
    ///
    /// The header of a request with code [`REGISTER_FILTER_SERVER`](RequestCode::REGISTER_FILTER_SERVER).
    /// Only in 4.9.
    pub struct RegisterFilterServerRequestHeader {
        /// The address of the filter server.
        pub filter_server_addr: String,
    }
}

header! {
    /// Tells a filter server which broker it serves.
    ///
    /// The header of a response to [`REGISTER_FILTER_SERVER`](RequestCode::REGISTER_FILTER_SERVER). Only in
    /// 4.9.
    pub struct RegisterFilterServerResponseHeader {
        /// The name of the broker.
        #[serde(default)]
        pub broker_name: String,
        /// The id of the broker; 0 is a master.
        #[serde(default)]
        pub broker_id: i64,
    }
}

header! {
    /// Uploads the class of a message filter, which is the body.
    ///
    /// The header of a request with code
    /// [`REGISTER_MESSAGE_FILTER_CLASS`](RequestCode::REGISTER_MESSAGE_FILTER_CLASS). Only in 4.9.
    pub struct RegisterMessageFilterClassRequestHeader {
        /// The consumer group.
        pub consumer_group: String,
        /// The topic.
        pub topic: String,
        /// The name of the class.
        pub class_name: String,
        /// The CRC32 checksum of the class.
        #[serde(rename = "classCRC")]
        pub class_crc: i32,
    }
}
