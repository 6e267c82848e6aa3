use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use remoting_transport::{
    AcceptError, Address, Bootstrap, Channel, CloseReason, InboundSink, Listener, ListenerStatistics,
    TaskGroup,
};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::config::ServerConfig;
use super::error::ServerError;
use super::shutdown::Ending;
use crate::endpoint::Endpoint;

/// One address that a server listens on, with the endpoint of its channels. Dropping it aborts everything that
/// came in there.
#[derive(Debug)]
pub(super) struct Port {
    local: Address,
    pub(super) endpoint: Arc<Endpoint>,
    pub(super) statistics: Arc<ListenerStatistics>,
    /// Cancelled: the listener closes.
    accepting: CancellationToken,
    accept_task: Mutex<Option<JoinHandle<Option<AcceptError>>>>,
    /// The tasks of accepted connections.
    pub(super) connections: TaskGroup,
    /// The shutdown, once one was asked for.
    pub(super) ending: OnceLock<Ending>,
}

impl Port {
    /// Binds, and accepts from now on.
    pub(super) async fn open(
        address: &Address,
        endpoint: Arc<Endpoint>,
        bootstrap: Bootstrap,
        config: &ServerConfig,
    ) -> Result<Self, ServerError> {
        let listener = Listener::bind(address, config.listener_options()).await?;
        let (connections, accepting) = (TaskGroup::new(), CancellationToken::new());
        let (local, statistics) = (listener.local_addr().clone(), listener.statistics());
        let sinks = {
            let endpoint = Arc::clone(&endpoint);
            move |channel: &Channel| -> Box<dyn InboundSink> { Box::new(endpoint.open(channel.clone()).1) }
        };
        let serve = listener.serve(bootstrap, sinks, connections.clone());
        let accept_task = tokio::spawn(accepting.clone().run_until_cancelled_owned(serve));
        tracing::info!(%local, "listening");
        Ok(Self {
            local,
            endpoint,
            statistics,
            accepting,
            accept_task: Mutex::new(Some(accept_task)),
            connections,
            ending: OnceLock::new(),
        })
    }

    pub(super) const fn local_addr(&self) -> &Address {
        &self.local
    }

    /// Ends once all connections have, after their last events.
    pub(super) fn connections_ended(&self) -> impl Future<Output = ()> + Send + use<> {
        let connections = self.connections.clone();
        async move { connections.ended().await }
    }

    /// Closes the listener; when this returns, nobody can connect any more.
    pub(super) async fn stop_accepting(&self) {
        self.accepting.cancel();
        let task = self.accept_task.lock().take();
        if let Some(task) = task
            && let Err(error) = task.await
        {
            tracing::error!(local = %self.local, "the accept task failed: {error}");
        }
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
        self.accepting.cancel();
        self.endpoint.abort(&CloseReason::local("the server was dropped"));
        self.connections.abort();
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.abort();
    }
}
