//! The extension points that servers and clients share. Their values are in [`Plugins`], their setters and
//! documentation in [`plugin_setters`].

use std::fmt;
use std::sync::Arc;

use remoting_transport::{Bootstrap, ChannelEventListener, Network, SystemNetwork};

use super::Endpoint;
use super::events::EventTask;
use crate::hook::RpcHook;
use crate::processor::ProcessorSet;

/// The values that the builders of servers and clients share.
#[derive(Default)]
pub(crate) struct Plugins {
    pub(crate) processors: ProcessorSet,
    #[cfg(feature = "tower")]
    pub(crate) layers: crate::processor::Layers,
    pub(crate) hooks: Vec<Arc<dyn RpcHook>>,
    pub(crate) listeners: Vec<Box<dyn ChannelEventListener>>,
    pub(crate) network: Option<Arc<dyn Network>>,
    pub(crate) bootstrap: Vec<Box<dyn FnOnce(Bootstrap) -> Bootstrap + Send>>,
}

impl Plugins {
    /// Starts the task of the event listeners, if there are any.
    pub(crate) fn start_events(&mut self, capacity: usize) -> Option<EventTask> {
        let listeners = std::mem::take(&mut self.listeners);
        (!listeners.is_empty()).then(|| EventTask::start(listeners, capacity))
    }

    /// Returns the network that was set, or the system's.
    pub(crate) fn network(&self) -> Arc<dyn Network> {
        self.network.clone().unwrap_or_else(|| Arc::new(SystemNetwork))
    }

    /// Moves the processors and hooks to `endpoint`, the handlers and prologue steps to `bootstrap`.
    pub(crate) fn plug_into(self, endpoint: &Endpoint, bootstrap: Bootstrap) -> Bootstrap {
        endpoint.processors.register(self.processors);
        for hook in self.hooks {
            endpoint.register_hook(hook);
        }
        self.bootstrap.into_iter().fold(bootstrap, |bootstrap, change| change(bootstrap))
    }
}

impl fmt::Debug for Plugins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plugins").field("processors", &self.processors).finish_non_exhaustive()
    }
}

/// Adds the setters of [`Plugins`] to a builder with a field `plugins` of that type.
macro_rules! plugin_setters {
    ($builder:ident) => {
        /// # Extension points shared by servers and clients
        impl $builder {
            /// Registers `processor` for requests with this code, run by `executor`. A request without a
            /// processor gets the response `REQUEST_CODE_NOT_SUPPORTED` (3), unless a server has a default
            /// processor. Java: `registerProcessor`.
            pub fn processor(
                mut self,
                code: $crate::transport::protocol::RequestCode,
                executor: $crate::Executor,
                processor: impl $crate::RequestProcessor,
            ) -> Self {
                self.plugins.processors.add([code], executor, processor);
                self
            }

            /// Registers the processors of `set`. They replace earlier processors for the same codes.
            pub fn processors<S>(mut self, set: $crate::ProcessorSet<S>) -> Self {
                self.plugins.processors = std::mem::take(&mut self.plugins.processors).and(set);
                self
            }

            /// Puts a layer of tower around all processors: those of this builder, in whatever order it is
            /// configured, and those that are registered later. The layer that was added first is the outermost,
            /// as in a `ServiceBuilder`. A sub-server has [its own layers]($crate::SubServerBuilder::layer) instead. A
            /// set can have [further ones]($crate::ProcessorSet::layer). Default: none.
            ///
            /// [`ProcessorLayer`]($crate::tower::ProcessorLayer) says what a layer sees.
            #[cfg(feature = "tower")]
            pub fn layer(mut self, layer: impl $crate::processor::ProcessorLayer) -> Self {
                self.plugins.layers.push(layer);
                self
            }

            /// Appends a hook. Hooks run in registration order, around the requests that this side processes,
            /// and on a client also around its calls. Default: none. Java: `registerRPCHook`.
            pub fn hook(mut self, hook: impl $crate::RpcHook) -> Self {
                self.plugins.hooks.push(std::sync::Arc::new(hook));
                self
            }

            /// Adds a listener for connection events: CONNECT (and ACTIVE on a client) when a connection is
            /// ready, IDLE, EXCEPTION and CLOSE. Events come one at a time and in order. Each listener gets
            /// every event, in registration order. Default: none. Java: `ChannelEventListener`.
            pub fn on_event(mut self, listener: impl $crate::transport::ChannelEventListener) -> Self {
                self.plugins.listeners.push(Box::new(listener));
                self
            }

            /// Sets the network of all connections: those that a client dials, name servers included, and
            /// those that a server and its sub-servers accept. Default:
            /// [`SystemNetwork`]($crate::transport::SystemNetwork).
            pub fn network(mut self, network: impl $crate::transport::Network) -> Self {
                self.plugins.network = Some(std::sync::Arc::new(network));
                self
            }

            /// Adds handlers to the pipeline of each channel. The pipeline already has, in order of distance
            /// from the wire, `trafficDistribution` on a server, `idleState` and, if there are event
            /// listeners, `connectionEvents`.
            pub fn handlers(mut self, initializer: impl $crate::transport::ChannelInitializer) -> Self {
                self.plugins.bootstrap.push(Box::new(|bootstrap| bootstrap.initializer(initializer)));
                self
            }

            /// Appends a prologue step: each connection passes it before its first frame, after the earlier
            /// steps and TLS.
            pub fn prologue_step(mut self, step: impl $crate::transport::PrologueStep) -> Self {
                self.plugins.bootstrap.push(Box::new(|bootstrap| bootstrap.prologue_step(step)));
                self
            }
        }
    };
}
pub(crate) use plugin_setters;
