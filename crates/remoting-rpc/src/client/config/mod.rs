//! The settings of a client.

mod env;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::time::Duration;

use self::env::JAVA_KEYS;
use crate::channel::EndpointLimits;
use crate::config::{ConfigError, EndpointConfig, endpoint_setters};
use crate::transport::{ConnectOptions, SocksProxies};

/// The settings of a [`RemotingClient`](super::RemotingClient). Equivalent of Java's `NettyClientConfig`.
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
/// | `clientPooledByteBufAllocatorEnable` | read buffers belong to their channel and are freed while it is idle |
/// | `channelNotActiveInterval`, `maxReconnectIntervalTimeSeconds` | Java does not read them; [`longest_reconnect_pause`](Self::longest_reconnect_pause) does what the name of the latter promises |
/// | `useTLS` | `RemotingClientBuilder::tls` takes all TLS settings |
/// | `rocketmq.serialize.type`, `rocketmq.remoting.version` | each command has its own: `RemotingCommand::with_serialize_type`, `with_version` |
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a config does nothing until it is passed to a builder"]
pub struct ClientConfig {
    pub(super) endpoint: EndpointConfig,
    pub(super) timeout: Duration,
    pub(super) connect_timeout: Duration,
    pub(super) retire_silent_channel_on_timeout: bool,
    pub(super) scan_available_name_servers: bool,
    pub(super) reconnect_for_go_away: bool,
    pub(super) drain_timeout: Duration,
    pub(super) longest_reconnect_pause: Duration,
    pub(super) hedge_name_servers: bool,
    pub(super) name_server_seed: Option<u64>,
    pub(super) socks_proxies: SocksProxies,
}

impl Default for ClientConfig {
    fn default() -> Self {
        let limits = EndpointLimits::new(65_535, 65_535);
        Self {
            endpoint: EndpointConfig::new(limits, Duration::from_secs(3)),
            timeout: Duration::from_secs(3),
            connect_timeout: Duration::from_secs(3),
            retire_silent_channel_on_timeout: true,
            scan_available_name_servers: true,
            reconnect_for_go_away: true,
            drain_timeout: Duration::from_secs(30),
            longest_reconnect_pause: Duration::from_secs(1),
            hedge_name_servers: true,
            name_server_seed: None,
            socks_proxies: SocksProxies::new(),
        }
    }
}

impl ClientConfig {
    /// Returns the default configuration. Settings that Java has have Java's defaults, except for
    /// [`water_mark`](Self::water_mark). Settings that Java lacks, mostly bounds, are on: each says its default.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the time-out of calls through a [`Target`](crate::Target), unless the call sets its own. Default:
    /// 3 s, like Java's `sendMsgTimeout` and `mqClientApiTimeout`, which belong to the clients above its
    /// remoting module.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets how long one attempt to connect may take, name resolution included. It is also the pause between
    /// two rounds of the name server probe. A call waits no longer than its own time-out; the attempt
    /// continues without it, for later calls. Default: 3 s. Zero is rejected. Java: `connectTimeoutMillis`.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets whether a channel takes no new calls after a call on it has timed out *and no data arrived from
    /// the peer meanwhile*: no response, not even a late one, and no request. The next call connects anew.
    /// Default: true. Java: `clientCloseSocketIfTimeout`.
    ///
    /// So a peer that vanished (a host that is gone, a firewall that forgot the connection) costs only the
    /// calls in flight. Otherwise all calls would fail until the system breaks the connection, which takes at
    /// least [`keepalive`](Self::keepalive). Waits for a permit or for capacity do not count, nor do waits
    /// shorter than 100 ms or a quarter of the time-out.
    ///
    /// Java closes the shared channel at once, even if other calls get their responses on it: one slow
    /// request fails every other call in flight. Here the calls in flight continue, and the channel is closed
    /// after the last of them. The price is one more connection for each slow call on a channel that was idle
    /// meanwhile, up to four per address.
    pub fn retire_silent_channel_on_timeout(mut self, retire: bool) -> Self {
        self.retire_silent_channel_on_timeout = retire;
        self
    }

