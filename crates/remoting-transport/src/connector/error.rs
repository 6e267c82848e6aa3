//! Errors of a dial.

use std::{io, time::Duration};

use thiserror::Error;

use super::SocksError;
use crate::{
    address::Address,
    network::{ConnectAttempts, DialError},
    prologue::PrologueError,
};

/// Why a connection could not be established.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The network or the peer refused the connection.
    #[error("connect to {address} failed")]
    #[non_exhaustive]
    Io {
        /// The dialled address.
        address: Address,
        /// The I/O error.
        source: io::Error,
    },
    /// The time limit passed.
    #[error("connect to {address} failed: no connection after {timeout:?}")]
    #[non_exhaustive]
    Timeout {
        /// The dialled address.
        address: Address,
        /// The time limit.
        timeout: Duration,
        /// The attempts made so far, if a host name was dialled.
        #[source]
        attempts: Option<ConnectAttempts>,
    },
    /// All addresses of the host name failed.
    #[error("connect to {address} failed")]
    #[non_exhaustive]
    Addresses {
        /// The dialled address.
        address: Address,
        /// The result of each attempt.
        source: ConnectAttempts,
    },
    /// The host name resolves to no address.
    #[error("connect to {address} failed: the host name resolves to no address")]
    #[non_exhaustive]
    NoAddress {
        /// The dialled address.
        address: Address,
    },
    /// The dial through the SOCKS5 proxy of this address failed.
    #[error("connect to {address} through the SOCKS5 proxy {proxy} failed")]
    #[non_exhaustive]
    Socks {
        /// The dialled address.
        address: Address,
        /// The proxy's address.
        proxy: Address,
        /// The cause.
        source: SocksError,
    },
    /// A prologue step failed.
    #[error("connect to {address} failed")]
    #[non_exhaustive]
    Prologue {
        /// The dialled address.
        address: Address,
        /// The step and its error.
        source: PrologueError,
    },
    /// A prologue step claimed the connection for another protocol. Only accepted connections can be claimed.
    #[error("connect to {address} failed: a prologue step claimed the connection")]
    #[non_exhaustive]
    Claimed {
        /// The dialled address.
        address: Address,
    },
}

impl ConnectError {
    pub(super) fn dial(address: &Address, error: DialError) -> Self {
        let address = address.clone();
        match error {
            DialError::Io(source) => Self::Io { address, source },
            DialError::Addresses(source) => Self::Addresses { address, source },
            DialError::NoAddress => Self::NoAddress { address },
        }
    }
}
