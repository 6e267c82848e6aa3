//! What a server, a sub-server and a client have in common (Java: the fields of `NettyRemotingAbstract`).

mod channels;
mod events;
mod plugins;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use remoting_transport::protocol::SerializeType;
use remoting_transport::{Channel, CloseReason};

pub(crate) use self::channels::ChannelTable;
pub(crate) use self::events::EventTask;
pub(crate) use self::plugins::{Plugins, plugin_setters};
use crate::channel::{EndpointLimits, ResponseBacklog, RpcChannel};
use crate::dispatch::RpcSink;
use crate::hook::{HookList, RpcHook};
use crate::latency::Latency;
use crate::permit::Permits;
use crate::processor::ProcessorRegistry;
use crate::request::{RequestLog, RequestStatistics, RequestsInFlight};
use crate::tasks::TaskScope;

/// The processors, hooks, permits, tasks and channels of one side.
pub(crate) struct Endpoint {
    pub(crate) processors: ProcessorRegistry,
    /// Around the calls of this side.
    pub(crate) hooks: HookList,
    /// Around the processing of the peers' requests.
    pub(crate) request_hooks: HookList,
    pub(crate) permits: Permits,
    pub(crate) tasks: TaskScope,
    /// Calls with callbacks, apart from other tasks because a shutdown lets them call back.
    pub(crate) callbacks: TaskScope,
    pub(crate) channels: ChannelTable,
    pub(crate) requests: RequestsInFlight,
    pub(crate) backlog: ResponseBacklog,
    pub(crate) request_log: RequestLog,
    limits: EndpointLimits,
    /// Whether a hook runs around calls too.
    hooks_around_calls: bool,
    response_serialize_type: Option<SerializeType>,
    going_away: AtomicBool,
    takes_no_requests: AtomicBool,
    shut_down: AtomicBool,
}

impl Endpoint {
    pub(crate) fn new(limits: EndpointLimits, response_serialize_type: Option<SerializeType>) -> Self {
        Latency::describe();
        Self {
            processors: ProcessorRegistry::default(),
            hooks: HookList::default(),
            request_hooks: HookList::default(),
            permits: Permits::new(limits.invoke, limits.oneway),
            tasks: TaskScope::default(),
            callbacks: TaskScope::default(),
            channels: ChannelTable::default(),
            requests: RequestsInFlight::default(),
            backlog: ResponseBacklog::new(limits.response_backlog),
            request_log: RequestLog::new(limits.withhold_errors),
            limits,
            hooks_around_calls: false,
            response_serialize_type,
            going_away: AtomicBool::new(false),
            takes_no_requests: AtomicBool::new(false),
            shut_down: AtomicBool::new(false),
        }
    }

    /// The same, whose hooks run around its calls too, as those of Java's client do.
    pub(crate) fn with_hooks_around_calls(mut self) -> Self {
        self.hooks_around_calls = true;
        self
    }

    pub(crate) fn register_hook(&self, hook: Arc<dyn RpcHook>) {
        if self.hooks_around_calls {
            self.hooks.register(Arc::clone(&hook));
        }
        self.request_hooks.register(hook);
    }

    pub(crate) fn clear_hooks(&self) {
        self.hooks.clear();
        self.request_hooks.clear();
    }

    pub(crate) const fn limits(&self) -> &EndpointLimits {
        &self.limits
    }

    /// What became of requests that were not answered by their processor.
    pub(crate) fn request_statistics(&self) -> RequestStatistics {
        RequestStatistics {
            in_flight: self.requests.count(),
            waiting_response_bytes: self.backlog.bytes(),
            ..self.request_log.statistics()
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

    /// From now on no channel is read any more.
    pub(crate) fn stop_requests(&self) {
        self.takes_no_requests.store(true, Ordering::SeqCst);
        for channel in self.channels.list() {
            channel.stop_requests();
        }
    }

    pub(crate) fn takes_no_requests(&self) -> bool {
        self.takes_no_requests.load(Ordering::SeqCst)
    }

    /// From now on calls are refused.
    pub(crate) fn refuse_calls(&self) {
        self.shut_down.store(true, Ordering::Release);
    }

    pub(crate) fn refuses_calls(&self) -> bool {
        self.shut_down.load(Ordering::Acquire)
    }

    /// Ends everything at once: channels close, tasks are dropped at their next await. Calls with callbacks need no abort:
    /// what they wait for fails, so they call back.
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
