use std::fmt;
use std::sync::Arc;

use remoting::{
    Address, ChannelEvent, ConfigError, Executor, Network, ProcessorError, ProxyProtocol, RemotingClient,
    RemotingCommand, RemotingServer, RemotingServerBuilder, RequestContext, RequestPipeline, ServerConfig,
    ServerError,
};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::mpsc;

use super::NameServer;
use super::configuration::Configuration;
use super::handlers::{Executors, handlers};
use super::housekeeping::{AbortOnDrop, keep_house};
use super::notifier::{MAX_NOTICES, notify_brokers};
use super::state::State;
use crate::config::{JavaConfig, NameServerConfig};
use crate::kv::{KvConfig, KvConfigError};

/// Configures and starts a [`NameServer`].
#[must_use = "a builder does nothing until start() is called"]
#[derive(Default)]
pub struct NameServerBuilder {
    addresses: Vec<Result<Address, ServerError>>,
    config: NameServerConfig,
    server_config: ServerConfig,
    file: remoting::model::body::PropertiesText,
    network: Option<Arc<dyn Network>>,
    pipeline: Option<Arc<dyn RequestPipeline>>,
    proxy_protocol: Option<ProxyProtocol>,
    #[cfg(feature = "tls")]
    tls: Option<remoting::tls::ServerTls>,
}

