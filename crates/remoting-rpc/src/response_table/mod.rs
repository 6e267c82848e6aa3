//! The calls that wait for a response on one channel (Java: `responseTable` of `NettyRemotingAbstract`).
//!
//! Java keeps one map for all channels of a process, so that any peer can complete any call whose opaque it
//! guesses, and a close has to walk all calls. Here each channel has its own table. It is synchronous and is
//! told the time; a caller owns no timer, the channel's driver has one for the whole table.
//!
//! A call ends exactly once, by whichever comes first under the table's lock:
//!
//! | end | by | what the caller gets |
//! |---|---|---|
//! | response | [`ResponseTable::complete`], a whole batch under one lock | the response |
//! | deadline | [`ResponseTable::expire`] | [`Outcome::TimedOut`] |
//! | close | [`ResponseTable::close`] | [`Outcome::Closed`] |
//! | not encodable | [`ResponseTable::unencodable`] | [`Outcome::Unencodable`] |
//! | cancel | [`ResponseTable::cancel`], by a caller that is dropped | nothing; its slot is free at once |
//!
//! A response whose call is gone is late: it is counted out in [`ResponseBatch::late`] and reaches nobody, since
//! an opaque comes back only after 2³² calls of its channel.

mod batch;
mod deadline_wheel;
#[cfg(any(test, feature = "testing"))]
mod pending_call;
mod slot;
#[cfg(test)]
mod tests;
mod tick;

use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use remoting_transport::CloseReason;
use remoting_transport::protocol::{EncodeError, RemotingCommand};

pub(crate) use self::batch::ResponseBatch;
use self::deadline_wheel::DeadlineWheel;
#[cfg(test)]
use self::pending_call::PendingCall;
use self::slot::Slots;
use self::tick::Clock;

/// `armed` when no deadline is known.
const NEVER: u64 = u64::MAX;

/// How a call ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    Response(RemotingCommand),
    TimedOut,
    Closed(CloseReason),
    /// The request was queued, but cannot be put on the wire.
    Unencodable(EncodeError),
}

/// See the [module](self).
pub(crate) struct ResponseTable {
    clock: Clock,
    /// The tick for which the driver's timer is (to be) armed. It may be earlier than the earliest deadline,
    /// because the end of a call does not move it: one idle wake-up of the driver per time-out is cheaper than
    /// re-arming its timer in each turn. Never later. Written under the lock.
    armed: AtomicU64,
    inner: Mutex<Inner>,
}

struct Inner {
    slots: Slots,
    /// Allocated by the first call: a channel that only answers has none.
    wheel: Option<Box<DeadlineWheel>>,
    closed: Option<CloseReason>,
    /// Who wants to know when no call is in flight.
    watcher: Option<Waker>,
}

/// A call that was [opened](ResponseTable::open).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opened {
    /// What the request must carry.
    pub(crate) opaque: i32,
    /// Whether [`ResponseTable::next_deadline`] has come closer. The driver asks for it in each turn, hence after
    /// each request that is queued. Whoever opens a slot and does not queue a request must wake the driver if `sooner`,
    /// even if the call is over by then: calls that come later and are due later do not.
    pub(crate) sooner: bool,
}

impl ResponseTable {
    /// An empty table. `epoch` is any instant that is not in the future.
    pub(crate) fn new(epoch: Instant) -> Self {
        let inner = Inner { slots: Slots::new(), wheel: None, closed: None, watcher: None };
        Self { clock: Clock::new(epoch), armed: AtomicU64::new(NEVER), inner: Mutex::new(inner) }
    }

    /// Opens a slot for a call that was begun at `started`. It must be open before the request is queued, so that the
    /// response finds it. Whoever opens it [takes its outcome](Self::take_outcome) or [cancels](Self::cancel) it,
    /// once.
    ///
    /// `waker` is that of the task which asks for the outcome next.
    ///
    /// # Errors
    ///
    /// The reason of the close, when the table has been [closed](Self::close).
    #[inline]
    pub(crate) fn open(
        &self,
        started: Instant,
        timeout: Duration,
        waker: &Waker,
    ) -> Result<Opened, CloseReason> {
        let (now, tick) = self.clock.started_and_due(started, timeout);
        let waker = waker.clone();
        let mut inner = self.inner.lock();
        let inner = &mut *inner;
        if let Some(reason) = &inner.closed {
            return Err(reason.clone());
        }
        let opaque = inner.slots.occupy(waker);
        let wheel = inner.wheel.get_or_insert_with(first_wheel);
        wheel.insert(&mut inner.slots, opaque, tick, now);
        let sooner = tick < self.armed.load(Ordering::Relaxed);
        if sooner {
            self.armed.store(tick, Ordering::Release);
        }
        Ok(Opened { opaque, sooner })
    }

    /// Hands each response of the batch to its call, under one lock. The callers' wakers are left in the batch
    /// to be woken after it; so are the responses that no call waits for.
    pub(crate) fn complete(&self, batch: &mut ResponseBatch) {
        let mut inner = self.inner.lock();
        let Inner { slots, wheel, .. } = &mut *inner;
        for response in batch.responses.drain(..) {
            let opaque = response.opaque();
            if let Some(slot) = slots.waiting(opaque) {
                if let Some(waker) = slot.end(Outcome::Response(response)) {
                    batch.wakers.push(waker);
                }
                if let Some(wheel) = wheel {
                    wheel.remove(slots, opaque);
                }
            } else {
                batch.late.push(response);
            }
        }
    }

