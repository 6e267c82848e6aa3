//! Constants, and functions of names, against those of Java's classes.

#![allow(clippy::expect_used, reason = "a test that cannot go on may panic")]

use std::collections::BTreeSet;
use std::fs;

use remoting_model::constants::{
    self, Perm, PullSysFlag, SubscriptionSysFlag, TopicSysFlag, group, namespace, pop, topic,
};

const RELEASES: [&str; 4] = ["4.9.8", "5.3.3", "5.5.0", "5.5.1"];

fn lines(release: &str) -> Vec<String> {
    let path = format!("{}/tests/java/{release}/names.txt", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    text.lines().map(str::to_owned).collect()
}

/// Our value of a constant of Java's. `None`: there is none.
fn constant(name: &str) -> Option<String> {
    Some(match name {
        "MixAll.MASTER_ID" => constants::MASTER_ID.to_string(),
        "MixAll.FIRST_SLAVE_ID" => constants::FIRST_SLAVE_ID.to_string(),
        "MixAll.LOGICAL_QUEUE_MOCK_BROKER_PREFIX" => constants::LOGICAL_QUEUE_MOCK_BROKER_PREFIX.to_owned(),
        "MixAll.RETRY_GROUP_TOPIC_PREFIX" => topic::RETRY_GROUP_TOPIC_PREFIX.to_owned(),
        "MixAll.DLQ_GROUP_TOPIC_PREFIX" => topic::DLQ_GROUP_TOPIC_PREFIX.to_owned(),
        "MixAll.REPLY_TOPIC_POSTFIX" => topic::REPLY_TOPIC_POSTFIX.to_owned(),
        "MixAll.LMQ_PREFIX" => topic::LMQ_PREFIX.to_owned(),
        "MixAll.DEFAULT_PRODUCER_GROUP" => group::DEFAULT_PRODUCER_GROUP.to_owned(),
        "MixAll.DEFAULT_CONSUMER_GROUP" => group::DEFAULT_CONSUMER_GROUP.to_owned(),
        "MixAll.TOOLS_CONSUMER_GROUP" => group::TOOLS_CONSUMER_GROUP.to_owned(),
        "MixAll.SCHEDULE_CONSUMER_GROUP" => group::SCHEDULE_CONSUMER_GROUP.to_owned(),
        "MixAll.FILTERSRV_CONSUMER_GROUP" => group::FILTERSRV_CONSUMER_GROUP.to_owned(),
        "MixAll.MONITOR_CONSUMER_GROUP" => group::MONITOR_CONSUMER_GROUP.to_owned(),
        "MixAll.CLIENT_INNER_PRODUCER_GROUP" => group::CLIENT_INNER_PRODUCER_GROUP.to_owned(),
        "MixAll.SELF_TEST_PRODUCER_GROUP" => group::SELF_TEST_PRODUCER_GROUP.to_owned(),
        "MixAll.SELF_TEST_CONSUMER_GROUP" => group::SELF_TEST_CONSUMER_GROUP.to_owned(),
        "MixAll.ONS_HTTP_PROXY_GROUP" => group::ONS_HTTP_PROXY_GROUP.to_owned(),
        "MixAll.CID_ONSAPI_PERMISSION_GROUP" => group::CID_ONSAPI_PERMISSION_GROUP.to_owned(),
        "MixAll.CID_ONSAPI_OWNER_GROUP" => group::CID_ONSAPI_OWNER_GROUP.to_owned(),
        "MixAll.CID_ONSAPI_PULL_GROUP" => group::CID_ONSAPI_PULL_GROUP.to_owned(),
        "MixAll.CID_RMQ_SYS_PREFIX" => group::CID_RMQ_SYS_PREFIX.to_owned(),
        "MixAll.CID_SYS_RMQ_TRANS" => group::CID_SYS_RMQ_TRANS.to_owned(),
        "MixAll.ZONE_NAME" => constants::ZONE_NAME.to_owned(),
        "MixAll.ZONE_MODE" => constants::ZONE_MODE.to_owned(),
        "NamesrvUtil.NAMESPACE_ORDER_TOPIC_CONFIG" => constants::NAMESPACE_ORDER_TOPIC_CONFIG.to_owned(),
        "TopicValidator.AUTO_CREATE_TOPIC_KEY_TOPIC" => topic::AUTO_CREATE_TOPIC_KEY_TOPIC.to_owned(),
        "TopicValidator.RMQ_SYS_SCHEDULE_TOPIC" => topic::RMQ_SYS_SCHEDULE_TOPIC.to_owned(),
        "TopicValidator.RMQ_SYS_BENCHMARK_TOPIC" => topic::RMQ_SYS_BENCHMARK_TOPIC.to_owned(),
        "TopicValidator.RMQ_SYS_TRANS_HALF_TOPIC" => topic::RMQ_SYS_TRANS_HALF_TOPIC.to_owned(),
        "TopicValidator.RMQ_SYS_ROCKSDB_TRANS_HALF_TOPIC" => {
            topic::RMQ_SYS_ROCKSDB_TRANS_HALF_TOPIC.to_owned()
        }
        "TopicValidator.RMQ_SYS_TRACE_TOPIC" => topic::RMQ_SYS_TRACE_TOPIC.to_owned(),
        "TopicValidator.RMQ_SYS_TRANS_OP_HALF_TOPIC" => topic::RMQ_SYS_TRANS_OP_HALF_TOPIC.to_owned(),
        "TopicValidator.RMQ_SYS_ROCKSDB_TRANS_OP_HALF_TOPIC" => {
            topic::RMQ_SYS_ROCKSDB_TRANS_OP_HALF_TOPIC.to_owned()
        }
        "TopicValidator.RMQ_SYS_TRANS_CHECK_MAX_TIME_TOPIC" => {
            topic::RMQ_SYS_TRANS_CHECK_MAX_TIME_TOPIC.to_owned()
        }
        "TopicValidator.RMQ_SYS_SELF_TEST_TOPIC" => topic::RMQ_SYS_SELF_TEST_TOPIC.to_owned(),
        "TopicValidator.RMQ_SYS_OFFSET_MOVED_EVENT" => topic::RMQ_SYS_OFFSET_MOVED_EVENT.to_owned(),
        "TopicValidator.RMQ_SYS_ROCKSDB_OFFSET_TOPIC" => topic::RMQ_SYS_ROCKSDB_OFFSET_TOPIC.to_owned(),
        "TopicValidator.SYSTEM_TOPIC_PREFIX" => topic::SYSTEM_TOPIC_PREFIX.to_owned(),
        "TopicValidator.SYNC_BROKER_MEMBER_GROUP_PREFIX" => topic::SYNC_BROKER_MEMBER_GROUP_PREFIX.to_owned(),
        "TopicValidator.TOPIC_MAX_LENGTH" => topic::TOPIC_MAX_LENGTH.to_string(),
        "TopicValidator.GROUP_MAX_LENGTH" => group::GROUP_MAX_LENGTH.to_string(),
        "TopicValidator.RETRY_OR_DLQ_TOPIC_MAX_LENGTH" => topic::RETRY_OR_DLQ_TOPIC_MAX_LENGTH.to_string(),
        "TopicValidator.systemTopics" => sorted(&topic::SYSTEM_TOPICS),
        "TopicValidator.notAllowedSendTopics" => sorted(&topic::NOT_ALLOWED_SEND_TOPICS),
        "PermName.PERM_PRIORITY" => Perm::PRIORITY.0.to_string(),
        "PermName.PERM_READ" => Perm::READ.0.to_string(),
        "PermName.PERM_WRITE" => Perm::WRITE.0.to_string(),
        "PermName.PERM_INHERIT" => Perm::INHERIT.0.to_string(),
        "TopicSysFlag.FLAG_UNIT" => TopicSysFlag::UNIT.0.to_string(),
        "TopicSysFlag.FLAG_UNIT_SUB" => TopicSysFlag::UNIT_SUB.0.to_string(),
        "SubscriptionSysFlag.FLAG_UNIT" => SubscriptionSysFlag::UNIT.0.to_string(),
        "PullSysFlag.FLAG_COMMIT_OFFSET" => PullSysFlag::COMMIT_OFFSET.0.to_string(),
        "PullSysFlag.FLAG_SUSPEND" => PullSysFlag::SUSPEND.0.to_string(),
        "PullSysFlag.FLAG_SUBSCRIPTION" => PullSysFlag::SUBSCRIPTION.0.to_string(),
        "PullSysFlag.FLAG_CLASS_FILTER" => PullSysFlag::CLASS_FILTER.0.to_string(),
        "PullSysFlag.FLAG_LITE_PULL_MESSAGE" => PullSysFlag::LITE_PULL_MESSAGE.0.to_string(),
        "KeyBuilder.POP_ORDER_REVIVE_QUEUE" => pop::POP_ORDER_REVIVE_QUEUE.to_string(),
        "PopAckConstants.REVIVE_TOPIC" => pop::REVIVE_TOPIC.to_owned(),
        _ => return None,
    })
}

/// As Java prints a sorted set.
fn sorted(names: &[&str]) -> String {
    let names: Vec<_> = BTreeSet::from_iter(names).into_iter().copied().collect();
    format!("[{}]", names.join(", "))
}

/// What our function of the same name makes of the arguments.
fn call(method: &str, arguments: &[&str]) -> String {
    let name = arguments[0];
    let perm = || Perm(name.parse().expect("a number"));
    match method {
        "PermName.perm2String" => perm().to_string(),
        "PermName.isReadable" => perm().is_readable().to_string(),
        "PermName.isWriteable" => perm().is_writeable().to_string(),
        "PermName.isInherited" => perm().is_inherited().to_string(),
        "PermName.isValid" => perm().is_valid().to_string(),
        "PermName.isAccessible" => perm().is_accessible().to_string(),
        "MixAll.getRetryTopic" => topic::retry_topic(name),
        "MixAll.getDLQTopic" => topic::dlq_topic(name),
        "MixAll.getReplyTopic" => topic::reply_topic(name),
        "MixAll.isSysConsumerGroup" => group::is_system_group(name).to_string(),
        "MixAll.isPredefinedGroup" => group::is_predefined_group(name).to_string(),
        "TopicValidator.isSystemTopic" => topic::is_system_topic(name).to_string(),
        "TopicValidator.isNotAllowedSendTopic" => topic::is_not_allowed_send_topic(name).to_string(),
        "TopicValidator.isTopicOrGroupIllegal" => (!topic::has_legal_characters(name)).to_string(),
        "TopicValidator.validateTopic" => topic::is_valid_topic(name).to_string(),
        "TopicValidator.validateGroup" => group::is_valid_group(name).to_string(),
        "NamespaceUtil.withoutNamespace" => namespace::without_namespace(name).into_owned(),
        "NamespaceUtil.getNamespaceFromResource" => namespace::namespace_of(name).to_owned(),
        "NamespaceUtil.isRetryTopic" => topic::is_retry_topic(name).to_string(),
        "NamespaceUtil.isDLQTopic" => topic::is_dlq_topic(name).to_string(),
        "NamespaceUtil.wrapNamespace" => namespace::wrap_namespace(name, arguments[1]).into_owned(),
        "NamespaceUtil.isAlreadyWithNamespace" => namespace::has_namespace(name, arguments[1]).to_string(),
        "KeyBuilder.buildPopRetryTopicV1" => pop::pop_retry_topic_v1(name, arguments[1]),
        "KeyBuilder.buildPopRetryTopicV2" => pop::pop_retry_topic_v2(name, arguments[1]),
        "KeyBuilder.isPopRetryTopicV2" => pop::is_pop_retry_topic_v2(name).to_string(),
        "KeyBuilder.parseNormalTopic" => pop::normal_topic(name, arguments[1]).unwrap_or_default().to_owned(),
        other => panic!("{other} was recorded, and has no counterpart"),
    }
}

/// Constants of Java that have no counterpart: bit numbers, and keys that are fields of `HeartbeatResponseHeader`.
fn has_no_counterpart(name: &str) -> bool {
    name.starts_with("PermName.INDEX_") || name.starts_with("MixAll.IS_SU")
}

/// The sets of older releases are smaller.
fn is_a_set(name: &str) -> bool {
    name == "TopicValidator.systemTopics" || name == "TopicValidator.notAllowedSendTopics"
}

#[test]
fn each_constant_has_the_value_of_java() {
    for release in RELEASES {
        let mut compared = 0;
        for line in lines(release) {
            let Some(line) = line.strip_prefix("constant ") else { continue };
            let (name, value) = line.split_once(' ').expect("a name and a value");
            match constant(name) {
                None => assert!(has_no_counterpart(name), "{release}: {name} has no counterpart"),
                Some(ours) if is_a_set(name) && release != "5.5.1" => {
                    let of = |set: &str| -> BTreeSet<String> {
                        set.trim_matches(['[', ']']).split(", ").map(str::to_owned).collect()
                    };
                    assert!(of(value).is_subset(&of(&ours)), "{release}: {name} is {value}");
                }
                Some(ours) => assert_eq!(ours, value, "{release}: {name}"),
            }
            compared += 1;
        }
        assert!(compared > 45, "only {compared} constants of {release} were compared");
    }
}

#[test]
fn functions_of_names_return_what_java_returns() {
    for release in ["5.3.3", "5.5.0", "5.5.1"] {
        let mut compared = 0;
        for line in lines(release) {
            let Some(line) = line.strip_prefix("call ") else { continue };
            let (call_text, value) = line.rsplit_once(") ").expect("a call and a value");
            let (method, arguments) = call_text.split_once('(').expect("a method and its arguments");
            let arguments: Vec<_> = arguments.split(',').collect();
            if method.starts_with("TopicValidator.validate") && release == "5.3.3" {
                continue; // it has other lengths
            }
            assert_eq!(call(method, &arguments), value, "{release}: {call_text})");
            compared += 1;
        }
        assert!(compared > 400, "only {compared} calls of {release} were compared");
    }
}
