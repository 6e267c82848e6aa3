//! Bodies that are JSON documents, under the names of Java's classes.
//!
//! Each struct has the fields of all releases. [`from_json`](remoting_protocol::body::from_json) sets absent fields to the
//! defaults of Java, and [`to_json`](remoting_protocol::body::to_json) omits a field that is `None`, as Java omits null.
//! Maps and sets are ordered, so equal bodies are written as equal bytes.
//!
//! A text that is null in Java only by mistake is a `String`: an absent name is read as an empty one. A field of an enum
//! is an `Option`, which is `None` for a name that a newer release has added.
//!
//! ```
//! use remoting_model::body::{BrokerData, TopicRouteData};
//! use remoting_protocol::body::from_json;
//!
//! let route: TopicRouteData = from_json(
//!     br#"{"brokerDatas":[{"brokerAddrs":{0:"10.0.0.1:10911"},"brokerName":"broker-a","cluster":"c"}],
//!         "queueDatas":[{"brokerName":"broker-a","perm":6,"readQueueNums":8,"writeQueueNums":8}]}"#,
//! )?;
//! assert_eq!(route.broker_data("broker-a").and_then(BrokerData::master_addr), Some("10.0.0.1:10911"));
//! # Ok::<(), remoting_protocol::BodyError>(())
//! ```

mod cluster;
mod data_version;
mod known;
mod route;
mod static_topic;
mod topic;

pub use self::cluster::{
    BrokerMemberGroup, ClusterInfo, GetBrokerMemberGroupResponseBody, KVTable, RegisterBrokerBody,
};
pub use self::data_version::DataVersion;
pub use self::route::{BrokerData, QueueData, TopicRouteData};
pub use self::static_topic::{
    LogicQueueMappingItem, TopicConfigAndMappingSerializeWrapper, TopicQueueMappingDetail,
    TopicQueueMappingInfo, TopicQueueMappingSerializeWrapper,
};
pub use self::topic::{TopicConfig, TopicConfigSerializeWrapper, TopicFilterType, TopicList};
