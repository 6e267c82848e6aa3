//! The state that the handles, calls and tasks of one client share.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::config::ClientConfig;
use super::connect::ClientChannel;
use super::connections::ConnectionTable;
use super::drain::Draining;
use super::name_server_list::NameServerList;
use crate::endpoint::{Endpoint, EventTask};
use crate::error::{CallKind, Cause};
use crate::request::RequestStatistics;
use crate::tasks::TaskScope;
use crate::transport::{Address, Bootstrap, CloseReason, ConnectOptions};

/// The state of a client. Its tasks hold it too, so [`Handle`](super::Handle) decides when the client ends.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) config: ClientConfig,
    pub(super) connect: ConnectOptions,
    pub(super) bootstrap: Bootstrap,
    pub(super) endpoint: Arc<Endpoint>,
    pub(super) connections: Arc<ConnectionTable<Arc<ClientChannel>, Cause>>,
    pub(super) draining: Draining,
    pub(super) name_servers: Mutex<NameServerList>,
    pub(super) name_servers_changed: Notify,
    /// Calls with callbacks. They are separate from other tasks, because a shutdown waits for them.
    pub(super) callbacks: TaskScope,
    /// The task of the event listener, if there is a listener.
    pub(super) events: Option<EventTask>,
    /// Reloads certificate files that change.
    #[cfg(feature = "tls")]
    pub(super) tls_watch: Mutex<Option<crate::transport::tls::TlsWatch>>,
}

/// A snapshot of a client's resources. All counts are zero for an idle client without connections, listener
/// and probe. Fields that [`ServerStatistics`](crate::ServerStatistics) has as well have the same names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ClientStatistics {
    /// The number of calls that hold a permit: they wait for capacity or for a response.
    pub in_flight: usize,
    /// The number of one-way calls that hold a permit: they wait for capacity.
    pub oneway_in_flight: usize,
    /// The number of addresses with a connection or a dial in progress.
    pub addresses: usize,
    /// The number of open channels, including those that drain after `GO_AWAY`.
    pub channels: usize,
    /// The number of channels that drain: they take no new calls.
    pub draining: usize,
    /// The number of tasks: one per dial and channel, one more per draining channel, one per call with a
    /// callback and per request being processed, one for the name server probe and one for the event
    /// listener.
    pub tasks: usize,
    /// The statistics of the servers' requests, since the client was built.
    pub requests: RequestStatistics,
    /// The number of connection events dropped because the listener was too slow, since the client was built.
    /// CLOSE is never dropped.
    pub dropped_events: u64,
}

impl Shared {
    pub(super) fn statistics(&self) -> ClientStatistics {
        let permits = &self.endpoint.state.permits;
        ClientStatistics {
            in_flight: permits.taken(CallKind::Invoke),
            oneway_in_flight: permits.taken(CallKind::Oneway),
            addresses: self.connections.len(),
            channels: self.endpoint.channels.len(),
            draining: self.draining.len(),
            tasks: self.endpoint.state.tasks.len()
                + self.callbacks.len()
                + usize::from(self.events.as_ref().is_some_and(EventTask::is_running)),
            requests: self.endpoint.state.request_statistics(),
            dropped_events: self.events.as_ref().map_or(0, EventTask::overflowed),
        }
    }

    /// Closes every channel to `addr` and abandons its dial. No call to it is pending afterwards.
    pub(super) fn close_channel(&self, addr: &Address, reason: &CloseReason) {
        if let Some(channel) = self.connections.take(addr) {
            channel.rpc.close(reason.clone());
        }
        self.draining.close(addr, reason);
    }
}
