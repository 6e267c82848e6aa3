use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use remoting::{
    Address, AddressError, ChannelEvent, ChannelEventKind, ConfigError, Network, RemotingClient,
    RemotingServer, RpcError, ServerError,
};
use tokio::sync::Notify;

use super::broker::BrokerDouble;
use super::groups::Groups;
use super::handlers::handlers;
use super::state::BrokerState;
use super::store::Store;

/// Configures and starts a [`BrokerDouble`].
#[must_use = "a builder does nothing until start() is called"]
pub struct BrokerDoubleBuilder {
    name: String,
    cluster: String,
    bind: Option<Result<Address, ServerError>>,
    name_servers: String,
    network: Option<Arc<dyn Network>>,
    topics: BTreeMap<String, i32>,
    max_messages: usize,
}

/// The error of starting a broker double.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BrokerDoubleError {
    /// It cannot listen.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// Its client cannot start.
    #[error("the client of the broker double cannot start")]
    Client(#[from] ConfigError),
    /// The list of name servers is wrong.
    #[error("the list of name servers of the broker double is wrong")]
    NameServers(#[from] AddressError),
    /// A name server cannot be reached, or refuses the registration.
    #[error("the broker double cannot register with a name server")]
    Register(#[from] RpcError),
}

impl BrokerDoubleBuilder {
    pub(super) fn new(name: String) -> Self {
        Self {
            name,
            cluster: "DefaultCluster".to_owned(),
            bind: None,
            name_servers: String::new(),
            network: None,
            topics: BTreeMap::new(),
            max_messages: 100_000,
        }
    }

    /// Sets the address at which clients reach the broker. Default: `127.0.0.1:0`.
    pub fn bind<A>(mut self, address: A) -> Self
    where
        A: TryInto<Address, Error: std::error::Error + Send + Sync + 'static>,
    {
        let address = address.try_into().map_err(|error| ServerError::Address { cause: Arc::new(error) });
        self.bind = Some(address);
        self
    }

    /// Sets the name servers with which the broker registers, as `a:9876;b:9876`. Default: none.
    pub fn name_servers(mut self, list: impl Into<String>) -> Self {
        self.name_servers = list.into();
        self
    }

    /// Sets the network of all connections. Default: the system's.
    pub fn network(mut self, network: impl Network) -> Self {
        self.network = Some(Arc::new(network));
        self
    }

    /// Sets the name of the cluster. Default: `DefaultCluster`.
    pub fn cluster(mut self, cluster: impl Into<String>) -> Self {
        self.cluster = cluster.into();
        self
    }

    /// Adds a topic with this number of queues. Topics are not created by sending to them.
    pub fn topic(mut self, topic: impl Into<String>, queues: i32) -> Self {
        self.topics.insert(topic.into(), queues);
        self
    }

    /// Sets how many messages are stored. Further ones are refused. Default: 100 000.
    pub fn max_messages(mut self, messages: usize) -> Self {
        self.max_messages = messages;
        self
    }

    /// Starts the broker, and registers it with its name servers.
    ///
    /// # Errors
    ///
    /// Returns a [`BrokerDoubleError`] if it cannot listen or register.
    ///
    /// # Cancellation
    ///
    /// Dropping the future closes everything.
    ///
    /// # Panics
    ///
    /// Panics outside a tokio runtime with I/O and time enabled.
    pub async fn start(self) -> Result<BrokerDouble, BrokerDoubleError> {
        let (mut client, mut server) = (RemotingClient::builder(), RemotingServer::builder());
        if let Some(network) = self.network {
            client = client.network(Arc::clone(&network));
            server = server.network(network);
        }
        let client = client.build()?;
        if !self.name_servers.is_empty() {
            client.set_name_servers(self.name_servers.as_str())?;
        }
        let state = Arc::new(BrokerState {
            name: self.name,
            cluster: self.cluster,
            store: Mutex::new(Store::new(self.topics, self.max_messages)),
            groups: Mutex::new(Groups::default()),
            stored: Notify::new(),
            client: client.clone(),
            addr: OnceLock::new(),
        });
        let closed = Arc::clone(&state);
        let server = match self.bind {
            Some(address) => server.bind(address?),
            None => server.bind("127.0.0.1:0"),
        }
        .processors(handlers(&state))
        .on_event(move |event: ChannelEvent| {
            if matches!(event.kind, ChannelEventKind::Close(_)) {
                closed.groups.lock().disconnected(event.channel.id());
            }
        })
        .start()
        .await?;
        state.addr.get_or_init(|| server.local_addr().clone());
        state.register().await?;
        Ok(BrokerDouble::new(state, server, client))
    }
}

impl fmt::Debug for BrokerDoubleBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BrokerDoubleBuilder")
            .field("name", &self.name)
            .field("bind", &self.bind)
            .field("name_servers", &self.name_servers)
            .field("topics", &self.topics)
            .finish_non_exhaustive()
    }
}
