//! Dials connections.

mod error;
mod options;
mod socks;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub use self::{error::ConnectError, options::ConnectOptions, socks::SocksError};
use crate::{
    address::Address,
    connection::Connection,
    network::{self, ConnectAttempts, Network, SystemNetwork},
};

/// Dials an address on the [`SystemNetwork`] within `timeout`.
///
/// A host name is resolved at each dial. Its addresses race as in RFC 8305 ("Happy Eyeballs"): they are tried in the
/// resolver's order, alternating between IPv6 and IPv4. Each attempt starts 250 ms after the previous one, or at once
/// if an attempt failed; the first connection wins. An unresponsive address costs 250 ms, not the whole `timeout`.
///
/// If [`ConnectOptions::socks_proxies`] has a proxy for the address, the address is dialled through it, and the proxy
/// resolves a host name.
///
/// Returns the bare connection. [`Bootstrap::connect`](crate::Bootstrap::connect) also runs the prologue.
///
/// # Cancellation
/// Dropping this future closes all sockets that it opened.
///
/// # Errors
/// Returns [`ConnectError`] if the connection is refused, the name has no address, or the time limit passes.
pub async fn connect(
    address: &Address,
    options: &ConnectOptions,
    timeout: Duration,
) -> Result<Connection, ConnectError> {
    connect_on(&SystemNetwork, address, options, timeout).await
}

/// Dials an address on a network; see [`connect`].
pub(crate) async fn connect_on(
    network: &dyn Network,
    address: &Address,
    options: &ConnectOptions,
    timeout: Duration,
) -> Result<Connection, ConnectError> {
    let mut attempts = ConnectAttempts::default();
    let Some(proxy) = options.socks_proxies.proxy_for(address) else {
        let dial = network::dial(network, address, &options.socket, &mut attempts);
        return match tokio::time::timeout(timeout, dial).await {
            Ok(dialled) => dialled.map_err(|error| ConnectError::dial(address, error)),
            Err(_elapsed) => {
                Err(ConnectError::Timeout { address: address.clone(), timeout, attempts: attempts.if_any() })
            }
        };
    };
    let dial = socks::dial(network, proxy, address, options, &mut attempts);
    let dialled = match tokio::time::timeout(timeout, dial).await {
        Ok(dialled) => dialled,
        Err(_elapsed) => Err(SocksError::Timeout { timeout, attempts: attempts.if_any() }),
    };
    dialled.map_err(|source| ConnectError::Socks {
        address: address.clone(),
        proxy: proxy.address().clone(),
        source,
    })
}
