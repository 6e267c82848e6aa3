use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use remoting::model::body::{
    DataVersion, RegisterBrokerBody, TopicConfig, TopicConfigAndMappingSerializeWrapper,
};
use remoting::model::constants::topic::RMQ_SYS_SELF_TEST_TOPIC;
use remoting::model::header::RegisterBrokerRequestHeader;
use remoting::model::message::MessageExt;
use remoting::model::operation::RegisterBroker;
use remoting::{Address, RemotingClient, RemotingServer, RpcError};
use tokio::sync::Notify;

use super::builder::BrokerDoubleBuilder;
use super::groups::Groups;
use super::store::Store;

/// **A double for tests**: a broker that keeps its messages in memory.
///
/// It registers its topics with name servers, and answers what a client needs to send and consume:
///
/// | codes | what it does |
/// |---|---|
/// | 10, 310, 320 | stores a message or a batch |
/// | 11 | returns messages; waits for one if the client asks for that |
/// | 14, 15, 29, 30, 31 | offsets of groups, and of queues |
/// | 34, 35, 38 | heartbeats, and the clients of a consumer group |
///
/// Other codes are answered with `REQUEST_CODE_NOT_SUPPORTED`. It has no disk, no slave, no delay levels, no transactions, no
/// POP, no filters (clients filter by tag themselves) and no permissions. It is bounded by
/// [`max_messages`](BrokerDoubleBuilder::max_messages), and deletes nothing.
///
/// Dropping it closes its connections, and the name servers forget it.
#[derive(Debug)]
pub struct BrokerDouble {
    state: Arc<BrokerState>,
    server: RemotingServer,
    client: RemotingClient,
}

#[derive(Debug)]
pub(super) struct BrokerState {
    pub(super) name: String,
    pub(super) cluster: String,
    pub(super) store: Mutex<Store>,
    pub(super) groups: Mutex<Groups>,
    /// Wakes pulls that wait for a message.
    pub(super) stored: Notify,
    pub(super) client: RemotingClient,
    pub(super) addr: std::sync::OnceLock<Address>,
}

impl BrokerDouble {
    /// Returns a builder of a broker with this name.
    pub fn builder(name: impl Into<String>) -> BrokerDoubleBuilder {
        BrokerDoubleBuilder::new(name.into())
    }

    pub(super) const fn new(state: Arc<BrokerState>, server: RemotingServer, client: RemotingClient) -> Self {
        Self { state, server, client }
    }

    /// Returns the address at which clients reach the broker.
    #[must_use]
    pub fn local_addr(&self) -> &Address {
        self.server.local_addr()
    }

    /// Returns the stored messages of a topic, queue by queue.
    #[must_use]
    pub fn messages(&self, topic: &str) -> Vec<MessageExt> {
        self.state.store.lock().messages(topic)
    }

    /// Returns the offset that a group has committed for a queue.
    #[must_use]
    pub fn committed_offset(&self, group: &str, topic: &str, queue_id: i32) -> Option<i64> {
        self.state.store.lock().offset(group, &(topic.to_owned(), queue_id))
    }

    /// Adds a topic with this number of queues, or changes it, and registers it with the name servers.
    ///
    /// # Errors
    ///
    /// Returns the error of the first name server that cannot be reached or refuses the registration.
    pub async fn set_topic(&self, topic: impl Into<String>, queues: i32) -> Result<(), RpcError> {
        self.state.store.lock().topics.insert(topic.into(), queues);
        self.state.register().await
    }

    /// Ends the broker. Its name servers forget it.
    pub async fn shutdown(&self) {
        self.client.shutdown().await;
        self.server.shutdown().await;
    }
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
        let table: std::collections::BTreeMap<_, _> =
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
