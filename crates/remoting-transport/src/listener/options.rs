//! How a listener accepts.

use std::time::Duration;

use crate::socket::SocketOptions;

/// How a [`Listener`](crate::Listener) accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListenerOptions {
    /// Connections that may be open at once; a further one is accepted and closed at once, and counted.
    /// Default: 65 536. Each costs memory and a file descriptor.
    pub max_connections: usize,
    /// Connections that may be open at once from one network of peers; a further one is closed at once, and
    /// counted. Default: `None`, no limit. It is the socket's address that counts: behind a proxy all clients share
    /// that of the proxy, and the proxy is the place for such a limit.
    pub max_connections_per_network: Option<usize>,
    /// How many leading bits of an IPv4 address make its network. Default: 32, each address is one. More than 32
    /// counts as 32.
    pub network_prefix_v4: u8,
    /// How many leading bits of an IPv6 address make its network. Default: 64, since one host often has a /64 to
    /// itself. More than 128 counts as 128.
    pub network_prefix_v6: u8,
    /// How long a connection may take for all its prologue steps together. Default: 30 s. It is what holds when all
    /// else fails: each step has a deadline of its own, of seconds.
    pub prologue_timeout: Duration,
    /// Connections that may be in their prologue at once, TLS handshakes above all. A further one displaces the
    /// oldest of the network of peers ([`network_prefix_v4`](Self::network_prefix_v4)) that has most in it, and is
    /// counted ([`ListenerStatistics::displaced_in_prologue`](crate::ListenerStatistics::displaced_in_prologue)): who
    /// opens many displaces its own. Default: 8 192; zero counts as one. A stalled handshake costs some 13 KB.
    pub max_pending_prologues: usize,
    /// The options of the listening socket and of each accepted one.
    pub socket: SocketOptions,
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
