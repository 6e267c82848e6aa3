//! What a server can be told about itself.

mod env;
#[cfg(test)]
mod tests;

use std::time::Duration;

use remoting_transport::protocol::{FrameLimits, SerializeType};
use remoting_transport::{
    ChannelOptions, IdleStateHandler, IdleTimeouts, ListenerOptions, SocketOptions, WaterMark,
};

use crate::config::{ConfigError, MAX_PERMITS, check_count};
use crate::endpoint::EndpointLimits;

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
    async_permits: usize,
    oneway_permits: usize,
    max_idle: Option<Duration>,
    send_buffer: Option<usize>,
    receive_buffer: Option<usize>,
    keepalive: Option<Duration>,
    water_mark: WaterMark,
    frame_limits: FrameLimits,
    frame_timeout: Option<Duration>,
    backlog: u32,
    max_connections: usize,
    max_connections_per_network: Option<usize>,
    network_prefixes: (u8, u8),
    prologue_timeout: Duration,
    event_queue: usize,
    response_serialize_type: Option<SerializeType>,
    shutdown_gracefully: bool,
    shutdown_wait: Duration,
    drain_timeout: Duration,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            async_permits: 64,
            oneway_permits: 256,
            max_idle: Some(Duration::from_secs(120)),
            send_buffer: None,
            receive_buffer: None,
            keepalive: Some(Duration::from_secs(60)),
            water_mark: WaterMark::default(),
            frame_limits: FrameLimits::default(),
            frame_timeout: Some(Duration::from_secs(60)),
            backlog: 1_024,
            max_connections: 65_536,
            max_connections_per_network: None,
            network_prefixes: (32, 64),
            prologue_timeout: Duration::from_secs(30),
            event_queue: 10_000,
            response_serialize_type: None,
            shutdown_gracefully: false,
            shutdown_wait: Duration::from_secs(30),
            drain_timeout: Duration::from_secs(10),
        }
    }
}

impl ServerConfig {
    /// The defaults, which are Java's but for [`keepalive`](Self::keepalive) and [`water_mark`](Self::water_mark).
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many calls of this server to its clients may wait for a response at once; a further one waits within
    /// its time-out. Default: 64. Zero is refused. Java: `serverAsyncSemaphoreValue`.
    #[must_use]
    pub fn async_permits(mut self, permits: usize) -> Self {
        self.async_permits = permits;
        self
    }

    /// How many one-way calls of this server to its clients may wait for room in a channel's queue at once.
    /// Default: 256. Zero is refused. Java: `serverOnewaySemaphoreValue`.
    #[must_use]
    pub fn oneway_permits(mut self, permits: usize) -> Self {
        self.oneway_permits = permits;
        self
    }

    /// After how long without a command in either direction a channel is closed. Default: 120 s; `None` or zero:
    /// never. Java: `serverChannelMaxIdleTimeSeconds`.
    #[must_use]
    pub fn max_idle(mut self, idle: impl Into<Option<Duration>>) -> Self {
        self.max_idle = idle.into().filter(|idle| !idle.is_zero());
        self
    }

    /// `SO_SNDBUF` of each accepted socket, in bytes. Default: `None` or 0, the system tunes it.
    /// Java: `serverSocketSndBufSize`.
    #[must_use]
    pub fn send_buffer(mut self, bytes: impl Into<Option<usize>>) -> Self {
        self.send_buffer = bytes.into().filter(|bytes| *bytes > 0);
        self
    }

    /// `SO_RCVBUF` of each accepted socket, in bytes. Default: `None` or 0, the system tunes it.
    /// Java: `serverSocketRcvBufSize`.
    #[must_use]
    pub fn receive_buffer(mut self, bytes: impl Into<Option<usize>>) -> Self {
        self.receive_buffer = bytes.into().filter(|bytes| *bytes > 0);
        self
    }

    /// Quiet time after which the system probes whether a client is still there. Default: 60 s; `None` or zero:
    /// never, as in Java, whose half-open connections live for as long as it writes to them.
    #[must_use]
    pub fn keepalive(mut self, quiet: impl Into<Option<Duration>>) -> Self {
        self.keepalive = quiet.into().filter(|quiet| !quiet.is_zero());
        self
    }

    /// The bytes waiting to be written above which the server stops reading a client's requests, and below which
    /// it goes on. Default: [`WaterMark::default`]. Java: `writeBufferLowWaterMark`, `writeBufferHighWaterMark`.
    #[must_use]
    pub fn water_mark(mut self, mark: WaterMark) -> Self {
        self.water_mark = mark;
        self
    }

    /// The largest frame and header, both ways. Default: 16 MiB and 24 bits.
    /// Java: the property `com.rocketmq.remoting.frameMaxLength`.
    #[must_use]
    pub fn frame_limits(mut self, limits: FrameLimits) -> Self {
        self.frame_limits = limits;
        self
    }

