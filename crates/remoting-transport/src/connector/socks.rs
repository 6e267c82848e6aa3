//! The client side of SOCKS5, on whatever stream leads to the proxy.

#[cfg(feature = "socks")]
mod greeting;

use std::{io, time::Duration};

use thiserror::Error;

use super::ConnectOptions;
use crate::{
    address::Address,
    connection::Connection,
    network::{ConnectAttempts, Network},
    socks::SocksProxy,
};

/// Why no connection came about through a proxy.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SocksError {
    /// The proxy itself could not be reached.
    #[error("the proxy cannot be reached")]
    Unreachable(#[source] io::Error),
    /// The connection to the proxy broke.
    #[error("the proxy's connection broke")]
    Io(#[source] io::Error),
    /// The proxy wants credentials, or others than it was given.
    #[error("the proxy does not accept the credentials, or wants some: {0}")]
    Credentials(Box<str>),
    /// The proxy could not, or would not, connect to the address.
    #[error("the proxy says: {0}")]
    Refused(Box<str>),
    /// What came is not SOCKS5.
    #[error("the proxy does not speak SOCKS5: {0}")]
    Protocol(Box<str>),
    /// The host name is longer than the 255 bytes that SOCKS5 can carry.
    #[error("the host name of {length} bytes is longer than SOCKS5 can carry, 255")]
    #[non_exhaustive]
    HostTooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// This build dials no proxies: the feature `socks` is off.
    #[error("the feature `socks` of the crate `remoting` is off")]
    FeatureOff,
    /// It took too long.
    #[error("no connection after {timeout:?}")]
    #[non_exhaustive]
    Timeout {
        /// The time it was given.
        timeout: Duration,
        /// What became of the addresses of the proxy's host name, if none of them was connected.
        #[source]
        attempts: Option<ConnectAttempts>,
    },
}

/// Returns a connection to `target` through `proxy`, which resolves a host name itself. The connection's peer is the
/// target, its socket's peer the proxy. `attempts` is what has become of the addresses of the proxy's name, until one
/// of them is connected.
#[cfg(feature = "socks")]
pub(super) async fn dial(
    network: &dyn Network,
    proxy: &SocksProxy,
    target: &Address,
    options: &ConnectOptions,
    attempts: &mut ConnectAttempts,
) -> Result<Connection, SocksError> {
    use crate::{network, socks::LONGEST_CREDENTIAL};

    if let Address::Host { host, .. } = target
        && host.len() > LONGEST_CREDENTIAL
    {
        return Err(SocksError::HostTooLong { length: host.len() });
    }
    let mut connection = network::dial(network, proxy.address(), &options.socket, attempts)
        .await
        .map_err(|error| SocksError::Unreachable(error.into_io()))?;
    greeting::greet(proxy, target, &mut connection.stream).await?;
    connection.peer = target.clone();
    Ok(connection)
}

/// Refuses: nothing is dialled directly that should go through a proxy.
#[cfg(not(feature = "socks"))]
pub(super) async fn dial(
    _network: &dyn Network,
    _proxy: &SocksProxy,
    _target: &Address,
    _options: &ConnectOptions,
    _attempts: &mut ConnectAttempts,
) -> Result<Connection, SocksError> {
    Err(SocksError::FeatureOff)
}
