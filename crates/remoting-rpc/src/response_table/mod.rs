//! The calls that wait for a response on one channel (Java: `responseTable` of `NettyRemotingAbstract`).
//!
//! Java keeps one map for all channels of a process, so that any peer can complete any call whose opaque it
//! guesses, and a close has to walk all calls. Here each channel has its own table. It is synchronous and gets
//! the time as an argument; a caller owns no timer, the channel's driver has one for the whole table.
//!
//! Nor does a caller read the clock: the time of a call runs from the next turn of the driver, which the caller brings
//! about when it queues its request, or by waking the driver if it cannot. All calls that have come by then share one
//! reading. Their deadlines lie side by side, and are looked through only when one of them may have come: once in
//! a time-out as long as all calls are answered, and once in a tick of 10 ms at most.
//!
//! A call ends exactly once, by whichever comes first under the table's lock:
//!
//! | end | by | what the caller gets |
//! |---|---|---|
//! | response | [`ResponseTable::complete`], a whole batch under one lock | the response |
//! | deadline | [`ResponseTable::expire`] | [`Outcome::TimedOut`] |
//! | close | [`ResponseTable::close`] | [`Outcome::Closed`], or [`Outcome::Unsent`] if the request was never written ([`ResponseTable::unsent`]) |
//! | not encodable | [`ResponseTable::unencodable`] | [`Outcome::Unencodable`] |
//! | cancel | [`ResponseTable::cancel`], by a caller that is dropped | nothing; its slot is free at once |
//!
//! A response whose call is gone is late: it is counted out in [`ResponseBatch::late`] and reaches nobody, since
//! an opaque comes back only after 2³² calls of its channel.

mod batch;
mod closed;
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
#[cfg(test)]
use self::pending_call::PendingCall;
use self::slot::{NEVER, Slots};
use self::tick::Clock;

/// `armed` while the time of a call does not run yet.
const NOT_RUNNING: u64 = NEVER - 1;

/// How a call ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    Response(RemotingCommand),
    TimedOut,
    Closed(CloseReason),
    /// As `Closed`, and the request was queued, but no byte of it has been written.
    Unsent(CloseReason),
    /// The request was queued, but cannot be put on the wire.
    Unencodable(EncodeError),
}

/// See the [module](self).
pub(crate) struct ResponseTable {
    clock: Clock,
    /// What is to be done about deadlines, to be seen without the lock: [`NOT_RUNNING`], or [`Inner::armed`]. Written under
    /// the lock.
    armed: AtomicU64,
    /// When the channel delivered something last, in nanoseconds of the clock; 0: never. Written by its driver alone.
    heard: AtomicU64,
    inner: Mutex<Inner>,
}

struct Inner {
    slots: Slots,
    /// The tick for which the driver's timer is (to be) armed, or [`NEVER`]. It may be earlier than the earliest deadline,
    /// because the end of a call does not move it: one idle wake-up of the driver per time-out is cheaper than
    /// re-arming its timer in each turn. Never later than the deadline of a call whose time runs.
    armed: u64,
    closed: Option<CloseReason>,
    /// Of requests that will never be written. The close ends their calls.
    unsent: Vec<i32>,
    /// Who wants to know when no call is in flight.
    watcher: Option<Waker>,
}

impl ResponseTable {
    /// An empty table. `epoch` is any instant that is not in the future.
    pub(crate) fn new(epoch: Instant) -> Self {
        let inner =
            Inner { slots: Slots::new(), armed: NEVER, closed: None, unsent: Vec::new(), watcher: None };
        Self {
            clock: Clock::new(epoch),
            armed: AtomicU64::new(NEVER),
            heard: AtomicU64::new(0),
            inner: Mutex::new(inner),
        }
    }

    /// Opens a slot for a call, and returns the opaque that its request must carry. It must be open before the request is
    /// queued, so that the response finds it. Whoever opens it [takes its outcome](Self::take_outcome) or
    /// [cancels](Self::cancel) it, once.
    ///
    /// `timeout` runs from the driver's next turn, in which it asks for the [next deadline](Self::next_deadline). Whoever
    /// opens a slot and does not queue a request must wake the driver.
    ///
    /// `waker` is that of the task which asks for the outcome next.
    ///
    /// # Errors
    ///
    /// The reason of the close, when the table has been [closed](Self::close).
    #[inline]
    pub(crate) fn open(&self, timeout: Duration, waker: &Waker) -> Result<i32, CloseReason> {
        let waker = waker.clone();
        let mut inner = self.inner.lock();
        if let Some(reason) = &inner.closed {
            return Err(reason.clone());
        }
        let opaque = inner.slots.occupy(timeout, waker);
        self.armed.store(NOT_RUNNING, Ordering::Release);
        Ok(opaque)
    }

    /// Hands each response of the batch to its call, under one lock. The callers' wakers are left in the batch
    /// to be woken after it; so are the responses that no call waits for.
    pub(crate) fn complete(&self, batch: &mut ResponseBatch) {
        let mut inner = self.inner.lock();
        let slots = &mut inner.slots;
        for response in batch.responses.drain(..) {
            match slots.waiting(response.opaque()) {
                Some(slot) => {
                    if let Some(waker) = slots.end(slot, Outcome::Response(response)) {
                        batch.wakers.push(waker);
                    }
                }
                None => batch.late.push(response),
            }
        }
    }

