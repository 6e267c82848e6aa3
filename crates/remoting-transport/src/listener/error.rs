//! Errors of a listener.

use std::io;

use thiserror::Error;

use crate::address::Address;

/// Why a listener could not be opened.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BindError {
    /// The address cannot be bound.
    #[error("cannot listen on {address}")]
    #[non_exhaustive]
    Io {
        /// The address.
        address: Address,
        /// The network's error.
        source: io::Error,
    },
    /// The given socket cannot be used.
    #[error("cannot listen on the given socket")]
    #[non_exhaustive]
    Listener {
        /// The cause.
        source: io::Error,
    },
}

/// Why a [`Listener`](crate::Listener) ended: its socket failed permanently.
#[derive(Debug, Error)]
#[error("the listener on {listener} has ended")]
pub struct AcceptError {
    /// The listener's address.
    pub listener: Address,
    /// The I/O error.
    pub source: io::Error,
}
