//! Dialling.

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

/// Dials an address on the [`SystemNetwork`]: a connection, or the reason why not, within `timeout`.
///
/// A host name is resolved anew each time. Its addresses race, as RFC 8305 ("Happy Eyeballs") has it: they are tried in
/// the resolver's order with IPv6 and IPv4 taking turns, each 250 ms after the one before it, or at once if one
/// failed; the first connection counts. So an address that does not answer costs 250 ms, and not the whole `timeout`.
///
/// An address for which [`ConnectOptions::socks_proxies`] has a proxy is dialled through it; a host name is then
/// resolved by the proxy.
/// This is the bare connection; [`Bootstrap::connect`](crate::Bootstrap::connect) runs the prologue on it as well.
///
/// # Cancellation
/// Dropping this future closes whatever was opened.
///
/// # Errors
/// When nobody listens there, the name has no address, or time runs out.
pub async fn connect(
    address: &Address,
    options: &ConnectOptions,
    timeout: Duration,
) -> Result<Connection, ConnectError> {
    connect_on(&SystemNetwork, address, options, timeout).await
}

/// Dials an address on a network, as [`connect`] does.
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
