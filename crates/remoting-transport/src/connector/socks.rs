//! The client side of SOCKS5, on whatever stream leads to the proxy.

#[cfg(test)]
mod tests;

use std::{io, time::Duration};

use thiserror::Error;
use tokio_socks::{Error as GreetError, TargetAddr, tcp::Socks5Stream};

use super::{ConnectAttempts, ConnectOptions, dial::dial_directly};
use crate::{
    address::Address,
    connection::Connection,
    socks::{LONGEST_CREDENTIAL, SocksProxy},
    stream::Stream,
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
    HostTooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// It took too long.
    #[error("no connection after {timeout:?}")]
    Timeout {
        /// The time it was given.
        timeout: Duration,
        /// What became of the addresses of the proxy's host name, if none of them was connected.
        #[source]
        attempts: Option<ConnectAttempts>,
    },
}

/// A connection to `target` through `proxy`. A host name is resolved by the proxy. The connection's peer is the
/// target, its socket's peer the proxy. `attempts` is what has become of the addresses of the proxy's name, until one
/// of them is connected.
pub(super) async fn dial(
    proxy: &SocksProxy,
    target: &Address,
    options: &ConnectOptions,
    attempts: &mut ConnectAttempts,
) -> Result<Connection, SocksError> {
    let to = match target {
        Address::Socket(socket) => TargetAddr::Ip(*socket),
        Address::Host { host, .. } if host.len() > LONGEST_CREDENTIAL => {
            return Err(SocksError::HostTooLong { length: host.len() });
        }
        Address::Host { host, port } => TargetAddr::Domain((&**host).into(), *port),
        other => return Err(SocksError::Refused(format!("{other} is no address of a network").into())),
    };
    let mut connection = dial_directly(proxy.address(), options, attempts)
        .await
        .map_err(|error| SocksError::Unreachable(error.into_io()))?;
    greet(proxy, to, &mut connection.stream).await.map_err(describe)?;
    connection.peer = target.clone();
    Ok(connection)
}

/// Asks the proxy at the other end of the stream for a connection.
async fn greet(proxy: &SocksProxy, to: TargetAddr<'_>, stream: &mut Stream) -> Result<(), GreetError> {
    match proxy.credentials() {
        None => Socks5Stream::connect_with_socket(stream, to).await?,
        Some((username, password)) => {
            Socks5Stream::connect_with_password_and_socket(stream, to, username, password.expose()).await?
        }
    };
    Ok(())
}

fn describe(error: GreetError) -> SocksError {
    let text = error.to_string().into();
    match error {
        GreetError::Io(source) => SocksError::Io(source),
        GreetError::NoAcceptableAuthMethods
        | GreetError::AuthorizationRequired
        | GreetError::InvalidAuthValues(_)
        | GreetError::PasswordAuthFailure(_) => SocksError::Credentials(text),
        GreetError::InvalidResponseVersion
        | GreetError::UnknownAuthMethod
        | GreetError::InvalidReservedByte
        | GreetError::UnknownAddressType
        | GreetError::InvalidTargetAddress(_) => SocksError::Protocol(text),
        _ => SocksError::Refused(text),
    }
}
