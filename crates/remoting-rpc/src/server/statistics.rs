use super::port::Port;
use crate::endpoint::EventTask;
use crate::error::CallKind;
use crate::request::RequestStatistics;

/// A snapshot of a server: what it holds now, and counters since its start.
///
/// Fields that [`ClientStatistics`](crate::ClientStatistics) has too have the same names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ServerStatistics {
    /// Calls to clients that hold a permit: they wait for a writable channel or for a response.
    pub in_flight: usize,
    /// One-way calls to clients that hold a permit: they wait for a writable channel.
    pub oneway_in_flight: usize,
    /// Open channels.
    pub channels: usize,
    /// Tasks and threads: one per request in progress and per call with a callback.
    pub tasks: usize,
    /// Requests of clients.
    pub requests: RequestStatistics,
    /// Connection events dropped because the listener was too slow, on all ports together. A CLOSE is never dropped.
    pub dropped_events: u64,
}

impl ServerStatistics {
    pub(super) fn of(port: &Port, events: Option<&EventTask>) -> Self {
        let state = &port.endpoint.state;
        Self {
            in_flight: state.permits.taken(CallKind::Invoke),
            oneway_in_flight: state.permits.taken(CallKind::Oneway),
            channels: port.endpoint.channels.len(),
            tasks: state.tasks.len() + state.callbacks.len(),
            requests: state.request_statistics(),
            dropped_events: events.map_or(0, EventTask::overflowed),
        }
    }
}
