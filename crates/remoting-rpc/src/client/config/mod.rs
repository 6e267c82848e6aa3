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
/// | `channelNotActiveInterval`, `maxReconnectIntervalTimeSeconds` | nothing in Java reads them; [`longest_reconnect_pause`](Self::longest_reconnect_pause) is what the latter's name promises |
/// | `useTLS` | `RemotingClientBuilder::tls` takes the whole of TLS |
/// | `rocketmq.serialize.type`, `rocketmq.remoting.version` | each command says its own: `RemotingCommand::with_serialize_type`, `with_version` |
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// The defaults, which are Java's but for [`keepalive`](Self::keepalive) and [`water_mark`](Self::water_mark).
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The time-out of calls through a [`Target`](crate::Target), which have none of their own. Default: 3 s, as Java's
    /// `sendMsgTimeout` and `mqClientApiTimeout`, which belong to its clients above the remoting module.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long one attempt to connect may take, name resolution included, and the pause between two rounds of the
    /// name-server probe. A call waits no longer than its own time-out lasts; the attempt goes on without it, for
    /// the calls that follow. Default: 3 s. Zero is refused. Java: `connectTimeoutMillis`.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Whether a channel takes no new calls after a call on it has run out of time *while nothing at all came from the
    /// peer*: no response, not even a late one, and no request. The next call dials anew. Default: true.
    /// Java: `clientCloseSocketIfTimeout`.
    ///
    /// So a peer that has vanished without a trace (a firewall that forgets connections, a host that is gone) costs
    /// the calls that are in flight, and not all calls until the system gives the connection up, which takes
    /// [`keepalive`](Self::keepalive) and more. Waits for a permit or for capacity say nothing, nor do waits shorter than
    /// 100 ms or a quarter of the time-out.
    ///
    /// Java closes the shared channel at once, even if other calls get their responses on it: one slow request fails
    /// every other one in flight. Here the calls in flight go on to their own ends; the channel is closed after the
    /// last one. The price is one more connection for each slow call on a channel that was quiet meanwhile, up to
    /// four for an address.
    #[must_use]
    pub fn retire_silent_channel_on_timeout(mut self, retire: bool) -> Self {
        self.retire_silent_channel_on_timeout = retire;
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

    /// How long a channel whose server said `GO_AWAY`, or left the list of name servers, stays for the calls that are
    /// still in flight on it, before it is closed. Default: 30 s, the time-out of a long poll. Zero closes it at once.
    /// At most four channels of one address drain; the oldest is closed when one more comes. Java leaves them open for
    /// good.
    #[must_use]
    pub fn drain_timeout(mut self, timeout: Duration) -> Self {
        self.drain_timeout = timeout;
        self
    }

    /// The longest pause before an address that keeps failing is dialled again. An address fails when a dial fails, and
    /// when a channel ends or goes away within a second. The first pause is 10 ms, and each failure doubles it. A call
    /// waits for the pause within its time-out, together with all others to that address; one whose time-out ends
    /// sooner fails at once with the cause of the last failure. Default: 1 s. Zero: no pauses. Java has none.
    #[must_use]
    pub fn longest_reconnect_pause(mut self, pause: Duration) -> Self {
        self.longest_reconnect_pause = pause;
        self
    }

    /// Whether a [call to whichever name server answers](super::RemotingClient::invoke_name_server) is sent to a second
    /// name server of the list if the first has not answered in its share of the time-out. The first answer counts.
    /// Name servers answer queries, which may be repeated; without this a name server that accepts connections and
    /// answers nothing takes all the time of one call. Default: true. Java asks one.
    #[must_use]
    pub fn hedge_name_servers(mut self, hedge: bool) -> Self {
        self.hedge_name_servers = hedge;
        self
    }

    /// Makes the order in which this client tries name servers depend on nothing but the list and this seed, for
    /// tests and simulations. Default: another order for each client, so that clients spread over the name servers.
    #[must_use]
    pub fn name_server_seed(mut self, seed: u64) -> Self {
        self.name_server_seed = Some(seed);
        self
    }

    /// Which addresses are dialled through a SOCKS5 proxy; TLS works through it as without. Needs the feature `socks`:
    /// without it any proxy is refused. Default: none.
    /// Java: `socksProxyConfig`, whose JSON [`SocksProxies::from_json`] reads.
    #[must_use]
    pub fn socks_proxies(mut self, proxies: SocksProxies) -> Self {
        self.socks_proxies = proxies;
        self
    }

    /// Sets the IP address that connections are dialled from, for hosts with several. The system chooses the port.
    /// Addresses of the other family cannot be dialled then. Default: `None`, the system chooses. Java has none.
    #[must_use]
    pub fn local_address(mut self, address: impl Into<Option<IpAddr>>) -> Self {
        self.endpoint.socket.local_address = address.into();
        self
    }

    /// Checks what the types cannot. [`build`](super::RemotingClientBuilder::build) does so too.
    ///
    /// # Errors
    ///
    /// When a value is absurd, or needs a feature that is off: the error names the setting and its Java key.
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
        let mut options = ConnectOptions::default();
        options.socket = self.endpoint.socket.clone();
        options.socks_proxies = self.socks_proxies.clone();
        options
    }
}

endpoint_setters!(ClientConfig);
