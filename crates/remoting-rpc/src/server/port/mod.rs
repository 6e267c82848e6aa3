mod accepting;
mod bind;
mod shutdown;

use std::sync::{Arc, OnceLock};

use remoting_transport::{
    Address, Bootstrap, Channel, CloseReason, EventLoopGroup, InboundSink, ListenerStatistics, Network,
    TaskGroup,
};

use self::accepting::Accepting;
pub(super) use self::bind::Bind;
pub(super) use self::shutdown::ABORT_TIMEOUT;
use self::shutdown::Ending;
pub use self::shutdown::ShutdownReport;
use crate::endpoint::Endpoint;
use crate::server::config::ServerConfig;
use crate::server::error::ServerError;

/// One address that a server listens on, with the endpoint of its channels. Dropping it aborts everything that
/// came in there.
#[derive(Debug)]
pub(super) struct Port {
    local: Address,
    pub(super) endpoint: Arc<Endpoint>,
    pub(super) statistics: Arc<ListenerStatistics>,
    pub(super) accepting: Accepting,
    /// The tasks of accepted connections.
    pub(super) connections: TaskGroup,
    /// The shutdown, once it has begun.
    pub(super) ending: OnceLock<Ending>,
}

impl Port {
    /// Binds, and accepts from now on.
    pub(super) async fn open(
        bind: Bind,
        network: &dyn Network,
        endpoint: Arc<Endpoint>,
        bootstrap: Bootstrap,
        config: &ServerConfig,
        event_loops: Option<&EventLoopGroup>,
    ) -> Result<Self, ServerError> {
        let mut listener = bind.listen(network, config.listener_options()).await?;
        if let Some(event_loops) = event_loops {
            listener = listener.event_loops(event_loops.clone());
        }
        let connections = TaskGroup::new();
        let (local, statistics) = (listener.local_addr().clone(), listener.statistics());
        let sinks = {
            let endpoint = Arc::clone(&endpoint);
            move |channel: &Channel| -> Box<dyn InboundSink> { Box::new(endpoint.open(channel.clone()).1) }
        };
        let serve = listener.serve(bootstrap, sinks, connections.clone());
        let accepting = Accepting::start(local.clone(), serve);
        tracing::info!(%local, "listening");
        Ok(Self { local, endpoint, statistics, accepting, connections, ending: OnceLock::new() })
    }

    pub(super) const fn local_addr(&self) -> &Address {
        &self.local
    }

    /// Ends once all connections have, after their last events.
    pub(super) fn connections_ended(&self) -> impl Future<Output = ()> + Send + use<> {
        let connections = self.connections.clone();
        async move { connections.ended().await }
    }

    /// Ends everything at once, a shutdown under way included.
    pub(super) fn abort(&self) {
        if let Some(ending) = self.ending.get() {
            ending.abort();
        }
        self.cut();
    }

    /// Ends all connections and requests at once.
    pub(super) fn cut(&self) {
        self.accepting.stop_soon();
        self.endpoint.abort(&CloseReason::local("the server was dropped"));
        self.connections.abort();
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.abort();
    }
}