    /// When [`ResponseTable::expire`] wants to be called. It may turn out that nothing has expired by then.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        match self.armed.load(Ordering::Acquire) {
            NEVER => None,
            tick => self.clock.begin_of(tick),
        }
    }

    /// Ends the calls whose deadline has come.
    pub(crate) fn expire(&self, now: Instant, batch: &mut ResponseBatch) {
        let now = self.clock.tick_at_or_before(now);
        if now < self.armed.load(Ordering::Acquire) {
            return;
        }
        let mut inner = self.inner.lock();
        let Inner { slots, wheel, .. } = &mut *inner;
        let Some(wheel) = wheel else { return };
        wheel.expire(slots, now, |slots, opaque| {
            batch.wakers.extend(slots.waiting(opaque).and_then(|slot| slot.end(Outcome::TimedOut)));
        });
        self.armed.store(wheel.earliest().unwrap_or(NEVER), Ordering::Release);
    }

    /// Ends the call whose request cannot be put on the wire.
    pub(crate) fn unencodable(&self, opaque: i32, error: EncodeError) {
        let waker = {
            let mut inner = self.inner.lock();
            let Inner { slots, wheel, .. } = &mut *inner;
            let Some(slot) = slots.waiting(opaque) else { return };
            let waker = slot.end(Outcome::Unencodable(error));
            if let Some(wheel) = wheel {
                wheel.remove(slots, opaque);
            }
            waker
        };
        waker.into_iter().for_each(Waker::wake);
    }

    /// Ends all calls and refuses new ones. The first reason stays.
    pub(crate) fn close(&self, reason: &CloseReason) {
        let mut batch = ResponseBatch::default();
        {
            let mut inner = self.inner.lock();
            if inner.closed.is_some() {
                return;
            }
            inner.closed = Some(reason.clone());
            inner.wheel = None;
            inner.slots.end_all(|| Outcome::Closed(reason.clone()), &mut batch.wakers);
            self.armed.store(NEVER, Ordering::Release);
        }
        batch.wake();
    }

    /// How many calls have not been collected by their callers yet.
    pub(crate) fn in_flight(&self) -> usize {
        self.inner.lock().slots.occupied()
    }

    /// How the call has ended, which frees its slot. `None`: it has not, and its end will wake this waker.
    #[inline(always)]
    pub(crate) fn take_outcome(&self, opaque: i32, waker: &Waker) -> Option<Outcome> {
        let mut replaced = None; // dropped outside the lock, as dropping a waker may run arbitrary code
        let mut inner = self.inner.lock();
        let outcome = inner.slots.take_outcome(opaque, waker, &mut replaced);
        let watcher = inner.watcher_of_the_last();
        drop(inner);
        if let Some(watcher) = watcher {
            watcher.wake();
        }
        outcome
    }

    /// Gives the call up: its slot is free, and its response will be late.
    pub(crate) fn cancel(&self, opaque: i32) {
        let (held, watcher) = {
            let mut inner = self.inner.lock();
            let Inner { slots, wheel, .. } = &mut *inner;
            if let (Some(wheel), true) = (wheel, slots.waiting(opaque).is_some()) {
                wheel.remove(slots, opaque);
            }
            (slots.release(opaque), inner.watcher_of_the_last())
        };
        watcher.into_iter().for_each(Waker::wake);
        drop(held); // outside the lock: a waker or a response may run arbitrary code when dropped
    }

    /// Ready while no call is in flight and, asked under the lock, nothing else is `busy`. Otherwise the end of the last
    /// call, or of what was busy ([`nothing_else`](Self::nothing_else)), wakes this waker. There is one watcher: the
    /// latest.
    pub(crate) fn poll_unused(&self, waker: &Waker, busy: impl FnOnce() -> bool) -> Poll<()> {
        let mut inner = self.inner.lock();
        if inner.slots.occupied() == 0 && !busy() {
            return Poll::Ready(());
        }
        let former = inner.watcher.replace(waker.clone());
        drop(inner);
        drop(former);
        Poll::Pending
    }

    /// What a watcher was told to be busy is not any more.
    pub(crate) fn nothing_else(&self) {
        let watcher = self.inner.lock().watcher_of_the_last();
        watcher.into_iter().for_each(Waker::wake);
    }
}

impl Inner {
    #[inline]
    fn watcher_of_the_last(&mut self) -> Option<Waker> {
        if self.slots.occupied() == 0 { self.watcher.take() } else { None }
    }
}

/// Apart, so that its 4 KiB are not on the stack of every call.
#[cold]
#[inline(never)]
fn first_wheel() -> Box<DeadlineWheel> {
    Box::default()
}

impl std::fmt::Debug for ResponseTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResponseTable").field("in_flight", &self.in_flight()).finish_non_exhaustive()
    }
}
