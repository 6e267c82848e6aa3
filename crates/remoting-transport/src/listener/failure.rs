//! What a failure to accept is about.

use std::io;

/// A failure to accept.
#[derive(Debug)]
pub(super) enum AcceptFailure {
    /// Of one connection, which was gone before it was accepted, or at once. Nothing is wrong with the listener.
    Connection(io::Error),
    /// Of what the system has too little of, such as file descriptors. It may go by.
    Resources(io::Error),
    /// Of the listening socket, which was shut down.
    Listener(io::Error),
}

impl AcceptFailure {
    /// What the system said when it was asked for the next connection. Linux also reports what had become of that
    /// connection on the network, and what a firewall thinks of it.
    pub(super) fn of(error: io::Error) -> Self {
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
