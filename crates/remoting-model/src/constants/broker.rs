//! Ids and names of brokers, and what a name server keeps for them.

/// The broker id of a master. Java: `MixAll.MASTER_ID`.
pub const MASTER_ID: i64 = 0;

/// The lowest broker id of a slave. Java: `MixAll.FIRST_SLAVE_ID`.
pub const FIRST_SLAVE_ID: i64 = 1;

/// The prefix of the name that stands for a broker in the queues of a static topic. Java:
/// `MixAll.LOGICAL_QUEUE_MOCK_BROKER_PREFIX`.
pub const LOGICAL_QUEUE_MOCK_BROKER_PREFIX: &str = "__syslo__";

/// The namespace of a name server's KV store whose keys are ordered topics. A value lists brokers and their numbers of
/// queues, such as `broker-a:8;broker-b:8`. Java: `NamesrvUtil.NAMESPACE_ORDER_TOPIC_CONFIG`.
pub const NAMESPACE_ORDER_TOPIC_CONFIG: &str = "ORDER_TOPIC_CONFIG";
