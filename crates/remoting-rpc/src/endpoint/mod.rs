//! A server, sub-server or client without its sockets (Java: `NettyRemotingAbstract`).

mod events;
mod plugins;

use std::fmt;
use std::sync::Arc;

use remoting_transport::protocol::SerializeType;
use remoting_transport::{Channel, CloseReason};

pub(crate) use self::events::EventTask;
pub(crate) use self::plugins::{Plugins, plugin_setters};
use crate::channel::{ChannelTable, EndpointLimits, EndpointState, RpcChannel};
use crate::dispatch::RpcSink;
use crate::hook::{HookList, RpcHook};
use crate::latency::Latency;
use crate::processor::ProcessorRegistry;
use crate::tasks::Home;

/// The processors, hooks and channels of one side.
///
/// It owns its channels, and these share its [state](EndpointState). The state holds no reference to a
/// channel.
pub(crate) struct Endpoint {
    pub(crate) state: Arc<EndpointState>,
    pub(crate) channels: Arc<ChannelTable>,
    pub(crate) processors: ProcessorRegistry,
    /// The hooks around the processing of the peers' requests.
    request_hooks: HookList,
    /// Whether the hooks run around calls too.
    hooks_around_calls: bool,
}

impl Endpoint {
    /// Creates an endpoint whose tasks run at `home`.
    pub(crate) fn new(
        limits: EndpointLimits,
        response_serialize_type: Option<SerializeType>,
        home: Home,
    ) -> Self {
        Latency::describe();
        Self {
            state: Arc::new(EndpointState::new(limits, response_serialize_type, home)),
            channels: Arc::default(),
            processors: ProcessorRegistry::default(),
            request_hooks: HookList::default(),
            hooks_around_calls: false,
        }
    }

    /// Puts layers around all processors. No processor must be registered yet.
    #[cfg(feature = "tower")]
    pub(crate) fn with_layers(mut self, layers: crate::processor::Layers) -> Self {
        self.processors = ProcessorRegistry::with_layers(layers);
        self
    }

    /// Makes the hooks run around the calls of this side too, as those of Java's client do.
    pub(crate) fn with_hooks_around_calls(mut self) -> Self {
        self.hooks_around_calls = true;
        self
    }

    pub(crate) fn register_hook(&self, hook: Arc<dyn RpcHook>) {
        if self.hooks_around_calls {
            self.state.hooks.register(Arc::clone(&hook));
        }
        self.request_hooks.register(hook);
    }

    pub(crate) fn clear_hooks(&self) {
        self.state.hooks.clear();
        self.request_hooks.clear();
    }

    /// Opens a channel: returns the handle that calls its peer, and the sink of the channel.
    pub(crate) fn open(&self, channel: Channel) -> (RpcChannel, RpcSink) {
        let rpc = RpcChannel::new(channel, Arc::clone(&self.state));
        let (channels, processors) = (Arc::clone(&self.channels), self.processors.cached());
        (rpc.clone(), RpcSink::new(rpc, channels, processors, self.request_hooks.cached()))
    }

    /// Stops reading all channels.
    pub(crate) fn stop_requests(&self) {
        self.state.take_no_requests();
        for channel in self.channels.list() {
            channel.stop_requests();
        }
    }

    /// Ends everything at once: closes the channels, and drops the tasks at their next await. Calls with
    /// callbacks need no abort: they fail, and then call back.
    pub(crate) fn abort(&self, reason: &CloseReason) {
        self.state.go_away();
        self.state.refuse_calls();
        self.state.tasks.abort();
        self.channels.close_all(reason);
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("state", &self.state)
            .field("processors", &self.processors)
            .field("channels", &self.channels.len())
            .finish_non_exhaustive()
    }
}
