//! Bodies that are JSON documents, under the names of Java's classes.
//!
//! A body is a plain serde struct with the fields of all releases: 4.9.8, 5.3.3, 5.5.0 and 5.5.1. "Since 5" is said of what
//! 4.9 lacks. Typed calls and handlers read and write bodies themselves; [`from_json`] and [`to_json`] do it by hand.
//!
//! * An absent field has the default of Java's constructor, but times are zero where Java takes the current time.
//! * A field that is null in Java in normal use is an `Option`. `None` is not written, as Java omits null. Names are
//!   `String`s: an absent one is read as an empty one.
//! * A field of an enum is an `Option` too. A name that is not known here, such as that of a newer release, is read as
//!   `None`, as Java reads null. If Java's constructor sets a constant, that is what an absent or unknown name is read as.
//! * Maps and sets are ordered, so equal bodies are written as equal bytes. A set of objects is a `Vec`.
//!
//! [`from_json`]: remoting_protocol::body::from_json
//! [`to_json`]: remoting_protocol::body::to_json
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
//!
//! [`schema`] finds the keys and types of a body at run time, and [`for_each_body!`](crate::for_each_body!) has all names.

mod assignment;
mod auth;
mod bit_set;
mod cluster;
mod cold_data;
mod connection;
mod consume;
mod consume_result;
mod consumer;
mod controller;
mod data_version;
mod for_each;
mod ha;
mod heartbeat;
mod known;
mod language;
mod lite;
mod lite_subscription;
mod lock;
mod offset;
mod pop;
mod properties_text;
mod query;
mod queue;
mod register_broker;
mod retry_policy;
mod route;
pub mod schema;
mod static_topic;
mod stats;
mod subscription;
mod subscription_group;
mod timer;
mod topic;
mod topic_config_text;

pub use self::assignment::{
    MessageQueueAssignment, MessageRequestMode, MessageRequestModeSerializeWrapper,
    QueryAssignmentRequestBody, QueryAssignmentResponseBody, SetMessageRequestModeRequestBody,
};
pub use self::auth::{AclInfo, ClusterAclVersionInfo, PolicyEntryInfo, PolicyInfo, UserInfo};
pub use self::bit_set::BitSet;
pub use self::cluster::{BrokerMemberGroup, ClusterInfo, GetBrokerMemberGroupResponseBody, KVTable};
pub use self::cold_data::{AccAndTimeStamp, ColdDataFlowCtrInfo};
pub use self::connection::{
    Connection, ConsumerConnection, GetConsumerListByGroupResponseBody, ProducerConnection, ProducerInfo,
    ProducerTableInfo,
};
pub use self::consume::{ConsumeFromWhere, ConsumeType, MessageModel};
pub use self::consume_result::{CMResult, ConsumeMessageDirectlyResult};
pub use self::consumer::{ConsumeStatus, ConsumerRunningInfo, PopProcessQueueInfo, ProcessQueueInfo};
pub use self::controller::{
    BrokerReplicasInfo, ElectMasterResponseBody, ReplicaIdentity, ReplicasInfo, SyncStateSet,
};
pub use self::data_version::DataVersion;
pub use self::ha::{
    BrokerSyncInfo, EpochEntry, EpochEntryCache, HAClientRuntimeInfo, HAConnectionRuntimeInfo, HARuntimeInfo,
};
pub use self::heartbeat::{CheckClientRequestBody, ConsumerData, HeartbeatData, ProducerData};
pub use self::lite::{
    ClientGroup, GetBrokerLiteInfoResponseBody, GetLiteClientInfoResponseBody, GetLiteGroupInfoResponseBody,
    GetLiteTopicInfoResponseBody, GetParentTopicInfoResponseBody, LiteLagInfo,
};
pub use self::lite_subscription::{
    LiteSubscriptionAction, LiteSubscriptionCtlRequestBody, LiteSubscriptionDTO, OffsetOption,
    OffsetOptionType,
};
pub use self::lock::{LockBatchRequestBody, LockBatchResponseBody, UnlockBatchRequestBody};
pub use self::offset::{
    ConsumerOffsetSerializeWrapper, DelayOffsetSerializeWrapper, GetConsumerStatusBody, OffsetMovedEvent,
    QueryCorrectionOffsetBody, ResetOffsetBody, ResetOffsetBodyForC, RollbackStats,
};
pub use self::pop::{BatchAck, BatchAckMessageRequestBody};
pub use self::properties_text::PropertiesText;
pub use self::query::{
    CheckRocksdbCqWriteResult, ConsumeByWho, ConsumeQueueData, QueryConsumeQueueResponseBody,
    QueryConsumeTimeSpanBody, QueueTimeSpan,
};
pub use self::queue::{MessageQueue, MessageQueueForC};
pub use self::register_broker::{RegisterBrokerBody, RegisterBrokerLimits};
pub use self::retry_policy::{
    CustomizedRetryPolicy, ExponentialRetryPolicy, GroupRetryPolicy, GroupRetryPolicyType,
};
pub use self::route::{BrokerData, QueueData, TopicRouteData};
pub use self::static_topic::{
    LogicQueueMappingItem, TopicConfigAndMappingSerializeWrapper, TopicConfigAndQueueMapping,
    TopicQueueMappingDetail, TopicQueueMappingInfo, TopicQueueMappingSerializeWrapper,
    TopicRemappingDetailWrapper,
};
pub use self::stats::{
    BrokerStatsData, BrokerStatsItem, ConsumeStats, ConsumeStatsList, OffsetWrapper, TopicOffset,
    TopicStatsTable,
};
pub use self::subscription::{QuerySubscriptionResponseBody, SimpleSubscriptionData, SubscriptionData};
pub use self::subscription_group::{
    DeleteSubscriptionGroupListRequestBody, GroupForbidden, GroupList, SubscriptionGroupConfig,
    SubscriptionGroupList, SubscriptionGroupWrapper,
};
pub use self::timer::{Metric, TimerCheckpoint, TimerMetricsSerializeWrapper};
pub use self::topic::{
    CreateTopicListRequestBody, DeleteTopicListRequestBody, TopicConfig, TopicConfigSerializeWrapper,
    TopicFilterType, TopicList,
};
pub use self::topic_config_text::TopicConfigTextError;
