//! The configuration of groups.

use std::collections::{BTreeMap, BTreeSet};

use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

use super::{DataVersion, GroupRetryPolicy, SimpleSubscriptionData};

/// The configuration of a group on a broker. Java's `SubscriptionGroupConfig`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SubscriptionGroupConfig {
    /// The attributes. Since 5.
    pub attributes: BTreeMap<String, String>,
    /// The id of the broker to consume from.
    pub broker_id: i64,
    /// Whether the group may consume by broadcast. By default true.
    pub consume_broadcast_enable: bool,
    /// Whether the group may consume. By default true.
    pub consume_enable: bool,
    /// Whether a new group may start at the beginning of a queue. By default true.
    pub consume_from_min_enable: bool,
    /// Whether POP keeps the order of messages. Since 5.
    pub consume_message_orderly: bool,
    /// The time in minutes after which consuming a message has failed, for push consumers. By default 15. Since 5.
    pub consume_timeout_minute: i32,
    /// The name of the group.
    pub group_name: String,
    /// When a message is consumed again. Since 5.
    pub group_retry_policy: GroupRetryPolicy,
    /// The system flags. Since 5.
    pub group_sys_flag: i32,
    /// Whether consumers are notified of others that come and go. By default true.
    pub notify_consumer_ids_changed_enable: bool,
    /// How often a message is consumed again before it goes to the dead-letter queue. By default 16.
    pub retry_max_times: i32,
    /// The number of queues of the retry topic. By default 1.
    pub retry_queue_nums: i32,
    /// The topics that the group may consume; if empty, all. Not written if empty. Since 5.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subscription_data_set: Vec<SimpleSubscriptionData>,
    /// The id of the broker to consume from when the group is far behind. By default 1.
    pub which_broker_when_consume_slowly: i64,
}

impl JsonBody for SubscriptionGroupConfig {}

impl Default for SubscriptionGroupConfig {
    fn default() -> Self {
        Self {
            attributes: BTreeMap::new(),
            broker_id: 0,
            consume_broadcast_enable: true,
            consume_enable: true,
            consume_from_min_enable: true,
            consume_message_orderly: false,
            consume_timeout_minute: 15,
            group_name: String::new(),
            group_retry_policy: GroupRetryPolicy::default(),
            group_sys_flag: 0,
            notify_consumer_ids_changed_enable: true,
            retry_max_times: 16,
            retry_queue_nums: 1,
            subscription_data_set: Vec::new(),
            which_broker_when_consume_slowly: 1,
        }
    }
}

/// The groups of a broker. Java's `SubscriptionGroupWrapper`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SubscriptionGroupWrapper {
    /// The version of the table.
    pub data_version: DataVersion,
    /// What is forbidden to each group on each topic, as bits. Since 5.4.
    pub forbidden_table: BTreeMap<String, BTreeMap<String, i32>>,
    /// The configuration of each group, by its name.
    pub subscription_group_table: BTreeMap<String, SubscriptionGroupConfig>,
}

impl JsonBody for SubscriptionGroupWrapper {}

/// A list of groups to create. Java's `SubscriptionGroupList`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SubscriptionGroupList {
    /// The configurations.
    pub group_config_list: Vec<SubscriptionGroupConfig>,
}

impl JsonBody for SubscriptionGroupList {}

/// A list of groups to delete. Java's `DeleteSubscriptionGroupListRequestBody`. Since 5.5.1.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeleteSubscriptionGroupListRequestBody {
    /// Whether to delete their offsets too.
    pub clean_offset: bool,
    /// The names of the groups.
    pub group_name_list: Vec<String>,
}

impl JsonBody for DeleteSubscriptionGroupListRequestBody {}

/// What is forbidden to a group. Java's `GroupForbidden`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GroupForbidden {
    /// The name of the group.
    pub group: String,
    /// Whether the group may read from the topic.
    pub readable: Option<bool>,
    /// The name of the topic.
    pub topic: String,
}

impl JsonBody for GroupForbidden {}

/// The names of groups. Java's `GroupList`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GroupList {
    /// The names.
    pub group_list: BTreeSet<String>,
}

impl JsonBody for GroupList {}