    /// Sets whether the client connects to every name server of the list once per
    /// [`connect_timeout`](Self::connect_timeout). This keeps
    /// [`available_name_servers`](super::RemotingClient::available_name_servers) up to date, and a failover
    /// finds a live server at once. It costs one idle connection per name server. Default: true. Java:
    /// `isScanAvailableNameSrv`.
    pub fn scan_available_name_servers(mut self, scan: bool) -> Self {
        self.scan_available_name_servers = scan;
        self
    }

    /// Sets whether a call whose response is `GO_AWAY` (1500) is repeated once on a fresh channel. If not,
    /// the caller gets the response 1500 like any other. Default: true. Java: `enableReconnectForGoAway`.
    pub fn reconnect_for_go_away(mut self, reconnect: bool) -> Self {
        self.reconnect_for_go_away = reconnect;
        self
    }

    /// Sets how long a channel stays open for its calls in flight after its server responded with `GO_AWAY`
    /// or left the list of name servers. At most four channels of one address drain at once; one more closes
    /// the oldest. Default: 30 s, the time-out of a long poll. Zero closes the channel at once. Java never
    /// closes it.
    pub fn drain_timeout(mut self, timeout: Duration) -> Self {
        self.drain_timeout = timeout;
        self
    }

    /// Sets the longest pause before an address that keeps failing is dialled again. An address fails when a
    /// dial fails, and when a channel ends or goes away within a second. The first pause is 10 ms, and each
    /// failure doubles it. All calls to the address wait for the pause within their time-outs; a call whose
    /// time-out ends before the pause fails at once with the cause of the last failure. Default: 1 s. Zero:
    /// no pauses, as in Java.
    pub fn longest_reconnect_pause(mut self, pause: Duration) -> Self {
        self.longest_reconnect_pause = pause;
        self
    }

    /// Sets whether a [call to a name server](super::RemotingClient::invoke_name_server) is sent to a second
    /// name server of the list if the first has not responded within its share of the time-out. The first
    /// response counts. Name servers answer queries, which may be repeated. Without hedging, a name server
    /// that accepts connections and never responds uses up the whole time of a call. Default: true. Java
    /// sends to one.
    pub fn hedge_name_servers(mut self, hedge: bool) -> Self {
        self.hedge_name_servers = hedge;
        self
    }

    /// Sets the seed of the order in which this client tries name servers, for tests and simulations. The
    /// order then depends only on the list and the seed. Default: a different order for each client, which
    /// spreads clients over the name servers.
    pub fn name_server_seed(mut self, seed: u64) -> Self {
        self.name_server_seed = Some(seed);
        self
    }

    /// Sets which addresses are dialled through a SOCKS5 proxy, with or without TLS. Needs the feature
    /// `socks`; without it, any proxy is rejected. Default: none. Java: `socksProxyConfig`, whose JSON
    /// [`SocksProxies::from_json`] reads.
    pub fn socks_proxies(mut self, proxies: SocksProxies) -> Self {
        self.socks_proxies = proxies;
        self
    }

    /// Sets the local IP address of connections, for hosts with several. The system chooses the port.
    /// Addresses of the other family then cannot be dialled. Default: `None`, the system chooses. No Java
    /// key.
    pub fn local_address(mut self, address: impl Into<Option<IpAddr>>) -> Self {
        self.endpoint.socket = self.endpoint.socket.with_local_address(address);
        self
    }

    /// Checks the settings. [`build`](super::RemotingClientBuilder::build) does so too.
    ///
    /// # Errors
    ///
    /// Returns [`ConfigError`] if a value is out of range or needs a feature that is off. The error names the
    /// setting and its Java key.
    pub fn validate(&self) -> Result<(), ConfigError> {
        if self.connect_timeout.is_zero() {
            return Err(ConfigError::Zero { setting: "connect_timeout", java: "connectTimeoutMillis" });
        }
        if !cfg!(feature = "socks") && !self.socks_proxies.is_empty() {
            return Err(ConfigError::FeatureOff {
                setting: "socks_proxies",
                java: "socksProxyConfig",
                feature: "socks",
            });
        }
        self.endpoint.validate(&JAVA_KEYS)
    }

    pub(super) fn connect_options(&self) -> ConnectOptions {
        ConnectOptions::new().socket(self.endpoint.socket.clone()).socks_proxies(self.socks_proxies.clone())
    }
}

endpoint_setters!(ClientConfig);
