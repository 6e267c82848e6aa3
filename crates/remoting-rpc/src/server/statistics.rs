use super::port::Port;
use crate::endpoint::EventTask;
use crate::error::CallKind;
use crate::request::RequestStatistics;

/// What a server holds at one moment, and what became of its requests since its start.
///
/// The fields that a [`ClientStatistics`](crate::ClientStatistics) has too have the same names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ServerStatistics {
    /// Calls to clients that hold a permit: waiting for capacity or for a response.
    pub in_flight: usize,
    /// One-way calls to clients that hold a permit: waiting for capacity.
    pub oneway_in_flight: usize,
    /// Open channels.
    pub channels: usize,
    /// Tasks and threads: one for each request being processed and each call with a callback.
    pub tasks: usize,
    /// The requests of clients.
    pub requests: RequestStatistics,
    /// Connection events that were dropped because the listener was too slow; never a CLOSE. Of all ports together.
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
