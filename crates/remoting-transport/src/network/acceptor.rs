use std::{fmt, future::Future, io, pin::Pin};

use thiserror::Error;

use crate::{address::Address, connection::Connection};

/// The future that [`Acceptor::accept`] returns.
pub type AcceptFuture<'a> = Pin<Box<dyn Future<Output = Result<Connection, AcceptFailure>> + Send + 'a>>;

/// A bound address of a [`Network`](crate::Network) that accepts connections. Dropping it frees the address.
pub trait Acceptor: fmt::Debug + Send + 'static {
    /// Returns the bound address. If port 0 was requested, it contains the selected port.
    fn local_addr(&self) -> &Address;

    /// Accepts the next connection. The listener drops the future early only when it closes.
    ///
    /// # Errors
    /// Returns an [`AcceptFailure`], whose variant decides how the listener proceeds. A panic counts as
    /// [`AcceptFailure::Listener`].
    fn accept(&mut self) -> AcceptFuture<'_>;
}

/// The reason why a connection was not accepted.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AcceptFailure {
    /// A single connection failed before it was accepted. The listener accepts the next connection.
    #[error("a connection could not be accepted")]
    Connection(#[source] io::Error),
    /// The system has run out of a resource, such as file descriptors. The listener retries after a pause of 10 ms,
    /// which doubles up to 1 s.
    #[error("no connection can be accepted now")]
    Resources(#[source] io::Error),
    /// The listening socket failed for good. The listener closes.
    #[error("the listening socket failed")]
    Listener(#[source] io::Error),
}

impl From<io::Error> for AcceptFailure {
    /// Classifies an error of the system call `accept`. On Linux, `accept` also returns pending network errors of the
    /// new connection, and errors caused by firewall rules.
    fn from(error: io::Error) -> Self {
        use io::ErrorKind::{
            ConnectionAborted, ConnectionReset, HostUnreachable, Interrupted, InvalidInput, NetworkDown,
            NetworkUnreachable, NotConnected, PermissionDenied, TimedOut,
        };
        match error.kind() {
            ConnectionAborted | ConnectionReset | NotConnected | Interrupted | TimedOut | NetworkDown
            | NetworkUnreachable | HostUnreachable | PermissionDenied => Self::Connection(error),
            // `EINVAL`: the socket is not listening.
            InvalidInput => Self::Listener(error),
            _ => Self::Resources(error),
        }
    }
}