    /// When [`ResponseTable::expire`] wants to be called. It may turn out that nothing has expired by then. Reads the
    /// clock if there are calls whose time does not run yet.
    pub(crate) fn next_deadline(&self, now: impl FnOnce() -> Instant) -> Option<Instant> {
        let armed = match self.armed.load(Ordering::Acquire) {
            NOT_RUNNING => self.run(now),
            armed => armed,
        };
        if armed == NEVER { None } else { self.clock.begin_of(armed) }
    }

    /// Lets the time of new calls run. The clock is read under the lock, lest a call that comes meanwhile end early.
    fn run(&self, now: impl FnOnce() -> Instant) -> u64 {
        let mut inner = self.inner.lock();
        let inner = &mut *inner;
        inner.armed = inner.armed.min(inner.slots.run(now(), &self.clock));
        self.armed.store(inner.armed, Ordering::Release);
        inner.armed
    }

    /// Ends the calls whose deadline has come.
    pub(crate) fn expire(&self, now: Instant, batch: &mut ResponseBatch) {
        let now = self.clock.tick_at_or_before(now);
        let armed = self.armed.load(Ordering::Acquire);
        if armed != NOT_RUNNING && now < armed {
            return;
        }
        let mut inner = self.inner.lock();
        let inner = &mut *inner;
        if now < inner.armed {
            return;
        }
        inner.armed = inner.slots.end_due(now, &mut batch.wakers);
        if self.armed.load(Ordering::Relaxed) != NOT_RUNNING {
            self.armed.store(inner.armed, Ordering::Release);
        }
    }

    /// The peer has sent something, whatever it is. Nobody asks for it while no call can run out of time.
    #[inline]
    pub(crate) fn hear(&self, now: Instant) {
        if self.armed.load(Ordering::Relaxed) != NEVER {
            self.heard.store(self.clock.nanos(now), Ordering::Relaxed);
        }
    }

    /// Whether nothing has come from the peer after `since`.
    pub(crate) fn has_heard_nothing_since(&self, since: Instant) -> bool {
        self.heard.load(Ordering::Relaxed) <= self.clock.nanos(since)
    }

    /// The reason, once the table has been [closed](Self::close).
    pub(crate) fn close_reason(&self) -> Option<CloseReason> {
        self.inner.lock().closed.clone()
    }

    /// Ends the call whose request cannot be put on the wire.
    pub(crate) fn unencodable(&self, opaque: i32, error: EncodeError) {
        let waker = {
            let mut inner = self.inner.lock();
            let Some(slot) = inner.slots.waiting(opaque) else { return };
            inner.slots.end(slot, Outcome::Unencodable(error))
        };
        waker.into_iter().for_each(Waker::wake);
    }

    /// The channel comes to its end, and the request with this opaque was not written.
    pub(crate) fn unsent(&self, opaque: i32) {
        let mut inner = self.inner.lock();
        if inner.closed.is_none() {
            inner.unsent.push(opaque);
        }
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
            inner.armed = NEVER;
            for opaque in std::mem::take(&mut inner.unsent) {
                if let Some(slot) = inner.slots.waiting(opaque) {
                    batch.wakers.extend(inner.slots.end(slot, Outcome::Unsent(reason.clone())));
                }
            }
            inner.slots.end_all(|| Outcome::Closed(reason.clone()), &mut batch.wakers);
            self.armed.store(NEVER, Ordering::Release);
        }
        batch.wake();
    }

    /// How many calls have not been collected by their callers yet.
    pub(crate) fn in_flight(&self) -> usize {
        self.inner.lock().slots.occupied()
    }

    /// How the call has ended, which frees its slot; `began` is since when its time ran, if it did. `None`: it has not
    /// ended, and its end will wake this waker.
    #[inline(always)]
    pub(crate) fn take_outcome(
        &self,
        opaque: i32,
        waker: &Waker,
        began: &mut Option<Instant>,
    ) -> Option<Outcome> {
        let mut replaced = None; // dropped outside the lock, as dropping a waker may run arbitrary code
        let mut inner = self.inner.lock();
        let outcome = inner.slots.take_outcome(opaque, waker, began, &mut replaced);
        let watcher = inner.call_ended();
        drop(inner);
        if let Some(watcher) = watcher {
            watcher.wake();
        }
        outcome
    }

    /// Since when the time of a call runs whose outcome has not been taken; `None`: it does not run yet.
    pub(crate) fn began(&self, opaque: i32) -> Option<Instant> {
        self.inner.lock().slots.began(opaque)
    }

    /// Gives the call up: its slot is free, and its response will be late.
    pub(crate) fn cancel(&self, opaque: i32) {
        let (held, watcher) = {
            let mut inner = self.inner.lock();
            (inner.slots.release(opaque), inner.call_ended())
        };
        watcher.into_iter().for_each(Waker::wake);
        drop(held); // outside the lock: a waker or a response may run arbitrary code when dropped
    }

    /// Returns ready while no call is in flight and nothing else is `busy`, which is called under the lock. Otherwise the end of the last
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

    /// Wakes the watcher: what was `busy` is not any more.
    pub(crate) fn nothing_else(&self) {
        let watcher = self.inner.lock().call_ended();
        watcher.into_iter().for_each(Waker::wake);
    }
}

impl Inner {
    /// If that was the last one: gives back memory, and returns who wants to know.
    #[inline]
    fn call_ended(&mut self) -> Option<Waker> {
        if self.slots.occupied() > 0 {
            return None;
        }
        self.slots.shrink();
        self.watcher.take()
    }
}

impl std::fmt::Debug for ResponseTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResponseTable").field("in_flight", &self.in_flight()).finish_non_exhaustive()
    }
}
