use remoting_transport::{Address, BindError};

use crate::config::ConfigError;
use crate::error::Cause;

/// An error that prevents a server or one of its ports from starting.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// The argument of [`bind`](super::RemotingServerBuilder::bind) or
    /// [`bind_also`](super::RemotingServer::bind_also) is not an address.
    #[error("cannot listen")]
    Address {
        /// The reason.
        #[source]
        cause: Cause,
    },
    /// The address cannot be bound. Java: `IllegalStateException("Failed to bind to …")`.
    #[error(transparent)]
    Bind(
        /// The address and the error of the system.
        std::sync::Arc<BindError>,
    ),
    /// This server already listens on the address. Java: `The port … already in use by another RemotingServer`.
    #[error("{addr} is already in use by this server")]
    AlreadyListening {
        /// The address.
        addr: Address,
    },
    /// An event loop cannot be started.
    #[error("cannot start an event loop, which needs a thread and file descriptors of its own")]
    EventLoops {
        /// The error of the system.
        #[source]
        cause: Cause,
    },
    /// A setting is out of range.
    #[error("invalid server configuration")]
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
