//! What the handles, calls and tasks of one client have in common.

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

/// The state of a client. Its tasks hold it too, so its end is decided by [`Handle`](super::Handle).
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
    /// Calls with callbacks, apart from other tasks because a shutdown lets them finish.
    pub(super) callbacks: TaskScope,
    /// The task of the event listener, if there is one.
    pub(super) events: Option<EventTask>,
    /// Reloads certificates that change.
    #[cfg(feature = "tls")]
    pub(super) tls_watch: Mutex<Option<crate::transport::tls::TlsWatch>>,
}

/// What a client holds at one moment: all zero when it has no connection, no listener, no probe and nothing to do. The
/// fields that a [`ServerStatistics`](crate::ServerStatistics) has too have the same names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ClientStatistics {
    /// Calls that hold a permit: waiting for capacity or for a response.
    pub in_flight: usize,
    /// One-way calls that hold a permit: waiting for capacity.
    pub oneway_in_flight: usize,
    /// Addresses that have a connection, or one being dialled.
    pub addresses: usize,
    /// Open channels, those that drain after `GO_AWAY` included.
    pub channels: usize,
    /// Channels that take no new calls after `GO_AWAY`.
    pub draining: usize,
    /// Tasks: one for each dial and channel, one more for a channel that drains, one for each call with a callback and
    /// request being processed; one for the name-server probe, one for the event listener.
    pub tasks: usize,
    /// The requests of servers, since the client was made.
    pub requests: RequestStatistics,
    /// Connection events that were dropped because the listener was too slow, since the client was made; never a CLOSE.
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

    /// Closes every channel to `addr` and gives up its dial: no call to it is pending afterwards.
    pub(super) fn close_channel(&self, addr: &Address, reason: &CloseReason) {
        if let Some(channel) = self.connections.take(addr) {
            channel.rpc.close(reason.clone());
        }
        self.draining.close(addr, reason);
    }
}
