//! The last days of a channel whose server goes away.
//!
//! Such a channel is out of the table, so that no new call finds it, and open, so that the calls in flight get their
//! responses. It is closed when the last one has. Every call holds the channel's `Arc` from its look into the table
//! to its end, so the number of those is the number of calls, including the ones that have not begun yet.
//! Java never closes it.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use tokio::time::{sleep, timeout};

use super::Shared;
use super::connect::ClientChannel;
use crate::transport::{Address, CloseReason};

/// How often a draining channel is looked at. Draining is rare, so the hot path of calls does not pay for a signal.
pub(super) const LOOK: Duration = Duration::from_millis(10);

/// The channels that drain, for those who close channels by address.
#[derive(Debug, Default)]
pub(super) struct Draining {
    by_id: Mutex<FxHashMap<u64, (Address, Arc<ClientChannel>)>>,
}

impl Draining {
    /// Closes those to `addr`.
    pub(super) fn close(&self, addr: &Address, reason: &CloseReason) {
        let channels: Vec<_> = {
            let by_id = self.by_id.lock();
            by_id.values().filter(|(to, _)| to == addr).map(|(_, channel)| Arc::clone(channel)).collect()
        };
        for channel in channels {
            channel.rpc.close(reason.clone());
        }
    }

    pub(super) fn len(&self) -> usize {
        self.by_id.lock().len()
    }

    /// Forgets the channels: they are closed by whoever ends the client, and nobody is left to watch them drain.
    pub(super) fn clear(&self) {
        let channels = std::mem::take(&mut *self.by_id.lock());
        drop(channels);
    }

    /// Waits until nobody else holds the channel and no call made directly on it is in flight.
    async fn unused(&self, id: u64) {
        loop {
            sleep(LOOK).await;
            let by_id = self.by_id.lock();
            let Some((_, channel)) = by_id.get(&id) else { return };
            if !channel.rpc.is_open() || (Arc::strong_count(channel) == 1 && channel.rpc.in_flight() == 0) {
                return;
            }
        }
    }
}

impl Shared {
    /// Takes the channel out of the table, if it is still there, and sees to its end.
    pub(super) fn retire(self: &Arc<Self>, addr: &Address, channel: Arc<ClientChannel>) {
        if !self.connections.retire(addr, &channel) {
            return;
        }
        let id = channel.id();
        self.draining.by_id.lock().insert(id, (addr.clone(), channel));
        let shared = Arc::clone(self);
        self.endpoint.tasks.spawn(async move {
            let drained = timeout(shared.config.drain_timeout, shared.draining.unused(id)).await;
            let channel = shared.draining.by_id.lock().remove(&id);
            if let Some((_, channel)) = channel {
                channel.rpc.close(match drained {
                    Ok(()) => CloseReason::local("drained after GO_AWAY"),
                    Err(_elapsed) => CloseReason::local("not drained in time after GO_AWAY"),
                });
            }
        });
    }
}
