//! Bodies that are JSON documents, under the names of Java's classes.
//!
//! Each struct has the fields of all releases; "since 5" is said of what 4.9 lacks. [`from_json`](remoting_protocol::body::from_json) sets absent fields to the
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

mod assignment;
mod auth;
mod bit_set;
mod cluster;
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
mod topic;
mod topic_config_text;

pub use self::assignment::{
    MessageQueueAssignment, MessageRequestMode, MessageRequestModeSerializeWrapper,
    QueryAssignmentRequestBody, QueryAssignmentResponseBody, SetMessageRequestModeRequestBody,
};
pub use self::auth::{AclInfo, ClusterAclVersionInfo, PolicyEntryInfo, PolicyInfo, UserInfo};
pub use self::bit_set::BitSet;
pub use self::cluster::{BrokerMemberGroup, ClusterInfo, GetBrokerMemberGroupResponseBody, KVTable};
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
    ConsumerOffsetSerializeWrapper, GetConsumerStatusBody, OffsetMovedEvent, QueryCorrectionOffsetBody,
    ResetOffsetBody, ResetOffsetBodyForC, RollbackStats,
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
pub use self::topic::{
    CreateTopicListRequestBody, DeleteTopicListRequestBody, TopicConfig, TopicConfigSerializeWrapper,
    TopicFilterType, TopicList,
};
pub use self::topic_config_text::TopicConfigTextError;
