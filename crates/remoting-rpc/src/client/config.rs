//! What a client can be told about itself.

mod env;
#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::config::{ConfigError, MAX_PERMITS, check_count};
use crate::endpoint::EndpointLimits;
use crate::transport::protocol::FrameLimits;
use crate::transport::{
    ChannelOptions, ConnectOptions, IdleStateHandler, IdleTimeouts, SocksProxies, WaterMark,
};

/// The settings of a [`RemotingClient`](super::RemotingClient), as Java's `NettyClientConfig`.
///
/// ```
/// use std::time::Duration;
/// use remoting_rpc::ClientConfig;
///
/// let config = ClientConfig::new().connect_timeout(Duration::from_secs(1)).async_permits(1_000);
/// assert!(config.validate().is_ok());
/// assert!(config.connect_timeout(Duration::ZERO).validate().is_err());
/// ```
///
/// # Java keys without a setting here
///
/// | key | why |
/// |---|---|
/// | `clientWorkerThreads`, `clientCallbackExecutorThreads`, `disableCallbackExecutor`, `disableNettyWorkerGroup` | there are no threads to count: channels and callbacks are tasks of the caller's tokio runtime |
/// | `clientPooledByteBufAllocatorEnable` | read buffers belong to their channel and are given back when it is quiet |
/// | `channelNotActiveInterval`, `maxReconnectIntervalTimeSeconds` | nothing in Java reads them. As there, no back-off follows a failed connect: the next call dials again, but never two at once to one address |
/// | `useTLS` | `RemotingClientBuilder::tls` takes the whole of TLS |
/// | `rocketmq.serialize.type`, `rocketmq.remoting.version` | each command says its own: `RemotingCommand::with_serialize_type`, `with_version` |
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientConfig {
    pub(super) connect_timeout: Duration,
    pub(super) max_idle: Option<Duration>,
    pub(super) async_permits: usize,
    pub(super) oneway_permits: usize,
    pub(super) close_dead_channel_on_timeout: bool,
    pub(super) scan_available_name_servers: bool,
    pub(super) reconnect_for_go_away: bool,
    pub(super) drain_timeout: Duration,
    pub(super) shutdown_timeout: Duration,
    pub(super) send_buffer: Option<usize>,
    pub(super) receive_buffer: Option<usize>,
    pub(super) keepalive: Option<Duration>,
    pub(super) water_mark: WaterMark,
    pub(super) frame_limits: FrameLimits,
    pub(super) frame_timeout: Option<Duration>,
    pub(super) event_queue: usize,
    pub(super) socks_proxies: SocksProxies,
}

impl Default for ClientConfig {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(3),
            max_idle: Some(Duration::from_secs(120)),
            async_permits: 65_535,
            oneway_permits: 65_535,
            close_dead_channel_on_timeout: false,
            scan_available_name_servers: true,
            reconnect_for_go_away: true,
            drain_timeout: Duration::from_secs(30),
            shutdown_timeout: Duration::from_secs(3),
            send_buffer: None,
            receive_buffer: None,
            keepalive: Some(Duration::from_secs(60)),
            water_mark: WaterMark::default(),
            frame_limits: FrameLimits::default(),
            frame_timeout: Some(Duration::from_secs(60)),
            event_queue: 10_000,
            socks_proxies: SocksProxies::new(),
        }
    }
}

impl ClientConfig {
    /// The defaults, which are Java's but for
    /// [`close_dead_channel_on_timeout`](Self::close_dead_channel_on_timeout), [`keepalive`](Self::keepalive) and
    /// [`water_mark`](Self::water_mark).
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How long one attempt to connect may take, name resolution included, and the pause between two rounds of the
    /// name-server probe. A call waits no longer than its own time-out lasts; the attempt goes on without it, for
    /// the calls that follow. Default: 3 s. Zero is refused. Java: `connectTimeoutMillis`.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// After how long without a command in either direction a channel is closed. Default: 120 s; `None` or zero:
    /// never. Java: `clientChannelMaxIdleTimeSeconds`.
    #[must_use]
    pub fn max_idle(mut self, idle: impl Into<Option<Duration>>) -> Self {
        self.max_idle = idle.into().filter(|idle| !idle.is_zero());
        self
    }

    /// How many calls that expect a response may be in flight at once on all channels together; a further one waits
    /// within its time-out. Each costs a slot of about 100 bytes and its request. Default: 65 535. Zero is refused.
    /// Java: `clientAsyncSemaphoreValue`.
    #[must_use]
    pub fn async_permits(mut self, permits: usize) -> Self {
        self.async_permits = permits;
        self
    }

    /// How many one-way calls may wait for room in a channel's queue at once. Default: 65 535. Zero is refused.
    /// Java: `clientOnewaySemaphoreValue`.
    #[must_use]
    pub fn oneway_permits(mut self, permits: usize) -> Self {
        self.oneway_permits = permits;
        self
    }

    /// Whether a call that runs out of time closes its channel *if that channel looks dead*: no call on it got a
    /// response from the beginning of this call to its end. Default: false. Java: `clientCloseSocketIfTimeout`.
    ///
    /// Java's default is true, and it closes the shared channel even if other calls get their responses on it: one
    /// slow request fails every other one in flight. Here a time-out concerns its own call only, unless this is set
    /// *and* nothing at all came back. Set it if connections may vanish without a trace (a firewall that forgets
    /// them) and [`keepalive`](Self::keepalive) is too slow; leave it if calls with a long and with a short time-out
    /// share a channel, since a quiet minute is normal for a long poll.
    #[must_use]
    pub fn close_dead_channel_on_timeout(mut self, close: bool) -> Self {
        self.close_dead_channel_on_timeout = close;
        self
    }

