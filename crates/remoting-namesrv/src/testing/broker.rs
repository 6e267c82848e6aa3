use std::sync::Arc;

use remoting::model::message::MessageExt;
use remoting::{Address, RemotingClient, RemotingServer, RpcError};

use super::builder::BrokerDoubleBuilder;
use super::state::BrokerState;

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
