//! Names and prefixes of producer and consumer groups.

use super::topic::has_legal_characters;

/// The group of producers that name none. Java: `MixAll.DEFAULT_PRODUCER_GROUP`.
pub const DEFAULT_PRODUCER_GROUP: &str = "DEFAULT_PRODUCER";
/// The group of consumers that name none. Java: `MixAll.DEFAULT_CONSUMER_GROUP`.
pub const DEFAULT_CONSUMER_GROUP: &str = "DEFAULT_CONSUMER";
/// The consumer group of the administration tools.
pub const TOOLS_CONSUMER_GROUP: &str = "TOOLS_CONSUMER";
/// The consumer group of delayed messages.
pub const SCHEDULE_CONSUMER_GROUP: &str = "SCHEDULE_CONSUMER";
/// The consumer group of filter servers, which exist no more.
pub const FILTERSRV_CONSUMER_GROUP: &str = "FILTERSRV_CONSUMER";
/// The consumer group of the monitor.
pub const MONITOR_CONSUMER_GROUP: &str = "__MONITOR_CONSUMER";
/// The producer group with which a client sends for itself.
pub const CLIENT_INNER_PRODUCER_GROUP: &str = "CLIENT_INNER_PRODUCER";
/// The producer group of a broker's self-test.
pub const SELF_TEST_PRODUCER_GROUP: &str = "SELF_TEST_P_GROUP";
/// The consumer group of a broker's self-test.
pub const SELF_TEST_CONSUMER_GROUP: &str = "SELF_TEST_C_GROUP";
/// A group of Alibaba Cloud's HTTP proxy.
pub const ONS_HTTP_PROXY_GROUP: &str = "CID_ONS-HTTP-PROXY";
/// A group of Alibaba Cloud's API.
pub const CID_ONSAPI_PERMISSION_GROUP: &str = "CID_ONSAPI_PERMISSION";
/// A group of Alibaba Cloud's API.
pub const CID_ONSAPI_OWNER_GROUP: &str = "CID_ONSAPI_OWNER";
/// A group of Alibaba Cloud's API.
pub const CID_ONSAPI_PULL_GROUP: &str = "CID_ONSAPI_PULL";
/// The prefix of the consumer groups of a broker. Java: `MixAll.CID_RMQ_SYS_PREFIX`.
pub const CID_RMQ_SYS_PREFIX: &str = "CID_RMQ_SYS_";
/// The consumer group of a broker that checks transactions. Java: `MixAll.CID_SYS_RMQ_TRANS`.
pub const CID_SYS_RMQ_TRANS: &str = "CID_RMQ_SYS_TRANS";

/// The length of the longest group name: retry topics are made of it. Since 5.5.0; older brokers have other limits.
pub const GROUP_MAX_LENGTH: usize = 120;

/// The groups that exist without being created: what `MixAll.isPredefinedGroup` of 5.5.1 knows.
pub const PREDEFINED_GROUPS: [&str; 14] = [
    DEFAULT_CONSUMER_GROUP,
    DEFAULT_PRODUCER_GROUP,
    TOOLS_CONSUMER_GROUP,
    SCHEDULE_CONSUMER_GROUP,
    FILTERSRV_CONSUMER_GROUP,
    MONITOR_CONSUMER_GROUP,
    CLIENT_INNER_PRODUCER_GROUP,
    SELF_TEST_PRODUCER_GROUP,
    SELF_TEST_CONSUMER_GROUP,
    ONS_HTTP_PROXY_GROUP,
    CID_ONSAPI_PERMISSION_GROUP,
    CID_ONSAPI_OWNER_GROUP,
    CID_ONSAPI_PULL_GROUP,
    CID_SYS_RMQ_TRANS,
];

/// Returns whether a consumer group belongs to a broker. Java: `MixAll.isSysConsumerGroup`.
#[must_use]
pub fn is_system_group(group: &str) -> bool {
    group.starts_with(CID_RMQ_SYS_PREFIX)
}

/// Returns whether a group exists without being created. Java: `MixAll.isPredefinedGroup`.
#[must_use]
pub fn is_predefined_group(group: &str) -> bool {
    PREDEFINED_GROUPS.contains(&group)
}

/// Returns whether a broker accepts a group of this name: it is not empty, has only
/// [legal characters](has_legal_characters), and is not too long. Java: `TopicValidator.validateGroup`.
#[must_use]
pub fn is_valid_group(group: &str) -> bool {
    !group.is_empty() && group.len() <= GROUP_MAX_LENGTH && has_legal_characters(group)
}
