//! Why a listener could not be opened, or has ended.

use std::io;

use thiserror::Error;

use crate::address::Address;

/// Why a listener could not be opened.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BindError {
    /// The system refused.
    #[error("cannot listen on {address}")]
    Io {
        /// Where it should have listened.
        address: Address,
        /// What the system said.
        source: io::Error,
    },
    /// The host name has no address.
    #[error("cannot listen on {address}: the host name resolves to no address")]
    NoAddress {
        /// Where it should have listened.
        address: Address,
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
