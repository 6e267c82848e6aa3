//! Why a listener could not be opened, or has ended.

use std::io;

use thiserror::Error;

use crate::address::Address;

/// Why a listener could not be opened.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BindError {
    /// The network refused.
    #[error("cannot listen on {address}")]
    #[non_exhaustive]
    Io {
        /// Where it should have listened.
        address: Address,
        /// What the network said.
        source: io::Error,
    },
    /// A socket that was handed over cannot be used.
    #[error("cannot listen on the socket that was handed over")]
    #[non_exhaustive]
    Listener {
        /// What is wrong with it.
        source: io::Error,
    },
}

/// Why a [`Listener`](crate::Listener) ended by itself: its socket accepts nothing any more, and never will.
#[derive(Debug, Error)]
#[error("the listener on {listener} has ended")]
pub struct AcceptError {
    /// Where it listened.
    pub listener: Address,
    /// What the system said.
    pub source: io::Error,
}
