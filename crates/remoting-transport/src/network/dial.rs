//! Dialling an address of any kind on a network.

use std::{io, net::SocketAddr};

use super::{
    ConnectAttempts, Network,
    happy_eyeballs::{interleave, race},
};
use crate::{address::Address, connection::Connection, socket::SocketOptions};

/// The reason why a dial failed.
#[derive(Debug)]
pub(crate) enum DialError {
    Io(io::Error),
    Addresses(ConnectAttempts),
    NoAddress,
}

impl DialError {
    /// Converts into an I/O error. For several addresses, the kind is that of the last failed attempt.
    pub(crate) fn into_io(self) -> io::Error {
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

/// Dials an address. If the network resolves a host name, its addresses race. While they do, `attempts` holds the
/// outcome of each.
pub(crate) async fn dial(
    network: &dyn Network,
    address: &Address,
    options: &SocketOptions,
    attempts: &mut ConnectAttempts,
) -> Result<Connection, DialError> {
    if let Address::Host { host, port } = address
        && let Some(resolved) = network.resolve(host, *port).await?
    {
        return dial_any(network, &interleave(resolved), options, attempts).await;
    }
    Ok(network.dial(address, options).await?)
}

/// Dials the addresses of a name and returns the first connection.
async fn dial_any(
    network: &dyn Network,
    candidates: &[SocketAddr],
    options: &SocketOptions,
    attempts: &mut ConnectAttempts,
) -> Result<Connection, DialError> {
    if candidates.is_empty() {
        return Err(DialError::NoAddress);
    }
    let dial = |candidate: SocketAddr| async move { network.dial(&candidate.into(), options).await };
    let connected = race(candidates, attempts, dial).await;
    let tried = std::mem::take(attempts);
    connected.ok_or(DialError::Addresses(tried))
}
