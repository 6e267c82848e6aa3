use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use remoting_transport::protocol::SerializeType;

use super::backlog::ResponseBacklog;
use super::limits::EndpointLimits;
use crate::hook::HookList;
use crate::permit::Permits;
use crate::request::{RequestLog, RequestStatistics, RequestsInFlight};
use crate::tasks::{Home, TaskScope};

/// The state that the channels of one server, sub-server or client share (Java: fields of
/// `NettyRemotingAbstract`).
pub(crate) struct EndpointState {
    /// The hooks around calls of this side.
    pub(crate) hooks: HookList,
    pub(crate) permits: Permits,
    pub(crate) tasks: TaskScope,
    /// Calls with callbacks. They are separate from other tasks, because a shutdown waits for the callbacks.
    pub(crate) callbacks: TaskScope,
    pub(crate) requests: RequestsInFlight,
    pub(crate) backlog: Arc<ResponseBacklog>,
    pub(crate) request_log: RequestLog,
    limits: EndpointLimits,
    response_serialize_type: Option<SerializeType>,
    going_away: AtomicBool,
    takes_no_requests: AtomicBool,
    shut_down: AtomicBool,
}

impl EndpointState {
    /// Creates the state of an endpoint whose tasks run at `home`.
    pub(crate) fn new(
        limits: EndpointLimits,
        response_serialize_type: Option<SerializeType>,
        home: Home,
    ) -> Self {
        Self {
            hooks: HookList::default(),
            permits: Permits::new(limits.invoke, limits.oneway),
            tasks: TaskScope::new(home.clone()),
            callbacks: TaskScope::new(home.without_event_loops()),
            requests: RequestsInFlight::default(),
            backlog: Arc::new(ResponseBacklog::new(limits.response_backlog)),
            request_log: RequestLog::new(limits.withhold_errors),
            limits,
            response_serialize_type,
            going_away: AtomicBool::new(false),
            takes_no_requests: AtomicBool::new(false),
            shut_down: AtomicBool::new(false),
        }
    }

    pub(crate) const fn limits(&self) -> &EndpointLimits {
        &self.limits
    }

    /// Returns the statistics of the requests of all channels.
    pub(crate) fn request_statistics(&self) -> RequestStatistics {
        RequestStatistics {
            in_flight: self.requests.count(),
            waiting_response_bytes: self.backlog.bytes(),
            ..self.request_log.statistics()
        }
    }

    /// Returns the encoding of all responses, if the configuration forces one.
    pub(crate) const fn response_serialize_type(&self) -> Option<SerializeType> {
        self.response_serialize_type
    }

    /// Responds to later requests with `GO_AWAY` if the peer supports it.
    pub(crate) fn go_away(&self) {
        self.going_away.store(true, Ordering::Release);
    }

    pub(crate) fn is_going_away(&self) -> bool {
        self.going_away.load(Ordering::Acquire)
    }

    /// Stops taking requests. A channel notices at its next check; the caller must make all channels check.
    pub(crate) fn take_no_requests(&self) {
        self.takes_no_requests.store(true, Ordering::SeqCst);
    }

    pub(crate) fn takes_no_requests(&self) -> bool {
        self.takes_no_requests.load(Ordering::SeqCst)
    }

    /// Rejects later calls.
    pub(crate) fn refuse_calls(&self) {
        self.shut_down.store(true, Ordering::Release);
        #[cfg(feature = "tower")]
        self.permits.wake_reserving();
    }

    pub(crate) fn refuses_calls(&self) -> bool {
        self.shut_down.load(Ordering::Acquire)
    }
}

impl fmt::Debug for EndpointState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EndpointState")
            .field("hooks", &self.hooks)
            .field("permits", &self.permits)
            .field("going_away", &self.is_going_away())
            .finish_non_exhaustive()
    }
}