/// The error of starting a name server.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The remoting server cannot start, or listen on an address.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The client that notifies brokers cannot start.
    #[error("the client that notifies brokers cannot start")]
    Client(#[from] ConfigError),
    /// The file of the KV configuration cannot be read.
    #[error(transparent)]
    KvConfig(#[from] KvConfigError),
}

impl NameServerBuilder {
    /// Adds an address to listen on: an [`Address`], or a text that can be parsed as one. [`start`](Self::start) reports an
    /// invalid address. Default, if there is none: `0.0.0.0:9876`, as in Java.
    pub fn bind<A>(mut self, address: A) -> Self
    where
        A: TryInto<Address, Error: std::error::Error + Send + Sync + 'static>,
    {
        let address = address.try_into().map_err(|error| ServerError::Address { cause: Arc::new(error) });
        self.addresses.push(address);
        self
    }

    /// Sets the configuration. Default: [`NameServerConfig::new`].
    pub fn config(mut self, config: NameServerConfig) -> Self {
        self.config = config;
        self
    }

    /// Sets the configuration of the remoting server. Default: [`ServerConfig::new`].
    pub fn server_config(mut self, config: ServerConfig) -> Self {
        self.server_config = config;
        self
    }

    /// Sets both configurations to those of Java's file, which `GET_NAMESRV_CONFIG` then returns as a whole. The address of
    /// the file is not used: see [`JavaConfig::address`].
    pub fn java_config(mut self, config: JavaConfig) -> Self {
        (self.config, self.server_config, self.file) = config.into_parts();
        self
    }

    /// Sets the network on which the name server listens, and over which it notifies brokers. Default: the system's.
    pub fn network(mut self, network: impl Network) -> Self {
        self.network = Some(Arc::new(network));
        self
    }

    /// Sets a pipeline that each request passes first, such as the verifier of signed requests. Default: none.
    pub fn request_pipeline(mut self, pipeline: impl RequestPipeline) -> Self {
        self.pipeline = Some(Arc::new(pipeline));
        self
    }

    /// Reads client addresses from PROXY protocol headers: see [`RemotingServerBuilder::proxy_protocol`]. Default: none.
    pub fn proxy_protocol(mut self, proxy_protocol: impl Into<Option<ProxyProtocol>>) -> Self {
        self.proxy_protocol = proxy_protocol.into();
        self
    }

    /// Enables TLS on all addresses. Default: plaintext. The mode of `tls` decides whether plaintext is accepted too; by default
    /// it is not.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: remoting::tls::ServerTls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Starts the name server: reads the KV configuration, and listens on all addresses.
    ///
    /// On tokio's multi-threaded runtime, all requests but those for routes run on threads of their own. On the
    /// current-thread runtime they are tasks of the runtime, so that tests with a paused clock are deterministic.
    ///
    /// # Errors
    ///
    /// Returns a [`StartError`] if an address cannot be bound, the configuration of the server is out of range, or the KV
    /// configuration cannot be read.
    ///
    /// # Cancellation
    ///
    /// Dropping the future closes the listeners and starts nothing.
    ///
    /// # Panics
    ///
    /// Panics outside a tokio runtime with I/O and time enabled.
    pub async fn start(self) -> Result<NameServer, StartError> {
        let mut addresses = self.addresses.into_iter();
        let first = addresses.next().unwrap_or_else(default_address)?;
        let executors = executors(&self.config);
        let kv = KvConfig::load(self.config.kv_config_path.clone(), self.config.max_kv_config_bytes)?;

        let (closed, closed_channels) = mpsc::unbounded_channel();
        let (notices, waiting_notices) = mpsc::channel(MAX_NOTICES);
        let configuration = Configuration::new(self.file);
        let state = Arc::new(State::new(self.config, configuration, kv, closed, notices));
        let handlers = handlers(&state, &executors);

        let mut client = RemotingClient::builder();
        let mut server = RemotingServer::builder()
            .bind(first)
            .config(self.server_config)
            .proxy_protocol(self.proxy_protocol)
            .processors(handlers.clone());
        if let Some(network) = self.network {
            client = client.network(Arc::clone(&network));
            server = server.network(network);
        }
        #[cfg(feature = "tls")]
        if let Some(tls) = self.tls {
            server = server.tls(tls);
        }
        if let Some(pipeline) = &self.pipeline {
            server = server.request_pipeline(shared(pipeline));
        }
        let client = client.build()?;
        let server = listen_to_events(server, &state).start().await?;

        let mut others = Vec::new();
        for address in addresses {
            let mut sub_server = server.sub_server_builder().bind(address?).processors(handlers.clone());
            if let Some(pipeline) = &self.pipeline {
                sub_server = sub_server.request_pipeline(shared(pipeline));
            }
            others.push(sub_server.start().await?);
        }
        let tasks = vec![
            AbortOnDrop(tokio::spawn(keep_house(Arc::clone(&state), closed_channels))),
            AbortOnDrop(tokio::spawn(notify_brokers(client.clone(), waiting_notices))),
            #[cfg(feature = "metrics")]
            AbortOnDrop(tokio::spawn(super::metrics::record_metrics(Arc::clone(&state)))),
        ];
        Ok(NameServer { state, server, others, client, _tasks: tasks })
    }
}

fn default_address() -> Result<Address, ServerError> {
    "0.0.0.0:9876".parse().map_err(|error| ServerError::Address { cause: Arc::new(error) })
}

fn listen_to_events(server: RemotingServerBuilder, state: &Arc<State>) -> RemotingServerBuilder {
    let state = Arc::clone(state);
    server.on_event(move |event: ChannelEvent| state.on_event(&event))
}

fn executors(config: &NameServerConfig) -> Executors {
    let (threads, queue) = (config.default_thread_pool_nums, config.default_thread_pool_queue_capacity);
    let others = match Handle::current().runtime_flavor() {
        RuntimeFlavor::CurrentThread => Executor::runtime(threads.saturating_add(queue)),
        _ => Executor::blocking(threads, queue),
    };
    Executors {
        routes: Executor::inline_with_limit(config.client_request_thread_pool_queue_capacity),
        others,
    }
}

/// A pipeline for each port.
fn shared(pipeline: &Arc<dyn RequestPipeline>) -> impl RequestPipeline + use<> {
    let pipeline = Arc::clone(pipeline);
    move |ctx: &mut RequestContext, request: &mut RemotingCommand| -> Result<(), ProcessorError> {
        pipeline.execute(ctx, request)
    }
}

impl fmt::Debug for NameServerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NameServerBuilder")
            .field("addresses", &self.addresses)
            .field("config", &self.config)
            .field("server_config", &self.server_config)
            .finish_non_exhaustive()
    }
}
