use std::sync::Arc;

use remoting_transport::protocol::RequestCode;
use remoting_transport::{Address, ListenerStatistics};

use super::config::ServerConfig;
use super::port::Port;
use super::port::ShutdownReport;
use super::statistics::ServerStatistics;
use crate::channel::RpcChannel;
use crate::error::Cause;
use crate::executor::Executor;
use crate::hook::RpcHook;
use crate::processor::{ProcessorSet, Registration, RequestPipeline, RequestProcessor};

/// A further port of a [`RemotingServer`](super::RemotingServer), with its own processors, hooks, request pipeline and
/// permits. Java: `SubRemotingServer`, whose calls to clients never time out.
///
/// This is a handle. The server owns the port and shuts it down with itself.
#[derive(Debug, Clone)]
pub struct SubServer {
    port: Arc<Port>,
    config: ServerConfig,
}

impl SubServer {
    pub(super) const fn new(port: Arc<Port>, config: ServerConfig) -> Self {
        Self { port, config }
    }

    /// Returns the address of the listener. If port 0 was requested, it contains the port that the system chose.
    #[must_use]
    pub fn local_addr(&self) -> &Address {
        self.port.local_addr()
    }

    /// Returns the channels of the clients connected to this port.
    #[must_use]
    pub fn channels(&self) -> Vec<RpcChannel> {
        self.port.endpoint.channels.list()
    }

    /// Returns the counters of the listener: accepted, refused and failed connections.
    #[must_use]
    pub fn listener_statistics(&self) -> &ListenerStatistics {
        &self.port.statistics
    }

    /// Returns the error that stopped the listener: see
    /// [`RemotingServer::listener_failure`](super::RemotingServer::listener_failure).
    #[must_use]
    pub fn listener_failure(&self) -> Option<Cause> {
        self.port.accepting.failure()
    }

    /// Registers a processor on this port: see
    /// [`RemotingServer::register_processor`](super::RemotingServer::register_processor).
    pub fn register_processor(
        &self,
        code: RequestCode,
        executor: Executor,
        processor: impl RequestProcessor,
    ) {
        self.register_processors(ProcessorSet::new().on(code, executor, processor));
    }

    /// Registers the processors of a set on this port: see
    /// [`RemotingServer::register_processors`](super::RemotingServer::register_processors).
    pub fn register_processors<S>(&self, set: ProcessorSet<S>) {
        self.port.endpoint.processors.register(set);
    }

    /// Registers the default processor of this port: see
    /// [`RemotingServer::register_default_processor`](super::RemotingServer::register_default_processor).
    pub fn register_default_processor(&self, executor: Executor, processor: impl RequestProcessor) {
        self.port.endpoint.processors.register_default(Registration::new(executor, processor));
    }

    /// Appends a hook to this port: see [`RemotingServer::register_hook`](super::RemotingServer::register_hook).
    pub fn register_hook(&self, hook: impl RpcHook) {
        self.port.endpoint.register_hook(Arc::new(hook));
    }

    /// Appends a hook around calls from this port: see
    /// [`RemotingServer::register_call_hook`](super::RemotingServer::register_call_hook).
    pub fn register_call_hook(&self, hook: impl RpcHook) {
        self.port.endpoint.state.hooks.register(Arc::new(hook));
    }

    /// Returns a snapshot of this port's gauges and counters. `dropped_events` is always 0 here: the server counts the
    /// events of all ports.
    #[must_use]
    pub fn statistics(&self) -> ServerStatistics {
        ServerStatistics::of(&self.port, None)
    }

    /// Removes all hooks of this port: see [`RemotingServer::clear_hooks`](super::RemotingServer::clear_hooks).
    pub fn clear_hooks(&self) {
        self.port.endpoint.clear_hooks();
    }

    /// Replaces the request pipeline of this port: see
    /// [`RemotingServer::set_request_pipeline`](super::RemotingServer::set_request_pipeline).
    pub fn set_request_pipeline(&self, pipeline: impl RequestPipeline) {
        self.port.endpoint.processors.set_pipeline(Arc::new(pipeline));
    }

    /// Shuts down this port only, like [`RemotingServer::shutdown`](super::RemotingServer::shutdown).
    /// [`remove_sub_server`](super::RemotingServer::remove_sub_server) also removes it from the server, so that the
    /// address can be bound again.
    ///
    /// # Cancellation
    ///
    /// Dropping the future does not stop the shutdown. Another call waits for its end. Dropping the server aborts it.
    pub async fn shutdown(&self) -> ShutdownReport {
        self.port.shut_down(&self.config).await
    }
}
