//! The end of a channel that takes no new calls: its server goes away, does not respond, or has left the list of name
//! servers.
//!
//! Such a channel is out of the table, so that no new call finds it, and open, so that the calls in flight get their
//! responses, and the server those to the requests of its own that are being worked on. It is closed when the last one
//! has come or gone. A call that found it in the table and has not begun by then moves to a fresh channel, as from any
//! channel that closes before the request is queued. Java never closes it.
//!
//! Few channels of one address drain at once: the oldest is closed when one more comes. So a server that sends some
//! calls away and never answers the others does not gather connections.

use std::sync::Arc;

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use tokio::time::{Instant, timeout};

use super::Shared;
use super::connect::ClientChannel;
use crate::error::Cause;
use crate::transport::{Address, CloseReason};

/// How many channels of one address drain at once.
pub(super) const DRAINING_PER_ADDRESS: usize = 4;

const DRAINED: CloseReason = CloseReason::local("drained after GO_AWAY");
const NOT_DRAINED: CloseReason = CloseReason::local("not drained in time after GO_AWAY");
const UNRESPONSIVE: CloseReason = CloseReason::local("it looks dead: nothing came while a call timed out");
const UNLISTED: CloseReason = CloseReason::local("this name server is no longer in the list");
const TOO_MANY: CloseReason = CloseReason::local("too many channels to this address drain");

/// Whether a channel was closed for one of the reasons here: its calls need not fail.
pub(super) fn ended_draining(reason: &CloseReason) -> bool {
    [DRAINED, NOT_DRAINED, UNRESPONSIVE, UNLISTED, TOO_MANY].contains(reason)
}

/// Why a channel takes no new calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Retired {
    /// Its server said `GO_AWAY`.
    GoneAway,
    /// Nothing came from it while a call timed out. Its calls go on to their own ends.
    Unresponsive,
    /// It leads to a name server that is no longer in the list.
    Unlisted,
}

impl Retired {
    /// What it says of the address.
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
#[error("nothing came from the server soon after it was connected")]
struct WasUnresponsive;

/// The channels that drain, for those who close channels by address.
#[derive(Debug, Default)]
pub(super) struct Draining {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    by_id: FxHashMap<u64, Arc<ClientChannel>>,
    /// The client ends.
    ended: bool,
}

impl Draining {
    /// Closes those to `addr`.
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

    /// Forgets the channels, for good: they are closed by whoever ends the client, and nobody is left to watch them
    /// drain.
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
    /// Takes out the oldest channel to `addr`, if there are as many as may be.
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
    /// Takes the channel out of the table, if it is still there, and sees to its end.
    pub(super) fn retire(self: &Arc<Self>, channel: &Arc<ClientChannel>, why: Retired) {
        let id = channel.id();
        let oldest = {
            // One lock over both, so that whoever ends the client meanwhile finds the channel here or in the table.
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
