use remoting_transport::{Address, BindError};

use crate::config::ConfigError;
use crate::error::Cause;

/// Why a server, or one of its ports, does not start.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// [`bind`](super::RemotingServerBuilder::bind) or [`bind_also`](super::RemotingServer::bind_also) was
    /// given something that is no address.
    #[error("cannot listen: this is not an address")]
    Address {
        /// What is wrong with it.
        #[source]
        cause: Cause,
    },
    /// The address cannot be bound. Java: `IllegalStateException("Failed to bind to …")`.
    #[error(transparent)]
    Bind(
        /// The address, and what the system said.
        std::sync::Arc<BindError>,
    ),
    /// This server listens on that address already. Java: `The port … already in use by another RemotingServer`.
    #[error("{addr} is already in use by this server")]
    AlreadyListening {
        /// The address.
        addr: Address,
    },
    /// A setting is absurd.
    #[error("the configuration of the server is not valid")]
    Config(#[from] ConfigError),
    /// The server has been shut down.
    #[error("this server has been shut down")]
    ShutDown,
}

impl From<BindError> for ServerError {
    fn from(error: BindError) -> Self {
        Self::Bind(std::sync::Arc::new(error))
    }
}
