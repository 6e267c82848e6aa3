//! What a server, a sub-server and a client have in common (Java: the fields of `NettyRemotingAbstract`).

mod channels;
mod events;
mod plugins;
mod tasks;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use remoting_transport::protocol::SerializeType;
use remoting_transport::{Channel, CloseReason};

pub(crate) use self::channels::ChannelTable;
pub(crate) use self::events::EventTask;
pub(crate) use self::plugins::{Plugins, plugin_setters};
pub(crate) use self::tasks::{Job, TaskScope};
use crate::dispatch::RpcSink;
use crate::hook::HookList;
use crate::permit::Permits;
use crate::processor::ProcessorRegistry;
use crate::rpc_channel::RpcChannel;

/// The processors, hooks, permits, tasks and channels of one side.
pub(crate) struct Endpoint {
    pub(crate) processors: ProcessorRegistry,
    pub(crate) hooks: HookList,
    pub(crate) permits: Permits,
    pub(crate) tasks: TaskScope,
    pub(crate) channels: ChannelTable,
    response_serialize_type: Option<SerializeType>,
    going_away: AtomicBool,
    shut_down: AtomicBool,
}

/// What an [`Endpoint`] is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EndpointLimits {
    /// Calls that may wait for a response at once.
    pub(crate) invoke: usize,
    /// One-way calls that may be under way at once.
    pub(crate) oneway: usize,
}

impl Endpoint {
    pub(crate) fn new(limits: EndpointLimits, response_serialize_type: Option<SerializeType>) -> Self {
        Self {
            processors: ProcessorRegistry::default(),
            hooks: HookList::default(),
            permits: Permits::new(limits.invoke, limits.oneway),
            tasks: TaskScope::default(),
            channels: ChannelTable::default(),
            response_serialize_type,
            going_away: AtomicBool::new(false),
            shut_down: AtomicBool::new(false),
        }
    }

    /// The two ends that a new channel needs here: the handle to call its peer, and the sink that the channel
    /// delivers to.
    pub(crate) fn open(self: &Arc<Self>, channel: Channel) -> (RpcChannel, RpcSink) {
        let rpc = RpcChannel::new(channel, Arc::clone(self));
        (rpc.clone(), RpcSink::new(rpc))
    }

    /// The encoding that all responses go out in, if the configuration forces one.
    pub(crate) const fn response_serialize_type(&self) -> Option<SerializeType> {
        self.response_serialize_type
    }

    /// From now on requests are answered with `GO_AWAY` where the peer understands it.
    pub(crate) fn go_away(&self) {
        self.going_away.store(true, Ordering::Release);
    }

    pub(crate) fn is_going_away(&self) -> bool {
        self.going_away.load(Ordering::Acquire)
    }

    /// From now on calls are refused.
    pub(crate) fn refuse_calls(&self) {
        self.shut_down.store(true, Ordering::Release);
    }

    pub(crate) fn refuses_calls(&self) -> bool {
        self.shut_down.load(Ordering::Acquire)
    }

    /// Ends everything at once: channels close, tasks are dropped at their next await.
    pub(crate) fn abort(&self, reason: &CloseReason) {
        self.go_away();
        self.refuse_calls();
        self.tasks.abort();
        self.channels.close_all(reason);
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("processors", &self.processors)
            .field("hooks", &self.hooks)
            .field("permits", &self.permits)
            .field("channels", &self.channels.len())
            .field("going_away", &self.is_going_away())
            .finish_non_exhaustive()
    }
}
