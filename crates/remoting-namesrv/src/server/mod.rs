//! The name server: its state, its handlers, and the tasks around them.

mod builder;
mod configuration;
mod handlers;
mod housekeeping;
#[cfg(feature = "metrics")]
mod metrics;
mod notifier;
mod state;
mod statistics;

use std::sync::Arc;

use remoting::model::body::{ClusterInfo, TopicRouteData};
use remoting::{Address, RemotingClient, RemotingServer, ServerStatistics, ShutdownReport, SubServer};

pub use self::builder::{NameServerBuilder, StartError};
use self::housekeeping::AbortOnDrop;
use self::state::State;
pub use self::statistics::NameServerStatistics;
use crate::config::NameServerConfig;

/// A name server: brokers register their topics with it, and clients ask it for routes.
///
/// ```
/// use remoting_namesrv::NameServer;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let name_server = NameServer::builder().bind("memory:name-server-page").start().await?;
/// assert!(name_server.cluster_info().broker_addr_table.is_empty());
/// assert!(name_server.shutdown().await.is_clean());
/// # Ok(())
/// # }
/// ```
///
/// Dropping it without [`shutdown`](Self::shutdown) aborts it, like a [`RemotingServer`].
#[derive(Debug)]
pub struct NameServer {
    state: Arc<State>,
    server: RemotingServer,
    others: Vec<SubServer>,
    /// Notifies brokers.
    client: RemotingClient,
    _tasks: Vec<AbortOnDrop>,
}

impl NameServer {
    /// Returns a builder.
    pub fn builder() -> NameServerBuilder {
        NameServerBuilder::default()
    }

    /// Returns the address of the first listener. If port 0 was requested, it contains the port that the system chose.
    #[must_use]
    pub fn local_addr(&self) -> &Address {
        self.server.local_addr()
    }

    /// Returns the addresses of all listeners, in the order in which they were bound.
    pub fn local_addrs(&self) -> impl Iterator<Item = &Address> {
        [self.server.local_addr()].into_iter().chain(self.others.iter().map(SubServer::local_addr))
    }

    /// Returns the current configuration.
    pub fn config(&self) -> NameServerConfig {
        NameServerConfig::clone(&self.state.config())
    }

    /// Returns the route that a client gets for a topic, or `None` if the topic has none.
    #[must_use]
    pub fn route(&self, topic: &str) -> Option<TopicRouteData> {
        self.state.route_data(topic)
    }

    /// Returns the brokers of all clusters.
    #[must_use]
    pub fn cluster_info(&self) -> ClusterInfo {
        self.state.registry.cluster_info()
    }

    /// Returns what the name server holds now, and counters since its start.
    #[must_use]
    pub fn statistics(&self) -> NameServerStatistics {
        self.state.statistics()
    }

    /// Returns the statistics of the remoting server of the first listener.
    #[must_use]
    pub fn server_statistics(&self) -> ServerStatistics {
        self.server.statistics()
    }

    /// Shuts down: see [`RemotingServer::shutdown`]. Clients that understand `GO_AWAY` move to another name server.
    /// Brokers are not unregistered, and what was registered is gone with this value.
    ///
    /// # Cancellation
    ///
    /// Dropping the future does not stop the shutdown of the server. Another call of this method waits for its end.
    pub async fn shutdown(&self) -> ShutdownReport {
        self.state.begin_shutdown();
        let report = self.server.shutdown().await;
        self.client.shutdown().await;
        report
    }
}
