use std::{fmt, future::Future, io, pin::Pin};

use thiserror::Error;

use crate::{address::Address, connection::Connection};

/// What [`Acceptor::accept`] returns.
pub type AcceptFuture<'a> = Pin<Box<dyn Future<Output = Result<Connection, AcceptFailure>> + Send + 'a>>;

/// A bound address at which connections arrive, of a [`Network`](crate::Network). Dropping it frees the address.
pub trait Acceptor: fmt::Debug + Send + 'static {
    /// Returns where it listens, with the port that was chosen for port 0.
    fn local_addr(&self) -> &Address;

    /// Accepts the next connection. The future is dropped when the listener closes, and not before it is done
    /// otherwise.
    ///
    /// # Errors
    /// The variant says what the listener does next.
    fn accept(&mut self) -> AcceptFuture<'_>;
}

/// Why a connection was not accepted.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AcceptFailure {
    /// This one connection failed before it was accepted. The listener accepts the next one.
    #[error("a connection could not be accepted")]
    Connection(#[source] io::Error),
    /// The system lacks something, such as file descriptors. The listener tries again after a pause of 10 ms, which
    /// doubles up to a second.
    #[error("no connection can be accepted now")]
    Resources(#[source] io::Error),
    /// No connection will ever be accepted again. The listener ends.
    #[error("the listening socket failed")]
    Listener(#[source] io::Error),
}

impl From<io::Error> for AcceptFailure {
    /// Sorts an error of the system call `accept`. Linux also reports the errors that the new connection met on the
    /// network, and those of a firewall.
    fn from(error: io::Error) -> Self {
        use io::ErrorKind::{
            ConnectionAborted, ConnectionReset, HostUnreachable, Interrupted, InvalidInput, NetworkDown,
            NetworkUnreachable, NotConnected, PermissionDenied, TimedOut,
        };
        match error.kind() {
            ConnectionAborted | ConnectionReset | NotConnected | Interrupted | TimedOut | NetworkDown
            | NetworkUnreachable | HostUnreachable | PermissionDenied => Self::Connection(error),
            // `EINVAL`: the socket does not listen.
            InvalidInput => Self::Listener(error),
            _ => Self::Resources(error),
        }
    }
}
