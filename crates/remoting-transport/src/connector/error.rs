//! Why a connection could not be made.

use std::{io, time::Duration};

use thiserror::Error;

use super::SocksError;
use crate::{
    address::Address,
    network::{ConnectAttempts, DialError},
    pipeline::PipelineError,
    prologue::PrologueError,
};

/// Why a connection could not be made ready.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The system or the peer refused.
    #[error("connect to {address} failed")]
    Io {
        /// What was dialled.
        address: Address,
        /// What the system said.
        source: io::Error,
    },
    /// It took too long.
    #[error("connect to {address} failed: no connection after {timeout:?}")]
    Timeout {
        /// What was dialled.
        address: Address,
        /// The time it was given.
        timeout: Duration,
        /// What became of the addresses until then, if a host name was dialled.
        #[source]
        attempts: Option<ConnectAttempts>,
    },
    /// No address of the host name could be connected.
    #[error("connect to {address} failed")]
    Addresses {
        /// What was dialled.
        address: Address,
        /// What became of each of its addresses.
        source: ConnectAttempts,
    },
    /// The host name has no address.
    #[error("connect to {address} failed: the host name resolves to no address")]
    NoAddress {
        /// What was dialled.
        address: Address,
    },
    /// No connection came about through the SOCKS5 proxy for this address.
    #[error("connect to {address} through the SOCKS5 proxy {proxy} failed")]
    Socks {
        /// What was dialled.
        address: Address,
        /// The proxy.
        proxy: Address,
        /// What stopped it.
        source: SocksError,
    },
    /// A step before the first frame failed.
    #[error("connect to {address} failed")]
    Prologue {
        /// What was dialled.
        address: Address,
        /// The step and its fault.
        source: PrologueError,
    },
    /// A step before the first frame took the connection for another protocol, which only a server can.
    #[error("connect to {address} failed: a prologue step claimed the connection")]
    Claimed {
        /// What was dialled.
        address: Address,
    },
    /// The pipeline could not be built.
    #[error("connect to {address} failed")]
    Pipeline {
        /// What was dialled.
        address: Address,
        /// What the initializer did wrong.
        source: PipelineError,
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
