//! What users plug into a server or a client before it is made: its state is [`Plugins`], the setters with their
//! documentation are in [`plugin_setters`].

use std::fmt;
use std::sync::Arc;

use remoting_transport::{Bootstrap, ChannelEventListener, Network, SystemNetwork};

use super::Endpoint;
use super::events::EventTask;
use crate::hook::RpcHook;
use crate::processor::ProcessorSet;

/// The part that the builders of servers and clients have in common.
#[derive(Default)]
pub(crate) struct Plugins {
    pub(crate) processors: ProcessorSet,
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

    /// Gives the processors and hooks to `endpoint`, handlers and prologue steps to `bootstrap`.
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

/// Gives the setters of [`Plugins`] to a builder that has them as `plugins`.
macro_rules! plugin_setters {
    ($builder:ident) => {
        /// # What servers and clients alike can be given
        impl $builder {
            /// Answers requests of `code` with `processor`, run by `executor`. A request of a code that has no
            /// processor is answered `REQUEST_CODE_NOT_SUPPORTED` (3), unless a server has a default one. Java:
            /// `registerProcessor`.
            pub fn processor(
                mut self,
                code: $crate::transport::protocol::RequestCode,
                executor: $crate::Executor,
                processor: impl $crate::RequestProcessor,
            ) -> Self {
                self.plugins.processors.add([code], executor, processor);
                self
            }

            /// Answers requests with the processors of `set`, which replace those for the same codes.
            pub fn processors(mut self, set: $crate::ProcessorSet) -> Self {
                self.plugins.processors = std::mem::take(&mut self.plugins.processors).and(set);
                self
            }

            /// Adds a hook behind those there are: around the requests that this side processes, and on a client also
            /// around its calls. Java: `registerRPCHook`.
            pub fn hook(mut self, hook: impl $crate::RpcHook) -> Self {
                self.plugins.hooks.push(std::sync::Arc::new(hook));
                self
            }

            /// Adds a listener for connection events, which come one at a time and in order: CONNECT, and ACTIVE on a client,
            /// when a connection is ready, IDLE, EXCEPTION, CLOSE. Each listener gets every event, in the order in which
            /// the listeners were added. Java: `ChannelEventListener`.
            pub fn on_event(mut self, listener: impl $crate::transport::ChannelEventListener) -> Self {
                self.plugins.listeners.push(Box::new(listener));
                self
            }

            /// Sets the network on which every connection is made: what a client dials, name servers included, and
            /// what a server and its sub-servers listen on. Default:
            /// [`SystemNetwork`]($crate::transport::SystemNetwork).
            pub fn network(mut self, network: impl $crate::transport::Network) -> Self {
                self.plugins.network = Some(std::sync::Arc::new(network));
                self
            }

            /// Adds handlers to the pipeline of each channel. It finds there, in order of distance from the wire,
            /// `trafficDistribution` on a server, `idleState` and, if events are listened to, `connectionEvents`.
            pub fn handlers(mut self, initializer: impl $crate::transport::ChannelInitializer) -> Self {
                self.plugins.bootstrap.push(Box::new(|bootstrap| bootstrap.initializer(initializer)));
                self
            }

            /// Adds a step that each connection passes before its first frame, behind those there are and behind
            /// TLS.
            pub fn prologue_step(mut self, step: impl $crate::transport::PrologueStep) -> Self {
                self.plugins.bootstrap.push(Box::new(|bootstrap| bootstrap.prologue_step(step)));
                self
            }
        }
    };
}
pub(crate) use plugin_setters;
