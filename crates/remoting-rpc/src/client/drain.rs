//! The last days of a channel whose server goes away.
//!
//! Such a channel is out of the table, so that no new call finds it, and open, so that the calls in flight get their
//! responses, and the server those to the requests of its own that are being worked on. It is closed when the last one
//! has come or gone. A call that found it in the table and has not begun by then moves to a fresh channel, as from any
//! channel that closes before the request is queued. Java never closes it.

use std::sync::Arc;

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use tokio::time::timeout;

use super::Shared;
use super::connect::ClientChannel;
use crate::transport::{Address, CloseReason};

/// The channels that drain, for those who close channels by address.
#[derive(Debug, Default)]
pub(super) struct Draining {
    by_id: Mutex<FxHashMap<u64, Arc<ClientChannel>>>,
}

impl Draining {
    /// Closes those to `addr`.
    pub(super) fn close(&self, addr: &Address, reason: &CloseReason) {
        let channels: Vec<_> = {
            let by_id = self.by_id.lock();
            by_id.values().filter(|channel| channel.addr == *addr).cloned().collect()
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
}

impl Shared {
    /// Takes the channel out of the table, if it is still there, and sees to its end.
    pub(super) fn retire(self: &Arc<Self>, channel: &Arc<ClientChannel>) {
        if !self.connections.retire(&channel.addr, channel) {
            return;
        }
        let id = channel.id();
        self.draining.by_id.lock().insert(id, Arc::clone(channel));
        let (shared, rpc) = (Arc::clone(self), channel.rpc.clone());
        self.endpoint.tasks.spawn(async move {
            let unused_or_closed = async {
                tokio::select! {
                    () = rpc.unused() => {}
                    _ = rpc.closed() => {}
                }
            };
            let drained = timeout(shared.config.drain_timeout, unused_or_closed).await;
            let channel = shared.draining.by_id.lock().remove(&id);
            if let Some(channel) = channel {
                channel.rpc.close(match drained {
                    Ok(()) => CloseReason::local("drained after GO_AWAY"),
                    Err(_elapsed) => CloseReason::local("not drained in time after GO_AWAY"),
                });
            }
        });
    }
}
