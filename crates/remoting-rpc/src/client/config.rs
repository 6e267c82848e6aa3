//! What a client can be told about itself.

mod env;
#[cfg(test)]
mod tests;

use std::time::Duration;

use self::env::JAVA_KEYS;
use crate::config::{ConfigError, EndpointConfig, endpoint_setters};
use crate::endpoint::EndpointLimits;
use crate::transport::{ConnectOptions, SocksProxies};

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
    pub(super) endpoint: EndpointConfig,
    pub(super) connect_timeout: Duration,
    pub(super) close_dead_channel_on_timeout: bool,
    pub(super) scan_available_name_servers: bool,
    pub(super) reconnect_for_go_away: bool,
    pub(super) drain_timeout: Duration,
    pub(super) socks_proxies: SocksProxies,
}

impl Default for ClientConfig {
    fn default() -> Self {
        let limits = EndpointLimits { invoke: 65_535, oneway: 65_535 };
        Self {
            endpoint: EndpointConfig::new(limits, Duration::from_secs(3)),
            connect_timeout: Duration::from_secs(3),
            close_dead_channel_on_timeout: false,
            scan_available_name_servers: true,
            reconnect_for_go_away: true,
            drain_timeout: Duration::from_secs(30),
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
        self.endpoint.validate(&JAVA_KEYS)
    }

    pub(super) fn connect_options(&self) -> ConnectOptions {
        let mut options = ConnectOptions::default();
        options.socket = self.endpoint.socket.clone();
        options.socks_proxies = self.socks_proxies.clone();
        options
    }
}

endpoint_setters!(ClientConfig);
