//! The route of a topic.

use std::collections::BTreeMap;

use remoting_protocol::operation::JsonBody;
use serde::{Deserialize, Serialize};

use super::TopicQueueMappingInfo;
use crate::constants::{MASTER_ID, Perm};

/// The brokers and queues of a topic. Java's `TopicRouteData`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TopicRouteData {
    /// The brokers that have the topic.
    pub broker_datas: Vec<BrokerData>,
    /// The filter servers by the address of their broker. Brokers have none since 5.
    pub filter_server_table: BTreeMap<String, Vec<String>>,
    /// The order of the queues of an ordered topic, such as `broker-a:8;broker-b:8`.
    pub order_topic_conf: Option<String>,
    /// The queues of the topic on each broker.
    pub queue_datas: Vec<QueueData>,
    /// The mapping of a static topic, by broker name. Since 5; not written if empty.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub topic_queue_mapping_by_broker: BTreeMap<String, TopicQueueMappingInfo>,
}

impl JsonBody for TopicRouteData {}

impl TopicRouteData {
    /// Returns the addresses of the broker with this name.
    #[must_use]
    pub fn broker_data(&self, broker_name: &str) -> Option<&BrokerData> {
        self.broker_datas.iter().find(|broker| broker.broker_name == broker_name)
    }

    /// Returns the queues on the broker with this name.
    #[must_use]
    pub fn queue_data(&self, broker_name: &str) -> Option<&QueueData> {
        self.queue_datas.iter().find(|queues| queues.broker_name == broker_name)
    }
}

/// The addresses of a master and its slaves. Java's `BrokerData`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BrokerData {
    /// The addresses by broker id. The master has the id [`MASTER_ID`].
    pub broker_addrs: BTreeMap<i64, String>,
    /// The name that the master and its slaves share.
    pub broker_name: String,
    /// The name of the cluster.
    pub cluster: String,
    /// Whether a slave may act as the master. Since 5.
    pub enable_acting_master: bool,
    /// The zone of the brokers. Since 5.
    pub zone_name: Option<String>,
}

impl BrokerData {
    /// Returns the address of the master.
    #[must_use]
    pub fn master_addr(&self) -> Option<&str> {
        self.broker_addrs.get(&MASTER_ID).map(String::as_str)
    }
}

/// The queues of a topic on a broker. Java's `QueueData`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct QueueData {
    /// The name of the broker.
    pub broker_name: String,
    /// The permissions, as in [`Perm`].
    pub perm: i32,
    /// The number of queues that consumers read.
    pub read_queue_nums: i32,
    /// The system flags of the topic.
    pub topic_sys_flag: i32,
    /// The number of queues that producers write to.
    pub write_queue_nums: i32,
}

impl QueueData {
    /// Returns whether consumers may read from the queues.
    #[must_use]
    pub const fn is_readable(&self) -> bool {
        Perm(self.perm).is_readable()
    }

    /// Returns whether producers may write to the queues.
    #[must_use]
    pub const fn is_writeable(&self) -> bool {
        Perm(self.perm).is_writeable()
    }
}
