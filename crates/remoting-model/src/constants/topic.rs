//! Names and prefixes of topics.
//!
//! A system topic belongs to the broker: clients do not create it, and it has no namespace.

use super::group::CID_RMQ_SYS_PREFIX;

/// The topic from whose settings a broker creates others. Java: `TopicValidator.AUTO_CREATE_TOPIC_KEY_TOPIC`.
pub const AUTO_CREATE_TOPIC_KEY_TOPIC: &str = "TBW102";
/// Delayed messages wait here, in a queue for each delay level.
pub const RMQ_SYS_SCHEDULE_TOPIC: &str = "SCHEDULE_TOPIC_XXXX";
/// The topic of Java's benchmark programs.
pub const RMQ_SYS_BENCHMARK_TOPIC: &str = "BenchmarkTest";
/// Transactional messages wait here for their commit.
pub const RMQ_SYS_TRANS_HALF_TOPIC: &str = "RMQ_SYS_TRANS_HALF_TOPIC";
/// As [`RMQ_SYS_TRANS_HALF_TOPIC`], for transactions in RocksDB. Since 5.5.0.
pub const RMQ_SYS_ROCKSDB_TRANS_HALF_TOPIC: &str = "RMQ_SYS_ROCKSDB_TRANS_HALF_TOPIC";
/// The traces of messages.
pub const RMQ_SYS_TRACE_TOPIC: &str = "RMQ_SYS_TRACE_TOPIC";
/// The ends of transactions.
pub const RMQ_SYS_TRANS_OP_HALF_TOPIC: &str = "RMQ_SYS_TRANS_OP_HALF_TOPIC";
/// As [`RMQ_SYS_TRANS_OP_HALF_TOPIC`], for transactions in RocksDB. Since 5.5.0.
pub const RMQ_SYS_ROCKSDB_TRANS_OP_HALF_TOPIC: &str = "RMQ_SYS_ROCKSDB_TRANS_OP_HALF_TOPIC";
/// Transactional messages that were checked too often.
pub const RMQ_SYS_TRANS_CHECK_MAX_TIME_TOPIC: &str = "TRANS_CHECK_MAX_TIME_TOPIC";
/// The topic of a broker's self-test.
pub const RMQ_SYS_SELF_TEST_TOPIC: &str = "SELF_TEST_TOPIC";
/// Events about offsets that had to move.
pub const RMQ_SYS_OFFSET_MOVED_EVENT: &str = "OFFSET_MOVED_EVENT";
/// Consumer offsets in RocksDB. Since 5.0.
pub const RMQ_SYS_ROCKSDB_OFFSET_TOPIC: &str = "CHECKPOINT_TOPIC";

/// The prefix of system topics. Java: `TopicValidator.SYSTEM_TOPIC_PREFIX`.
pub const SYSTEM_TOPIC_PREFIX: &str = "rmq_sys_";
/// With the name of a broker behind it, the topic whose route a slave queries to find the brokers of its name. Java:
/// `TopicValidator.SYNC_BROKER_MEMBER_GROUP_PREFIX`.
pub const SYNC_BROKER_MEMBER_GROUP_PREFIX: &str = "rmq_sys_SYNC_BROKER_MEMBER_";
/// With the name of a group behind it, the topic of messages that the group consumes again. Java:
/// `MixAll.RETRY_GROUP_TOPIC_PREFIX`.
pub const RETRY_GROUP_TOPIC_PREFIX: &str = "%RETRY%";
/// With the name of a group behind it, the topic of messages that the group could not consume. Java:
/// `MixAll.DLQ_GROUP_TOPIC_PREFIX`.
pub const DLQ_GROUP_TOPIC_PREFIX: &str = "%DLQ%";
/// The end of the topic of a cluster's replies. Java: `MixAll.REPLY_TOPIC_POSTFIX`.
pub const REPLY_TOPIC_POSTFIX: &str = "REPLY_TOPIC";
/// The prefix of the queue of a light message queue. Java: `MixAll.LMQ_PREFIX`.
pub const LMQ_PREFIX: &str = "%LMQ%";

/// The length of the longest topic that is neither a retry nor a dead letter topic.
pub const TOPIC_MAX_LENGTH: usize = 127;
/// The length of the longest retry or dead letter topic. Since 5.5.0; older brokers have other limits.
pub const RETRY_OR_DLQ_TOPIC_MAX_LENGTH: usize = 255;

