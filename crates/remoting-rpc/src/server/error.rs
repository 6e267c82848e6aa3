use remoting_transport::{Address, BindError};

use crate::config::ConfigError;
use crate::error::Cause;

/// Why a server, or one of its ports, does not start.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// [`bind`](super::RemotingServerBuilder::bind) or [`listen_also`](super::RemotingServer::listen_also) was
    /// given something that is no address.
    #[error("cannot listen: {cause}")]
    Address {
        /// What is wrong with it.
        #[source]
        cause: Cause,
    },
    /// The address cannot be bound. Java: `IllegalStateException("Failed to bind to …")`.
    #[error("{cause}")]
    Bind {
        /// The address, and what the system said.
        #[source]
        cause: std::sync::Arc<BindError>,
    },
    /// This server listens on that address already. Java: `The port … already in use by another RemotingServer`.
    #[error("{addr} is already in use by this server")]
    AlreadyListening {
        /// The address.
        addr: Address,
    },
    /// A setting is absurd.
    #[error("server configuration: {0}")]
    Config(#[from] ConfigError),
    /// The server has been shut down.
    #[error("this server has been shut down")]
    ShutDown,
}

impl From<BindError> for ServerError {
    fn from(error: BindError) -> Self {
        Self::Bind { cause: std::sync::Arc::new(error) }
    }
}
