//! Dialling without a proxy in between.

use std::{io, net::SocketAddr};

use super::{
    ConnectAttempts, ConnectOptions,
    happy_eyeballs::{interleave, race},
};
use crate::{address::Address, connection::Connection, memory, socket};

/// Why an address was not connected.
#[derive(Debug)]
pub(super) enum DialError {
    Io(io::Error),
    Addresses(ConnectAttempts),
    NoAddress,
}

impl DialError {
    /// Returns the same as an I/O error, for the error of a proxy. Its kind is that of the last attempt.
    #[cfg(feature = "socks")]
    pub(super) fn into_io(self) -> io::Error {
        match self {
            Self::Io(error) => error,
            Self::Addresses(attempts) => {
                io::Error::new(attempts.kind().unwrap_or(io::ErrorKind::Other), attempts)
            }
            Self::NoAddress => {
                io::Error::new(io::ErrorKind::NotFound, "the host name resolves to no address")
            }
        }
    }
}

impl From<io::Error> for DialError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Dials without a proxy in between. `attempts` is what has become of the addresses of a host name, until one of
/// them is connected.
pub(super) async fn dial_directly(
    address: &Address,
    options: &ConnectOptions,
    attempts: &mut ConnectAttempts,
) -> Result<Connection, DialError> {
    match address {
        Address::Socket(socket) => Ok(socket::connect(*socket, &options.socket).await?),
        Address::Host { host, port } => {
            let resolved = tokio::net::lookup_host((&**host, *port)).await?;
            dial_any(&interleave(resolved), options, attempts).await
        }
        #[cfg(unix)]
        Address::Unix(path) => {
            let stream = tokio::net::UnixStream::connect(path).await?;
            Ok(Connection::new(stream, Address::unix(""), address.clone()))
        }
        #[cfg(not(unix))]
        Address::Unix(_) => Err(io::Error::from(io::ErrorKind::Unsupported).into()),
        Address::Memory(name) => {
            let (stream, local) = memory::connect(name)?;
            Ok(Connection::new(stream, local, address.clone()))
        }
    }
}

/// Dials whichever of the addresses of a name answers first.
pub(super) async fn dial_any(
    candidates: &[SocketAddr],
    options: &ConnectOptions,
    attempts: &mut ConnectAttempts,
) -> Result<Connection, DialError> {
    if candidates.is_empty() {
        return Err(DialError::NoAddress);
    }
    let dial = |candidate| socket::connect(candidate, &options.socket);
    let connected = race(candidates, attempts, dial).await;
    let tried = std::mem::take(attempts);
    connected.ok_or(DialError::Addresses(tried))
}
