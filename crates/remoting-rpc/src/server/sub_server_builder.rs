use std::fmt;
use std::sync::Arc;

use remoting_transport::protocol::RequestCode;
use remoting_transport::{Address, BoundListener};

use super::port::{Bind, Port};
use super::sub_server::SubServer;
use super::{RemotingServer, ServerError, builder};
use crate::endpoint::Endpoint;
use crate::executor::Executor;
use crate::hook::RpcHook;
use crate::processor::{ProcessorSet, Registration, RequestPipeline, RequestProcessor};

/// Configures and starts a [`SubServer`]: see [`RemotingServer::sub_server_builder`].
///
/// What is registered here is in place before the first connection is accepted.
#[must_use = "a builder does nothing until start() is called"]
pub struct SubServerBuilder<'a> {
    server: &'a RemotingServer,
    bind: Option<Result<Bind, ServerError>>,
    endpoint: Endpoint,
    processors: ProcessorSet,
    default_processor: Option<Registration>,
    pipeline: Option<Arc<dyn RequestPipeline>>,
    #[cfg(feature = "tower")]
    layers: crate::processor::Layers,
}

impl<'a> SubServerBuilder<'a> {
    pub(super) fn new(server: &'a RemotingServer) -> Self {
        let config = &server.shared.config;
        let serialize_type = config.forced_serialize_type();
        let endpoint = Endpoint::new(config.endpoint.limits, serialize_type, server.shared.home.clone());
        Self {
            server,
            bind: None,
            endpoint,
            processors: ProcessorSet::new(),
            default_processor: None,
            pipeline: None,
            #[cfg(feature = "tower")]
            layers: crate::processor::Layers::default(),
        }
    }

    /// Sets the address to listen on: an [`Address`], or a text that can be parsed as one. [`start`](Self::start) reports an
    /// invalid address. Default: `0.0.0.0:0`. It replaces a [`listener`](Self::listener).
    pub fn bind<A>(mut self, address: A) -> Self
    where
        A: TryInto<Address, Error: std::error::Error + Send + Sync + 'static>,
    {
        self.bind = Some(builder::parse(address).map(Bind::Address));
        self
    }

    /// Uses a socket that is already bound: see [`RemotingServerBuilder::listener`](super::RemotingServerBuilder::listener).
    /// It replaces [`bind`](Self::bind).
    pub fn listener(mut self, listener: impl Into<BoundListener>) -> Self {
        self.bind = Some(Ok(Bind::Listener(listener.into())));
        self
    }

    /// Registers a processor: see [`RemotingServerBuilder::processor`](super::RemotingServerBuilder::processor).
    pub fn processor(
        mut self,
        code: RequestCode,
        executor: Executor,
        processor: impl RequestProcessor,
    ) -> Self {
        self.processors.add([code], executor, processor);
        self
    }

    /// Registers the processors of a set: see
    /// [`RemotingServerBuilder::processors`](super::RemotingServerBuilder::processors).
    pub fn processors<S>(mut self, set: ProcessorSet<S>) -> Self {
        self.processors = self.processors.and(set);
        self
    }

    /// Sets the processor for all codes without their own: see
    /// [`RemotingServerBuilder::default_processor`](super::RemotingServerBuilder::default_processor).
    pub fn default_processor(mut self, executor: Executor, processor: impl RequestProcessor) -> Self {
        self.default_processor = Some(Registration::new(executor, processor));
        self
    }

    /// Puts a layer of tower around all processors of this port: see
    /// [`RemotingServerBuilder::layer`](super::RemotingServerBuilder::layer).
    #[cfg(feature = "tower")]
    pub fn layer(mut self, layer: impl crate::processor::ProcessorLayer) -> Self {
        self.layers.push(layer);
        self
    }

    /// Sets the request pipeline: see
    /// [`RemotingServerBuilder::request_pipeline`](super::RemotingServerBuilder::request_pipeline).
    pub fn request_pipeline(mut self, pipeline: impl RequestPipeline) -> Self {
        self.pipeline = Some(Arc::new(pipeline));
        self
    }

    /// Appends a hook around the requests of this port: see [`RemotingServerBuilder::hook`](super::RemotingServerBuilder::hook).
    pub fn hook(self, hook: impl RpcHook) -> Self {
        self.endpoint.register_hook(Arc::new(hook));
        self
    }

    /// Appends a hook around the calls of this port: see
    /// [`RemotingServerBuilder::call_hook`](super::RemotingServerBuilder::call_hook).
    pub fn call_hook(self, hook: impl RpcHook) -> Self {
        self.endpoint.state.hooks.register(Arc::new(hook));
        self
    }

    /// Listens, and accepts connections from now on. The listener and its channels live on the runtime that polls the future,
    /// channels on the [event loops](super::RemotingServerBuilder::event_loops) if the server has some.
    ///
    /// # Errors
    ///
    /// [`ServerError::AlreadyListening`], [`ServerError::Bind`], [`ServerError::Address`], or
    /// [`ServerError::ShutDown`].
    ///
    /// # Cancellation
    ///
    /// Dropping the future closes the new listener.
    pub async fn start(self) -> Result<SubServer, ServerError> {
        let (server, endpoint) = (self.server, self.endpoint);
        let bind = self.bind.unwrap_or_else(|| builder::parse("0.0.0.0:0").map(Bind::Address))?;
        if let Bind::Address(address) = &bind
            && server.ports().iter().any(|port| port.local_addr() == address)
        {
            return Err(ServerError::AlreadyListening { addr: address.clone() });
        }
        #[cfg(feature = "tower")]
        let endpoint = endpoint.with_layers(self.layers);
        endpoint.processors.register(self.processors);
        if let Some(registration) = self.default_processor {
            endpoint.processors.register_default(registration);
        }
        if let Some(pipeline) = self.pipeline {
            endpoint.processors.set_pipeline(pipeline);
        }
        let shared = &*server.shared;
        let bootstrap = shared.bootstrap.clone();
        let (network, event_loops) = (&*shared.network, shared.event_loops.as_ref());
        let opened = Port::open(bind, network, Arc::new(endpoint), bootstrap, &shared.config, event_loops);
        let port = Arc::new(opened.await?);
        if let Some(events) = &shared.events {
            events.await_source(port.connections_ended());
        }
        let mut others = shared.others.lock();
        if others.closed {
            return Err(ServerError::ShutDown);
        }
        others.ports.push(Arc::clone(&port));
        Ok(SubServer::new(port, shared.config.clone()))
    }
}

impl fmt::Debug for SubServerBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SubServerBuilder").field("bind", &self.bind).finish_non_exhaustive()
    }
}
