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

/// One more port of a [`RemotingServer`](super::RemotingServer), with processors, hooks, request pipeline and
/// permits of its own. Java: `SubRemotingServer`, whose calls to clients never time out.
///
/// This is a handle: the server owns the port, and ends it when it ends.
#[derive(Debug, Clone)]
pub struct SubServer {
    port: Arc<Port>,
    config: ServerConfig,
}

impl SubServer {
    pub(super) const fn new(port: Arc<Port>, config: ServerConfig) -> Self {
        Self { port, config }
    }

    /// Where it listens, with the port that the system chose if port 0 was asked for.
    #[must_use]
    pub fn local_addr(&self) -> &Address {
        self.port.local_addr()
    }

    /// The clients that are connected here now.
    #[must_use]
    pub fn channels(&self) -> Vec<RpcChannel> {
        self.port.endpoint.channels.list()
    }

    /// Counters of the listener: connections accepted, refused, failed.
    #[must_use]
    pub fn listener_statistics(&self) -> &ListenerStatistics {
        &self.port.statistics
    }

    /// As [`RemotingServer::listener_failure`](super::RemotingServer::listener_failure), for this port.
    #[must_use]
    pub fn listener_failure(&self) -> Option<Cause> {
        self.port.accepting.failure()
    }

    /// As [`RemotingServer::register_processor`](super::RemotingServer::register_processor), for this port.
    pub fn register_processor(
        &self,
        code: RequestCode,
        executor: Executor,
        processor: impl RequestProcessor,
    ) {
        self.register_processors(ProcessorSet::new().on(code, executor, processor));
    }

    /// As [`RemotingServer::register_processors`](super::RemotingServer::register_processors), for this port.
    pub fn register_processors(&self, set: ProcessorSet) {
        self.port.endpoint.processors.register(set);
    }

    /// As [`RemotingServer::register_default_processor`](super::RemotingServer::register_default_processor), for
    /// this port.
    pub fn register_default_processor(&self, executor: Executor, processor: impl RequestProcessor) {
        self.port.endpoint.processors.register_default(Registration::new(executor, processor));
    }

    /// As [`RemotingServer::register_hook`](super::RemotingServer::register_hook), for this port.
    pub fn register_hook(&self, hook: impl RpcHook) {
        self.port.endpoint.register_hook(Arc::new(hook));
    }

    /// As [`RemotingServer::register_call_hook`](super::RemotingServer::register_call_hook), for this port.
    pub fn register_call_hook(&self, hook: impl RpcHook) {
        self.port.endpoint.state.hooks.register(Arc::new(hook));
    }

    /// Returns what this port holds at this moment, and what became of its requests. Events are counted by the server.
    #[must_use]
    pub fn statistics(&self) -> ServerStatistics {
        ServerStatistics::of(&self.port, None)
    }

    /// As [`RemotingServer::clear_hooks`](super::RemotingServer::clear_hooks), for this port.
    pub fn clear_hooks(&self) {
        self.port.endpoint.clear_hooks();
    }

    /// As [`RemotingServer::set_request_pipeline`](super::RemotingServer::set_request_pipeline), for this port.
    pub fn set_request_pipeline(&self, pipeline: impl RequestPipeline) {
        self.port.endpoint.processors.set_pipeline(Arc::new(pipeline));
    }

    /// Ends this port as [`RemotingServer::shutdown`](super::RemotingServer::shutdown) would, and leaves the
    /// others alone. [`remove_sub_server`](super::RemotingServer::remove_sub_server) also makes the server forget
    /// it, so that its address can be used again.
    ///
    /// # Cancellation
    ///
    /// Dropping the future does not stop the shutdown: another call waits for its end. Dropping the server aborts it.
    pub async fn shutdown(&self) -> ShutdownReport {
        self.port.shut_down(&self.config).await
    }
}