/// The system topics that have names of their own: what `TopicValidator` of 5.5.1 lists.
pub const SYSTEM_TOPICS: [&str; 12] = [
    AUTO_CREATE_TOPIC_KEY_TOPIC,
    RMQ_SYS_SCHEDULE_TOPIC,
    RMQ_SYS_BENCHMARK_TOPIC,
    RMQ_SYS_TRANS_HALF_TOPIC,
    RMQ_SYS_TRACE_TOPIC,
    RMQ_SYS_TRANS_OP_HALF_TOPIC,
    RMQ_SYS_TRANS_CHECK_MAX_TIME_TOPIC,
    RMQ_SYS_SELF_TEST_TOPIC,
    RMQ_SYS_OFFSET_MOVED_EVENT,
    RMQ_SYS_ROCKSDB_OFFSET_TOPIC,
    RMQ_SYS_ROCKSDB_TRANS_HALF_TOPIC,
    RMQ_SYS_ROCKSDB_TRANS_OP_HALF_TOPIC,
];

/// The system topics to which clients cannot send.
pub const NOT_ALLOWED_SEND_TOPICS: [&str; 8] = [
    RMQ_SYS_SCHEDULE_TOPIC,
    RMQ_SYS_TRANS_HALF_TOPIC,
    RMQ_SYS_TRANS_OP_HALF_TOPIC,
    RMQ_SYS_TRANS_CHECK_MAX_TIME_TOPIC,
    RMQ_SYS_SELF_TEST_TOPIC,
    RMQ_SYS_OFFSET_MOVED_EVENT,
    RMQ_SYS_ROCKSDB_TRANS_HALF_TOPIC,
    RMQ_SYS_ROCKSDB_TRANS_OP_HALF_TOPIC,
];

/// Returns the retry topic of a group. Java: `MixAll.getRetryTopic`.
#[must_use]
pub fn retry_topic(group: &str) -> String {
    format!("{RETRY_GROUP_TOPIC_PREFIX}{group}")
}

/// Returns the dead letter topic of a group. Java: `MixAll.getDLQTopic`.
#[must_use]
pub fn dlq_topic(group: &str) -> String {
    format!("{DLQ_GROUP_TOPIC_PREFIX}{group}")
}

/// Returns the topic of a cluster's replies. Java: `MixAll.getReplyTopic`.
#[must_use]
pub fn reply_topic(cluster: &str) -> String {
    format!("{cluster}_{REPLY_TOPIC_POSTFIX}")
}

/// Returns whether this is a retry topic. Java: `NamespaceUtil.isRetryTopic`.
#[must_use]
pub fn is_retry_topic(topic: &str) -> bool {
    topic.starts_with(RETRY_GROUP_TOPIC_PREFIX)
}

/// Returns whether this is a dead letter topic. Java: `NamespaceUtil.isDLQTopic`.
#[must_use]
pub fn is_dlq_topic(topic: &str) -> bool {
    topic.starts_with(DLQ_GROUP_TOPIC_PREFIX)
}

/// Returns whether this is a system topic. Java: `TopicValidator.isSystemTopic`.
///
/// A broker adds the names of itself and of its cluster to its system topics; this function does not know them.
#[must_use]
pub fn is_system_topic(topic: &str) -> bool {
    topic.starts_with(SYSTEM_TOPIC_PREFIX) || SYSTEM_TOPICS.contains(&topic)
}

/// Returns whether clients cannot send to the topic. Java: `TopicValidator.isNotAllowedSendTopic`.
#[must_use]
pub fn is_not_allowed_send_topic(topic: &str) -> bool {
    NOT_ALLOWED_SEND_TOPICS.contains(&topic)
}

/// Returns whether a topic or group has only characters that brokers accept: letters and digits of ASCII, `%`, `|`,
/// `-` and `_`. Java: `TopicValidator.isTopicOrGroupIllegal` is the opposite.
#[must_use]
pub fn has_legal_characters(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'%' | b'|' | b'-' | b'_'))
}

/// Returns whether a broker accepts a topic of this name: it is not empty, has only
/// [legal characters](has_legal_characters), and is not too long. Java: `TopicValidator.validateTopic`.
#[must_use]
pub fn is_valid_topic(topic: &str) -> bool {
    let max = if is_retry_topic(topic) || is_dlq_topic(topic) {
        RETRY_OR_DLQ_TOPIC_MAX_LENGTH
    } else {
        TOPIC_MAX_LENGTH
    };
    !topic.is_empty() && topic.len() <= max && has_legal_characters(topic)
}

/// Returns whether a topic or group belongs to the broker, so that it has no namespace.
pub(super) fn is_system_resource(name: &str) -> bool {
    is_system_topic(name) || name.starts_with(CID_RMQ_SYS_PREFIX)
}
