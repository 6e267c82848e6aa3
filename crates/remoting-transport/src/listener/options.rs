//! The configuration of a listener.

use std::time::Duration;

use crate::socket::SocketOptions;

/// The configuration of a [`Listener`](crate::Listener).
///
/// ```
/// use std::time::Duration;
///
/// use remoting_transport::ListenerOptions;
///
/// let options = ListenerOptions::new()
///     .max_connections(10_000)
///     .max_connections_per_network(100)
///     .prologue_timeout(Duration::from_secs(10));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct ListenerOptions {
    pub(crate) max_connections: usize,
    pub(crate) max_connections_per_network: Option<usize>,
    pub(crate) network_prefix_v4: u8,
    pub(crate) network_prefix_v6: u8,
    pub(crate) prologue_timeout: Duration,
    pub(crate) max_pending_prologues: usize,
    pub(crate) socket: SocketOptions,
}

impl ListenerOptions {
    /// Creates the default options.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how many connections may be open at once. Default: 65 536.
    ///
    /// A connection beyond the limit is accepted, counted and closed at once. Each open connection costs memory and a
    /// file descriptor.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.max_connections = connections;
        self
    }

    /// Sets how many connections may be open at once from one [network](Self::network_prefixes) of peers.
    /// Default: `None`, no limit.
    ///
    /// A connection beyond the limit is counted and closed at once. The limit applies to the address of the socket:
    /// behind a proxy all clients share the proxy's address, so set such a limit at the proxy.
    pub fn max_connections_per_network(mut self, connections: impl Into<Option<usize>>) -> Self {
        self.max_connections_per_network = connections.into();
        self
    }

    /// Sets how many leading bits of an address identify its network. Default: 32 for IPv4, each address is a network;
    /// 64 for IPv6, because one host often has a /64 to itself. Larger values count as 32 and 128.
    pub fn network_prefixes(mut self, v4: u8, v6: u8) -> Self {
        (self.network_prefix_v4, self.network_prefix_v6) = (v4, v6);
        self
    }

    /// Sets how long all prologue steps of a connection may take together. Default: 30 s.
    ///
    /// A backstop: each step also has its own deadline of a few seconds.
    pub fn prologue_timeout(mut self, timeout: Duration) -> Self {
        self.prologue_timeout = timeout;
        self
    }

    /// Sets how many connections may be in their prologue at once, which is mostly the TLS handshake. Default: 8 192;
    /// zero counts as one. A stalled handshake costs about 13 KB.
    ///
    /// A connection beyond the limit displaces the oldest connection of the [network](Self::network_prefixes) with the
    /// most pending prologues, so a peer that opens many displaces its own.
    /// [`ListenerStatistics::displaced_in_prologue`](crate::ListenerStatistics::displaced_in_prologue) counts them.
    pub fn max_pending_prologues(mut self, connections: usize) -> Self {
        self.max_pending_prologues = connections;
        self
    }

    /// Sets the options of the listening socket and of each accepted socket. Default: [`SocketOptions::default`].
    pub fn socket(mut self, socket: SocketOptions) -> Self {
        self.socket = socket;
        self
    }
}

impl Default for ListenerOptions {
    fn default() -> Self {
        Self {
            max_connections: 65_536,
            max_connections_per_network: None,
            network_prefix_v4: 32,
            network_prefix_v6: 64,
            prologue_timeout: Duration::from_secs(30),
            max_pending_prologues: 8_192,
            socket: SocketOptions::default(),
        }
    }
}
