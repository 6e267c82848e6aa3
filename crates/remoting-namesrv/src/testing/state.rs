use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::Duration;

use parking_lot::Mutex;
use remoting::model::body::{
    DataVersion, RegisterBrokerBody, TopicConfig, TopicConfigAndMappingSerializeWrapper,
};
use remoting::model::constants::topic::RMQ_SYS_SELF_TEST_TOPIC;
use remoting::model::header::RegisterBrokerRequestHeader;
use remoting::model::operation::RegisterBroker;
use remoting::{Address, RemotingClient, RpcError};
use tokio::sync::Notify;

use super::groups::Groups;
use super::store::Store;

/// The state of the handlers.
#[derive(Debug)]
pub(super) struct BrokerState {
    pub(super) name: String,
    pub(super) cluster: String,
    pub(super) store: Mutex<Store>,
    pub(super) groups: Mutex<Groups>,
    /// Wakes pulls that wait for a message.
    pub(super) stored: Notify,
    pub(super) client: RemotingClient,
    pub(super) addr: OnceLock<Address>,
}

impl BrokerState {
    /// Registers with all name servers. A real broker does so every 30 s; here the open channel is enough.
    pub(super) async fn register(&self) -> Result<(), RpcError> {
        for name_server in self.client.name_servers() {
            let registration = RegisterBroker { header: self.header(), body: self.body() };
            self.client.call(name_server, registration, Duration::from_secs(3)).await?;
        }
        Ok(())
    }

    fn header(&self) -> RegisterBrokerRequestHeader {
        let addr = self.addr.get().map(Address::to_string).unwrap_or_default();
        RegisterBrokerRequestHeader {
            broker_name: self.name.clone(),
            ha_server_addr: addr.clone(),
            broker_addr: addr,
            cluster_name: self.cluster.clone(),
            // Without heartbeats, the broker must not expire.
            heartbeat_timeout_millis: Some(i64::MAX),
            ..Default::default()
        }
    }

    fn body(&self) -> RegisterBrokerBody {
        let store = self.store.lock();
        let config = |topic: &str, queues| TopicConfig {
            read_queue_nums: queues,
            write_queue_nums: queues,
            ..TopicConfig::new(topic)
        };
        let topics = store.topics.iter().map(|(topic, queues)| config(topic, *queues));
        // Of its own, as real brokers have: a broker with one topic alone is refused.
        let own = [config(RMQ_SYS_SELF_TEST_TOPIC, 1), config(&self.name, 1)];
        let table: BTreeMap<_, _> =
            topics.chain(own).map(|config| (config.topic_name.clone(), config)).collect();
        let counter = table.values().map(|config| i64::from(config.write_queue_nums) + 1).sum();
        RegisterBrokerBody {
            topic_config_serialize_wrapper: TopicConfigAndMappingSerializeWrapper {
                data_version: DataVersion { counter, ..Default::default() },
                topic_config_table: table,
                ..Default::default()
            },
            ..Default::default()
        }
    }
}
