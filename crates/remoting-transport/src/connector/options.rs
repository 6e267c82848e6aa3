//! How a connection is dialled.

use crate::{socket::SocketOptions, socks::SocksProxies};

/// How [`connect`](crate::connect) dials.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ConnectOptions {
    /// What is set on each dialled socket.
    pub socket: SocketOptions,
    /// Which addresses are dialled through a SOCKS5 proxy, which needs the feature `socks`. Default: none.
    pub socks_proxies: SocksProxies,
}
