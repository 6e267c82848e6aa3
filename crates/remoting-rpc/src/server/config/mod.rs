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

/// The settings of a [`RemotingServer`](super::RemotingServer), as Java's `NettyServerConfig`.
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
/// | `bindAddress`, `listenPort` | [`bind`](super::RemotingServerBuilder::bind) takes an address; the port that was chosen for 0 is told by [`local_addr`](super::RemotingServer::local_addr) |
/// | `serverWorkerThreads`, `serverSelectorThreads`, `serverNettyWorkerGroupEnable`, `useEpollNativeSelector` | there are no threads to count: channels are tasks of the caller's tokio runtime |
/// | `serverCallbackExecutorThreads` | each registration names its [`Executor`](crate::Executor), which has a bound; Java's `publicExecutor` queues without one |
/// | `serverPooledByteBufAllocatorEnable` | read buffers belong to their channel and are given back when it is quiet |
/// | `rocketmq.remoting.version` | each command says its own: `RemotingCommand::with_version` |
#[derive(Debug, Clone, PartialEq, Eq)]
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
        endpoint.channel.suspend_reads_when_unwritable = true;
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
    /// The defaults, which are Java's but for [`keepalive`](Self::keepalive), [`water_mark`](Self::water_mark) and
    /// [`shutdown_gracefully`](Self::shutdown_gracefully).
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many connections the system holds until they are accepted. Default: 1 024. Zero is refused.
    /// Java: `serverSocketBacklog`, which it ignores.
    #[must_use]
    pub fn backlog(mut self, connections: u32) -> Self {
        self.endpoint.socket.backlog = connections;
        self
    }

    /// How many connections each port of the server keeps open at once; a further one is closed as soon as it is
    /// accepted. Each costs a file descriptor and, while it is idle, 2.7 KB, or 10.6 KB over TLS. Default: 65 536. Zero is refused.
    /// Java has no such limit.
    #[must_use]
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.max_connections = connections;
        self
    }

    /// How many of them may come from one network of clients. Default: `None` or 0, no limit. Behind a proxy all clients
    /// count as the proxy, PROXY protocol or not. Java has no such limit.
    #[must_use]
    pub fn max_connections_per_network(mut self, connections: impl Into<Option<usize>>) -> Self {
        self.max_connections_per_network = positive(connections);
        self
    }

    /// How many leading bits of a client's address make its network, for IPv4 and IPv6. Default: 32, each address, and
    /// 64, since one host often has a /64 to itself.
    #[must_use]
    pub fn network_prefixes(mut self, v4: u8, v6: u8) -> Self {
        self.network_prefixes = (v4, v6);
        self
    }

    /// How long a new connection may take for everything before its first frame: PROXY header, TLS handshake and all
    /// other steps together. Default: 30 s; each step has a deadline of its own besides, of seconds. Zero is refused.
    /// Java waits for ever.
    #[must_use]
    pub fn prologue_timeout(mut self, timeout: Duration) -> Self {
        self.prologue_timeout = timeout;
        self
    }

    /// How many new connections each port may have in the steps before their first frame, TLS handshakes above all. A
    /// further one displaces the oldest of the network of clients ([`network_prefixes`](Self::network_prefixes)) that has
    /// most in them, so that who opens many displaces its own. Default: 8 192. Zero is refused. Java has no such limit.
    #[must_use]
    pub fn max_pending_prologues(mut self, connections: usize) -> Self {
        self.max_pending_prologues = connections;
        self
    }

    /// The header encoding of all responses, but for those that a processor returns as
    /// [`Reply::Encoded`](crate::Reply::Encoded). Default: `None`, each in the encoding of its request. Java:
    /// `rocketmq.serialize.type`, which is JSON if not set, and applies to each response.
    #[must_use]
    pub fn response_serialize_type(mut self, serialize_type: impl Into<Option<SerializeType>>) -> Self {
        self.response_serialize_type = serialize_type.into();
        self
    }

    /// Whether [`shutdown`](super::RemotingServer::shutdown) first stays for
    /// [`shutdown_wait`](Self::shutdown_wait), answering `GO_AWAY`, so that clients move to another server without a
    /// failed call. Default: true. Java: `enableShutdownGracefully`, which is false.
    #[must_use]
    pub fn shutdown_gracefully(mut self, gracefully: bool) -> Self {
        self.shutdown_gracefully = gracefully;
        self
    }

    /// How long that is, unless all clients have left before. A client learns of it by its next request, so this is to
    /// be longer than a client under load pauses between two; behind a load balancer that still sends new clients, it is
    /// to be longer than the balancer needs to notice. Default: 1 s. Java: `shutdownWaitTimeSeconds`, 30 s, which it
    /// sleeps in any case, and with its listener open.
    #[must_use]
    pub fn shutdown_wait(mut self, wait: Duration) -> Self {
        self.shutdown_wait = wait;
        self
    }

    /// Checks what the types cannot. [`start`](super::RemotingServerBuilder::start) does so too.
    ///
    /// # Errors
    ///
    /// When a value is absurd: it names the setting and its Java key.
    pub fn validate(&self) -> Result<(), ConfigError> {
        const MAX_BACKLOG: usize = i32::MAX as usize;
        if self.prologue_timeout.is_zero() {
            return Err(ConfigError::Zero { setting: "prologue_timeout", java: NO_JAVA_KEY });
        }
        let backlog = usize::try_from(self.endpoint.socket.backlog).unwrap_or(usize::MAX);
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
        let mut options = ListenerOptions::default();
        options.max_connections = self.max_connections;
        options.max_connections_per_network = self.max_connections_per_network;
        (options.network_prefix_v4, options.network_prefix_v6) = self.network_prefixes;
        options.prologue_timeout = self.prologue_timeout;
        options.max_pending_prologues = self.max_pending_prologues;
        options.socket = self.endpoint.socket.clone();
        options
    }
}

endpoint_setters!(ServerConfig);
