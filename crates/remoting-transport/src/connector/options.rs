//! The configuration of a dial.

use crate::{socket::SocketOptions, socks::SocksProxies};

/// The configuration of [`connect`](crate::connect) and [`Bootstrap::connect`](crate::Bootstrap::connect).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[must_use]
pub struct ConnectOptions {
    pub(crate) socket: SocketOptions,
    pub(crate) socks_proxies: SocksProxies,
}

impl ConnectOptions {
    /// Creates the default options.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the options of each dialled socket. Default: [`SocketOptions::default`].
    pub fn socket(mut self, socket: SocketOptions) -> Self {
        self.socket = socket;
        self
    }

    /// Sets which addresses are dialled through a SOCKS5 proxy, which requires the feature `socks`. Default: none.
    pub fn socks_proxies(mut self, proxies: SocksProxies) -> Self {
        self.socks_proxies = proxies;
        self
    }
}
