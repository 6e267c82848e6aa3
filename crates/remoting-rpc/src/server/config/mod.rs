//! The settings of a server.

mod env;
#[cfg(test)]
mod tests;

use std::time::Duration;

use remoting_transport::ListenerOptions;
use remoting_transport::protocol::SerializeType;

use self::env::JAVA_KEYS;
use crate::channel::EndpointLimits;
use crate::config::{
    ConfigError, EndpointConfig, MAX_PERMITS, NO_JAVA_KEY, check_count, endpoint_setters, positive,
};

/// The configuration of a [`RemotingServer`](super::RemotingServer). Java: `NettyServerConfig`.
///
/// ```
/// use std::time::Duration;
/// use remoting_rpc::ServerConfig;
///
/// let config = ServerConfig::new().max_idle(Duration::from_secs(60)).async_permits(256);
/// assert!(config.validate().is_ok());
/// assert!(config.async_permits(0).validate().is_err());
/// ```
///
/// # Java keys without a setting here
///
/// | key | why |
/// |---|---|
/// | `bindAddress`, `listenPort` | [`bind`](super::RemotingServerBuilder::bind) takes an address; [`local_addr`](super::RemotingServer::local_addr) returns the port chosen for 0 |
/// | `serverSelectorThreads` | [`event_loops`](super::RemotingServerBuilder::event_loops); by default channels are tasks of the caller's tokio runtime |
/// | `serverWorkerThreads`, `serverNettyWorkerGroupEnable`, `useEpollNativeSelector` | decoding and dispatch run with the channel; tokio uses epoll on Linux |
/// | `serverCallbackExecutorThreads` | each registration names its bounded [`Executor`](crate::Executor); Java's `publicExecutor` has an unbounded queue |
/// | `serverPooledByteBufAllocatorEnable` | each channel owns its read buffer and releases it when quiet |
/// | `rocketmq.remoting.version` | each command has its own version: `RemotingCommand::with_version` |
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a config does nothing until it is passed to a builder"]
pub struct ServerConfig {
    pub(super) endpoint: EndpointConfig,
    max_connections: usize,
    max_connections_per_network: Option<usize>,
    network_prefixes: (u8, u8),
    prologue_timeout: Duration,
    max_pending_prologues: usize,
    response_serialize_type: Option<SerializeType>,
    shutdown_gracefully: bool,
    shutdown_wait: Duration,
}

impl Default for ServerConfig {
    fn default() -> Self {
        let limits = EndpointLimits::new(64, 256);
        let mut endpoint = EndpointConfig::new(limits, Duration::from_secs(10));
        endpoint.channel = endpoint.channel.suspend_reads_when_unwritable(true);
        Self {
            endpoint,
            max_connections: 65_536,
            max_connections_per_network: None,
            network_prefixes: (32, 64),
            prologue_timeout: Duration::from_secs(30),
            max_pending_prologues: 8_192,
            response_serialize_type: None,
            shutdown_gracefully: true,
            shutdown_wait: Duration::from_secs(1),
        }
    }
}

impl ServerConfig {
    /// Returns the default configuration. Settings that Java has have Java's defaults, except for
    /// [`water_mark`](Self::water_mark), [`shutdown_gracefully`](Self::shutdown_gracefully) and
    /// [`shutdown_wait`](Self::shutdown_wait). Settings that Java lacks, mostly bounds, are on: each says its default.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the number of connections that the operating system queues before they are accepted. Default: 1 024. Zero is
    /// refused. Java: `serverSocketBacklog`, which Java ignores.
    pub fn backlog(mut self, connections: u32) -> Self {
        self.endpoint.socket = self.endpoint.socket.with_backlog(connections);
        self
    }