    /// How long one frame may take from its first byte to its last, so that a peer cannot hold a place by sending
    /// byte after byte. Default: 60 s; `None` or zero: as long as the idle time allows. No Java key.
    #[must_use]
    pub fn frame_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.frame_timeout = timeout.into().filter(|timeout| !timeout.is_zero());
        self
    }

    /// How many connections the system holds until they are accepted. Default: 1 024. Zero is refused.
    /// Java: `serverSocketBacklog`, which it ignores.
    #[must_use]
    pub fn backlog(mut self, connections: u32) -> Self {
        self.backlog = connections;
        self
    }

    /// How many connections each port of the server keeps open at once; a further one is closed as soon as it is
    /// accepted. Each costs a file descriptor and, while it is idle, about 1 KiB. Default: 65 536. Zero is refused.
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
        self.max_connections_per_network = connections.into().filter(|connections| *connections > 0);
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

    /// How many connection events may wait for the listener. Beyond that events other than CLOSE are dropped and
    /// counted, and new connections are refused. Default: 10 000. Zero is refused. Java: `NettyEventExecutor`'s
    /// fixed 10 000.
    #[must_use]
    pub fn event_queue(mut self, events: usize) -> Self {
        self.event_queue = events;
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
    /// [`shutdown_wait`](Self::shutdown_wait), answering `GO_AWAY`, so that clients behind a load balancer move to
    /// another server without a failed call. Default: false. Java: `enableShutdownGracefully`.
    #[must_use]
    pub fn shutdown_gracefully(mut self, gracefully: bool) -> Self {
        self.shutdown_gracefully = gracefully;
        self
    }

    /// How long that is, unless all clients have left before. Default: 30 s. Java: `shutdownWaitTimeSeconds`,
    /// which it sleeps in any case, and with its listener open.
    #[must_use]
    pub fn shutdown_wait(mut self, wait: Duration) -> Self {
        self.shutdown_wait = wait;
        self
    }

    /// How long [`shutdown`](super::RemotingServer::shutdown) waits for the requests in flight and for their
    /// responses to be written. Default: 10 s. Zero drops them. Java's `shutdown` waits for none.
    #[must_use]
    pub fn drain_timeout(mut self, timeout: Duration) -> Self {
        self.drain_timeout = timeout;
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
            return Err(ConfigError::Zero { setting: "prologue_timeout", java: "no Java key" });
        }
        let backlog = usize::try_from(self.backlog).unwrap_or(usize::MAX);
        for (setting, java, value, most) in [
            ("async_permits", "serverAsyncSemaphoreValue", self.async_permits, MAX_PERMITS),
            ("oneway_permits", "serverOnewaySemaphoreValue", self.oneway_permits, MAX_PERMITS),
            ("backlog", "serverSocketBacklog", backlog, MAX_BACKLOG),
            ("max_connections", "no Java key", self.max_connections, MAX_PERMITS),
            ("event_queue", "no Java key", self.event_queue, MAX_PERMITS),
        ] {
            check_count(setting, java, value, most)?;
        }
        Ok(())
    }

    pub(super) const fn limits(&self) -> EndpointLimits {
        EndpointLimits { invoke: self.async_permits, oneway: self.oneway_permits }
    }

    pub(super) const fn forced_serialize_type(&self) -> Option<SerializeType> {
        self.response_serialize_type
    }

    pub(super) const fn event_queue_capacity(&self) -> usize {
        self.event_queue
    }

    /// How long to answer `GO_AWAY` before anything is closed.
    pub(super) const fn go_away_phase(&self) -> Option<Duration> {
        if self.shutdown_gracefully { Some(self.shutdown_wait) } else { None }
    }

    pub(super) const fn drain_phase(&self) -> Duration {
        self.drain_timeout
    }

    pub(super) fn channel_options(&self) -> ChannelOptions {
        let mut options = ChannelOptions::default();
        options.frame_limits = self.frame_limits;
        options.frame_timeout = self.frame_timeout;
        options.water_mark = self.water_mark;
        options.suspend_reads_when_unwritable = true;
        options
    }

    pub(super) fn listener_options(&self) -> ListenerOptions {
        let mut socket = SocketOptions::default();
        socket.send_buffer = self.send_buffer;
        socket.receive_buffer = self.receive_buffer;
        socket.keepalive = self.keepalive;
        let mut options = ListenerOptions::default();
        options.backlog = self.backlog;
        options.max_connections = self.max_connections;
        options.max_connections_per_network = self.max_connections_per_network;
        (options.network_prefix_v4, options.network_prefix_v6) = self.network_prefixes;
        options.prologue_timeout = self.prologue_timeout;
        options.socket = socket;
        options
    }

    pub(super) fn idle_handler(&self) -> IdleStateHandler {
        IdleStateHandler::closing(IdleTimeouts { all: self.max_idle, ..IdleTimeouts::default() })
    }
}