    /// Whether every name server of the list is connected once per [`connect_timeout`](Self::connect_timeout), so
    /// that [`available_name_servers`](super::RemotingClient::available_name_servers) is up to date and a failover
    /// finds a live server at once. Costs one idle connection per name server. Default: true.
    /// Java: `isScanAvailableNameSrv`.
    #[must_use]
    pub fn scan_available_name_servers(mut self, scan: bool) -> Self {
        self.scan_available_name_servers = scan;
        self
    }

    /// Whether a call that is answered `GO_AWAY` (1500) is repeated once on a fresh channel. Without it the
    /// response 1500 is handed to the caller like any other. Default: true. Java: `enableReconnectForGoAway`.
    #[must_use]
    pub fn reconnect_for_go_away(mut self, reconnect: bool) -> Self {
        self.reconnect_for_go_away = reconnect;
        self
    }

    /// How long a channel whose server said `GO_AWAY` stays for the calls that are still in flight on it, before it
    /// is closed. Default: 30 s, the time-out of a long poll. Zero closes it at once. Java leaves it open for good.
    #[must_use]
    pub fn drain_timeout(mut self, timeout: Duration) -> Self {
        self.drain_timeout = timeout;
        self
    }

    /// How long [`shutdown`](super::RemotingClient::shutdown) waits for the calls in flight. Default: 3 s. Zero
    /// fails them at once. Java's `shutdown` waits for none.
    #[must_use]
    pub fn shutdown_timeout(mut self, timeout: Duration) -> Self {
        self.shutdown_timeout = timeout;
        self
    }

    /// `SO_SNDBUF` of each socket, in bytes. Default: `None` or 0, the system tunes it.
    /// Java: `clientSocketSndBufSize`.
    #[must_use]
    pub fn send_buffer(mut self, bytes: impl Into<Option<usize>>) -> Self {
        self.send_buffer = bytes.into().filter(|bytes| *bytes > 0);
        self
    }

    /// `SO_RCVBUF` of each socket, in bytes. Default: `None` or 0, the system tunes it.
    /// Java: `clientSocketRcvBufSize`.
    #[must_use]
    pub fn receive_buffer(mut self, bytes: impl Into<Option<usize>>) -> Self {
        self.receive_buffer = bytes.into().filter(|bytes| *bytes > 0);
        self
    }

    /// Quiet time after which the system probes whether the peer is still there. Default: 60 s; `None` or zero:
    /// never, as in Java, whose half-open connections live for as long as it writes to them.
    #[must_use]
    pub fn keepalive(mut self, quiet: impl Into<Option<Duration>>) -> Self {
        self.keepalive = quiet.into().filter(|quiet| !quiet.is_zero());
        self
    }

    /// The bytes waiting to be written at which a channel stops and starts taking requests. Above the high mark a
    /// call waits within its time-out, where Java queues without a bound. Default: [`WaterMark::default`].
    /// Java: `writeBufferLowWaterMark`, `writeBufferHighWaterMark`.
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

    /// How many connection events may wait for the listener. Beyond that events other than CLOSE are dropped and
    /// counted, and new connections are refused. Default: 10 000. Zero is refused. Java: `NettyEventExecutor`'s
    /// fixed 10 000.
    #[must_use]
    pub fn event_queue(mut self, events: usize) -> Self {
        self.event_queue = events;
        self
    }

    /// Which addresses are dialled through a SOCKS5 proxy; TLS works through it as without. Default: none.
    /// Java: `socksProxyConfig`, whose JSON [`SocksProxies::from_json`] reads.
    #[must_use]
    pub fn socks_proxies(mut self, proxies: SocksProxies) -> Self {
        self.socks_proxies = proxies;
        self
    }

    /// Checks what the types cannot. [`build`](super::RemotingClientBuilder::build) does so too.
    ///
    /// # Errors
    ///
    /// When a value is absurd: it names the setting and its Java key.
    pub fn validate(&self) -> Result<(), ConfigError> {
        if self.connect_timeout.is_zero() {
            return Err(ConfigError::Zero { setting: "connect_timeout", java: "connectTimeoutMillis" });
        }
        for (setting, java, value) in [
            ("async_permits", "clientAsyncSemaphoreValue", self.async_permits),
            ("oneway_permits", "clientOnewaySemaphoreValue", self.oneway_permits),
            ("event_queue", "no Java key", self.event_queue),
        ] {
            check_count(setting, java, value, MAX_PERMITS)?;
        }
        Ok(())
    }

    pub(super) const fn limits(&self) -> EndpointLimits {
        EndpointLimits { invoke: self.async_permits, oneway: self.oneway_permits }
    }

    pub(super) fn channel_options(&self) -> ChannelOptions {
        let mut options = ChannelOptions::default();
        options.frame_limits = self.frame_limits;
        options.frame_timeout = self.frame_timeout;
        options.water_mark = self.water_mark;
        options
    }

    pub(super) fn connect_options(&self) -> ConnectOptions {
        let mut options = ConnectOptions::default();
        let socket = &mut options.socket;
        socket.send_buffer = self.send_buffer;
        socket.receive_buffer = self.receive_buffer;
        socket.keepalive = self.keepalive;
        options.socks_proxies = self.socks_proxies.clone();
        options
    }

    pub(super) fn idle_handler(&self) -> IdleStateHandler {
        IdleStateHandler::closing(IdleTimeouts { all: self.max_idle, ..IdleTimeouts::default() })
    }
}
