//! Topics of POP consumption. Java: `KeyBuilder` and `PopAckConstants`.

use super::topic::RETRY_GROUP_TOPIC_PREFIX;

/// With the name of a cluster behind it, the topic in which a broker keeps what is popped and acknowledged. Java:
/// `PopAckConstants.REVIVE_TOPIC`.
pub const REVIVE_TOPIC: &str = "rmq_sys_REVIVE_LOG_";

/// The revive queue of messages that are popped in order: such messages are not in the revive topic. Java:
/// `KeyBuilder.POP_ORDER_REVIVE_QUEUE`.
pub const POP_ORDER_REVIVE_QUEUE: i32 = 999;

/// Returns the retry topic of a topic that a group pops, in the first form. Java: `KeyBuilder.buildPopRetryTopicV1`.
///
/// The form is ambiguous, because topics and groups may contain `_`.
#[must_use]
pub fn pop_retry_topic_v1(topic: &str, group: &str) -> String {
    format!("{RETRY_GROUP_TOPIC_PREFIX}{group}_{topic}")
}

/// Returns the retry topic of a topic that a group pops, in the second form, which brokers of 5.x use if
/// `enableRetryTopicV2` is set. Java: `KeyBuilder.buildPopRetryTopicV2`.
#[must_use]
pub fn pop_retry_topic_v2(topic: &str, group: &str) -> String {
    format!("{RETRY_GROUP_TOPIC_PREFIX}{group}+{topic}")
}

/// Returns whether this is a retry topic in the second form. Java: `KeyBuilder.isPopRetryTopicV2`.
#[must_use]
pub fn is_pop_retry_topic_v2(topic: &str) -> bool {
    topic.starts_with(RETRY_GROUP_TOPIC_PREFIX) && topic.contains('+')
}

/// Returns the topic to which a retry topic of `group` belongs, or `None` if `topic` is no such retry topic. Java:
/// `KeyBuilder.parseNormalTopic`.
#[must_use]
pub fn normal_topic<'a>(topic: &'a str, group: &str) -> Option<&'a str> {
    topic.strip_prefix(RETRY_GROUP_TOPIC_PREFIX)?.strip_prefix(group)?.strip_prefix(['+', '_'])
}