    /// Sets the maximum number of open connections of each port. Further connections are closed on accept. An idle
    /// connection costs a file descriptor and 2.7 KB, or 10.6 KB with TLS. Default: 65 536. Zero is refused. Java has no
    /// such limit.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.max_connections = connections;
        self
    }

    /// Sets the maximum number of open connections from one network. Default: `None` (or 0), no limit. Behind a proxy all
    /// clients count as the proxy, even with the PROXY protocol. Java has no such limit.
    pub fn max_connections_per_network(mut self, connections: impl Into<Option<usize>>) -> Self {
        self.max_connections_per_network = positive(connections);
        self
    }

    /// Sets the prefix lengths, in bits, that define a network for IPv4 and IPv6. Default: 32, a single address, and 64,
    /// because one host often owns a /64.
    pub fn network_prefixes(mut self, v4: u8, v6: u8) -> Self {
        self.network_prefixes = (v4, v6);
        self
    }

    /// Sets the time limit for everything before the first frame of a connection: PROXY header, TLS handshake and all other
    /// steps together. Each step also has its own deadline of a few seconds. Default: 30 s. Zero is refused. Java waits
    /// forever.
    pub fn prologue_timeout(mut self, timeout: Duration) -> Self {
        self.prologue_timeout = timeout;
        self
    }

    /// Sets the maximum number of connections of each port that have not completed the steps before their first frame, such
    /// as a TLS handshake. A further connection displaces the oldest one of the network
    /// ([`network_prefixes`](Self::network_prefixes)) with the most, so a flood displaces its own connections.
    /// Default: 8 192. Zero is refused. Java has no such limit.
    pub fn max_pending_prologues(mut self, connections: usize) -> Self {
        self.max_pending_prologues = connections;
        self
    }

    /// Sets the header encoding of all responses, except for [`Reply::Encoded`](crate::Reply::Encoded). Default: `None`, the
    /// encoding of the request. Java: `rocketmq.serialize.type`, which defaults to JSON and applies to each response.
    pub fn response_serialize_type(mut self, serialize_type: impl Into<Option<SerializeType>>) -> Self {
        self.response_serialize_type = serialize_type.into();
        self
    }

    /// Sets whether [`shutdown`](super::RemotingServer::shutdown) first answers `GO_AWAY` for up to
    /// [`shutdown_wait`](Self::shutdown_wait), so that clients move to another server without a failed call. Default: true.
    /// Java: `enableShutdownGracefully`, default false.
    pub fn shutdown_gracefully(mut self, gracefully: bool) -> Self {
        self.shutdown_gracefully = gracefully;
        self
    }

    /// Sets how long a graceful shutdown answers `GO_AWAY` before it closes channels. It ends sooner when all clients have
    /// disconnected. A client notices at its next request, so choose more than the usual pause between two requests and, behind
    /// a load balancer, more than the balancer needs to notice. Default: 1 s. Java: `shutdownWaitTimeSeconds`, default 30 s,
    /// which Java always sleeps, with its listener open.
    pub fn shutdown_wait(mut self, wait: Duration) -> Self {
        self.shutdown_wait = wait;
        self
    }

    /// Checks that every setting is in range. [`start`](super::RemotingServerBuilder::start) calls it too.
    ///
    /// # Errors
    ///
    /// Returns an error that names the setting and its Java key.
    pub fn validate(&self) -> Result<(), ConfigError> {
        const MAX_BACKLOG: usize = i32::MAX as usize;
        if self.prologue_timeout.is_zero() {
            return Err(ConfigError::Zero { setting: "prologue_timeout", java: NO_JAVA_KEY });
        }
        let backlog = usize::try_from(self.endpoint.socket.backlog()).unwrap_or(usize::MAX);
        check_count("backlog", "serverSocketBacklog", backlog, MAX_BACKLOG)?;
        check_count("max_connections", NO_JAVA_KEY, self.max_connections, MAX_PERMITS)?;
        check_count("max_pending_prologues", NO_JAVA_KEY, self.max_pending_prologues, MAX_PERMITS)?;
        self.endpoint.validate(&JAVA_KEYS)
    }

    pub(super) const fn forced_serialize_type(&self) -> Option<SerializeType> {
        self.response_serialize_type
    }

    /// How long to answer `GO_AWAY` before anything is closed.
    pub(super) const fn go_away_phase(&self) -> Option<Duration> {
        if self.shutdown_gracefully { Some(self.shutdown_wait) } else { None }
    }

    pub(super) fn listener_options(&self) -> ListenerOptions {
        let (v4, v6) = self.network_prefixes;
        ListenerOptions::new()
            .max_connections(self.max_connections)
            .max_connections_per_network(self.max_connections_per_network)
            .network_prefixes(v4, v6)
            .prologue_timeout(self.prologue_timeout)
            .max_pending_prologues(self.max_pending_prologues)
            .socket(self.endpoint.socket.clone())
    }
}

endpoint_setters!(ServerConfig);
