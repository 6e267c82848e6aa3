//! The client side of SOCKS5, on any stream that leads to the proxy.

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

/// Why a connection through a SOCKS5 proxy could not be established.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SocksError {
    /// The proxy could not be reached.
    #[error("the proxy cannot be reached")]
    Unreachable(#[source] io::Error),
    /// The connection to the proxy broke.
    #[error("the connection to the proxy broke")]
    Io(#[source] io::Error),
    /// The proxy rejected the credentials, or requires credentials.
    #[error("the proxy rejected the credentials or requires credentials: {0}")]
    Credentials(Box<str>),
    /// The proxy did not connect to the address.
    #[error("the proxy refused: {0}")]
    Refused(Box<str>),
    /// The bytes from the proxy are not SOCKS5.
    #[error("the proxy does not speak SOCKS5: {0}")]
    Protocol(Box<str>),
    /// The host name exceeds the 255 bytes that SOCKS5 can carry.
    #[error("the host name of {length} bytes exceeds the 255 bytes that SOCKS5 can carry")]
    #[non_exhaustive]
    HostTooLong {
        /// The length of the host name in bytes.
        length: usize,
    },
    /// The feature `socks` is off.
    #[error("the feature `socks` of the crate `remoting` is off")]
    FeatureOff,
    /// The time limit passed.
    #[error("no connection after {timeout:?}")]
    #[non_exhaustive]
    Timeout {
        /// The time limit.
        timeout: Duration,
        /// The attempts to connect to the addresses of the proxy's host name, if none succeeded.
        #[source]
        attempts: Option<ConnectAttempts>,
    },
}

/// Returns a connection to `target` through `proxy`, which resolves a host name. The connection's peer is the target;
/// the socket's peer is the proxy. `attempts` receives the attempts to connect to the proxy until one succeeds.
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

/// Fails: an address that has a proxy must not be dialled directly.
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
