//! Channels that take no new calls: the server goes away, does not respond, or has left the list of name
//! servers.
//!
//! Such a channel is not in the table, so no new call finds it. It stays open until the calls in flight on
//! it, and the requests of its server that are being processed, have ended; then it is closed. A call that
//! found the channel in the table and has not begun by then moves to a fresh channel, as it does from any
//! channel that closes before the request is queued. Java never closes such a channel.
//!
//! At most [`DRAINING_PER_ADDRESS`] channels of one address drain at once: one more closes the oldest. So a
//! server that sends some calls away and never responds to others does not accumulate connections.

use std::sync::Arc;

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use tokio::time::{Instant, timeout};

use super::Shared;
use super::connect::ClientChannel;
use crate::error::Cause;
use crate::transport::{Address, CloseReason};

/// The number of channels of one address that may drain at once.
pub(super) const DRAINING_PER_ADDRESS: usize = 4;

const DRAINED: CloseReason = CloseReason::local("drained after GO_AWAY");
const NOT_DRAINED: CloseReason = CloseReason::local("not drained in time after GO_AWAY");
const UNRESPONSIVE: CloseReason = CloseReason::local("unresponsive: no data arrived while a call timed out");
const UNLISTED: CloseReason = CloseReason::local("this name server is no longer in the list");
const TOO_MANY: CloseReason = CloseReason::local("too many draining channels to this address");

/// Returns whether a channel was closed for one of these reasons. Its calls need not fail.
pub(super) fn ended_draining(reason: &CloseReason) -> bool {
    [DRAINED, NOT_DRAINED, UNRESPONSIVE, UNLISTED, TOO_MANY].contains(reason)
}

/// The reason why a channel takes no new calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Retired {
    /// Its server responded with `GO_AWAY`.
    GoneAway,
    /// No data arrived while a call timed out. The other calls in flight continue.
    Unresponsive,
    /// Its name server is no longer in the list.
    Unlisted,
}

impl Retired {
    /// Returns the failure to record for the address, if any.
    fn failure(self) -> Option<Cause> {
        match self {
            Self::GoneAway => Some(Arc::new(WentAwaySoon)),
            Self::Unresponsive => Some(Arc::new(WasUnresponsive)),
            Self::Unlisted => None,
        }
    }

    const fn drained(self) -> CloseReason {
        match self {
            Self::GoneAway => DRAINED,
            Self::Unresponsive => UNRESPONSIVE,
            Self::Unlisted => UNLISTED,
        }
    }

    const fn not_drained(self) -> CloseReason {
        match self {
            Self::GoneAway => NOT_DRAINED,
            Self::Unresponsive => UNRESPONSIVE,
            Self::Unlisted => UNLISTED,
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the server went away soon after it was connected")]
struct WentAwaySoon;

#[derive(Debug, thiserror::Error)]
#[error("the server stopped responding soon after it was connected")]
struct WasUnresponsive;

/// The draining channels, found when channels are closed by address.
#[derive(Debug, Default)]
pub(super) struct Draining {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    by_id: FxHashMap<u64, Arc<ClientChannel>>,
    /// The client has shut down or is shutting down.
    ended: bool,
}

impl Draining {
    /// Closes the draining channels to `addr`.
    pub(super) fn close(&self, addr: &Address, reason: &CloseReason) {
        let channels: Vec<_> = {
            let state = self.state.lock();
            state.by_id.values().filter(|channel| channel.addr == *addr).cloned().collect()
        };
        for channel in channels {
            channel.rpc.close(reason.clone());
        }
    }

    pub(super) fn len(&self) -> usize {
        self.state.lock().by_id.len()
    }

    /// Drops all channels for good. The caller closes them, and their drain tasks are aborted.
    pub(super) fn end(&self) {
        let channels = {
            let mut state = self.state.lock();
            state.ended = true;
            std::mem::take(&mut state.by_id)
        };
        drop(channels);
    }

    fn remove(&self, id: u64) -> Option<Arc<ClientChannel>> {
        self.state.lock().by_id.remove(&id)
    }
}

impl State {
    /// Removes the oldest channel to `addr` if the limit is reached.
    fn oldest_of_many(&mut self, addr: &Address) -> Option<Arc<ClientChannel>> {
        let ids = self.by_id.values().filter(|channel| channel.addr == *addr).map(|channel| channel.id());
        let (count, oldest) = ids.fold((0, u64::MAX), |(count, oldest), id| (count + 1, oldest.min(id)));
        if count < DRAINING_PER_ADDRESS {
            return None;
        }
        self.by_id.remove(&oldest)
    }
}

impl Shared {
    /// Removes the channel from the table, if it is still there, and closes it when it is drained.
    pub(super) fn retire(self: &Arc<Self>, channel: &Arc<ClientChannel>, why: Retired) {
        let id = channel.id();
        let oldest = {
            // One lock over both: a client that shuts down meanwhile finds the channel either here or in the
            // table.
            let mut draining = self.draining.state.lock();
            let failure = why.failure().map(|cause| (Instant::now(), cause));
            if draining.ended || !self.connections.retire(&channel.addr, channel, failure) {
                return;
            }
            let oldest = draining.oldest_of_many(&channel.addr);
            draining.by_id.insert(id, Arc::clone(channel));
            oldest
        };
        if let Some(oldest) = oldest {
            oldest.rpc.close(TOO_MANY);
        }
        let (shared, rpc) = (Arc::clone(self), channel.rpc.clone());
        self.endpoint.state.tasks.spawn(async move {
            let unused_or_closed = async {
                tokio::select! {
                    biased;
                    _ = rpc.closed() => {}
                    () = rpc.unused() => {}
                }
            };
            let drained = if why == Retired::Unresponsive {
                unused_or_closed.await;
                true
            } else {
                timeout(shared.config.drain_timeout, unused_or_closed).await.is_ok()
            };
            if let Some(channel) = shared.draining.remove(id) {
                channel.rpc.close(if drained { why.drained() } else { why.not_drained() });
            }
        });
    }
}
