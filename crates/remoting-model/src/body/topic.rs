//! The configuration of topics.

use std::collections::{BTreeMap, BTreeSet};

use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

use super::DataVersion;
use super::known::known_or_default;
use crate::constants::Perm;

/// The configuration of a topic on a broker. Java's `TopicConfig`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TopicConfig {
    /// The attributes, such as `message.type`. Since 5.
    pub attributes: BTreeMap<String, String>,
    /// Whether the topic is ordered.
    pub order: bool,
    /// The permissions, as in [`Perm`]. By default 6, reading and writing.
    pub perm: i32,
    /// The number of queues that consumers read. By default 16.
    pub read_queue_nums: i32,
    /// The number of tags that a message may have.
    #[serde(deserialize_with = "known_or_default")]
    pub topic_filter_type: TopicFilterType,
    /// The name of the topic.
    pub topic_name: String,
    /// The system flags.
    pub topic_sys_flag: i32,
    /// The number of queues that producers write to. By default 16.
    pub write_queue_nums: i32,
}

impl JsonBody for TopicConfig {}

impl Default for TopicConfig {
    fn default() -> Self {
        Self {
            attributes: BTreeMap::new(),
            order: false,
            perm: (Perm::READ | Perm::WRITE).0,
            read_queue_nums: 16,
            topic_filter_type: TopicFilterType::SingleTag,
            topic_name: String::new(),
            topic_sys_flag: 0,
            write_queue_nums: 16,
        }
    }
}

impl TopicConfig {
    /// Returns a configuration with this name and the defaults.
    pub fn new(topic_name: impl Into<String>) -> Self {
        Self { topic_name: topic_name.into(), ..Self::default() }
    }

    /// Returns whether consumers may read from the topic.
    #[must_use]
    pub const fn is_readable(&self) -> bool {
        Perm(self.perm).is_readable()
    }

    /// Returns whether producers may write to the topic.
    #[must_use]
    pub const fn is_writeable(&self) -> bool {
        Perm(self.perm).is_writeable()
    }
}

/// The number of tags that a message may have. Java's `TopicFilterType`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TopicFilterType {
    /// At most one tag.
    #[default]
    SingleTag,
    /// Any number of tags.
    MultiTag,
}

/// The topics of a broker. Java's `TopicConfigSerializeWrapper`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TopicConfigSerializeWrapper {
    /// The version of the table.
    pub data_version: DataVersion,
    /// The configuration of each topic, by its name.
    pub topic_config_table: BTreeMap<String, TopicConfig>,
}

impl JsonBody for TopicConfigSerializeWrapper {}

/// The names of topics. Java's `TopicList`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TopicList {
    /// The address of a broker, in the answer to a request for system topics.
    pub broker_addr: Option<String>,
    /// The names.
    pub topic_list: BTreeSet<String>,
}

impl JsonBody for TopicList {}

/// A list of topics to create. Java's `CreateTopicListRequestBody`. Since 5.3.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CreateTopicListRequestBody {
    /// The configurations.
    pub topic_config_list: Vec<TopicConfig>,
}

impl JsonBody for CreateTopicListRequestBody {}

/// A list of topics to delete. Java's `DeleteTopicListRequestBody`. Since 5.5.1.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeleteTopicListRequestBody {
    /// The names of the topics.
    pub topic_list: Vec<String>,
}

impl JsonBody for DeleteTopicListRequestBody {}
