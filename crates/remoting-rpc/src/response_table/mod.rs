//! The calls that wait for a response on one channel (Java: `responseTable` of `NettyRemotingAbstract`).
//!
//! Java has one map for all channels of a process, so any peer can complete any call whose opaque it guesses,
//! and a close has to walk all calls. Here each channel has its own table. The table is synchronous and gets
//! the time as an argument. A call has no timer; the channel's driver has one for the whole table.
//!
//! A call does not read the clock either. Its time starts at the next poll of the driver, which the call
//! causes by queueing its request, or by waking the driver if it cannot queue. All calls that have come by
//! then share one reading. Their deadlines are stored side by side, and are scanned only when one may have
//! passed: once per time-out as long as all calls get their responses, and at most once per tick of 10 ms.
//!
//! A call ends exactly once, by the first of these under the table's lock:
//!
//! | end | by | the caller gets |
//! |---|---|---|
//! | response | [`ResponseTable::complete`], a whole batch under one lock | the response |
//! | deadline | [`ResponseTable::expire`] | [`Outcome::TimedOut`] |
//! | close | [`ResponseTable::close`] | [`Outcome::Closed`], or [`Outcome::Unsent`] if the request was never written ([`ResponseTable::unsent`]) |
//! | not encodable | [`ResponseTable::unencodable`] | [`Outcome::Unencodable`] |
//! | cancel | [`ResponseTable::cancel`], when the caller is dropped | nothing; its slot is free at once |
//!
//! A response whose call has ended is late: it is moved to [`ResponseBatch::late`] and reaches no caller,
//! since an opaque repeats only after 2³² calls of its channel.

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

/// The value of `armed` while the time of a call has not started.
const NOT_RUNNING: u64 = NEVER - 1;

/// How a call ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    Response(RemotingCommand),
    TimedOut,
    Closed(CloseReason),
    /// Like `Closed`, and the request was queued, but no byte of it was written.
    Unsent(CloseReason),
    /// The request was queued but cannot be encoded.
    Unencodable(EncodeError),
}

/// The table of one channel. See the [module](self).
pub(crate) struct ResponseTable {
    clock: Clock,
    /// [`NOT_RUNNING`], or a copy of [`Inner::armed`] to be read without the lock. Written under the lock.
    armed: AtomicU64,
    /// When data last arrived on the channel, in nanoseconds of the clock; 0: never. Written only by the
    /// channel's driver.
    last_data: AtomicU64,
    inner: Mutex<Inner>,
}

struct Inner {
    slots: Slots,
    /// The tick of the driver's timer, or [`NEVER`]. It may be earlier than the earliest deadline, because
    /// the end of a call does not move it: one idle wake-up of the driver per time-out is cheaper than
    /// re-arming its timer in each poll. It is never later than the deadline of a call whose time has
    /// started.
    armed: u64,
    closed: Option<CloseReason>,
    /// The opaques of requests that will never be written. The close ends their calls.
    unsent: Vec<i32>,
    /// Woken when no call is in flight.
    watcher: Option<Waker>,
}

impl ResponseTable {
    /// Creates an empty table. `epoch` must not be in the future.
    pub(crate) fn new(epoch: Instant) -> Self {
        let inner =
            Inner { slots: Slots::new(), armed: NEVER, closed: None, unsent: Vec::new(), watcher: None };
        Self {
            clock: Clock::new(epoch),
            armed: AtomicU64::new(NEVER),
            last_data: AtomicU64::new(0),
            inner: Mutex::new(inner),
        }
    }

    /// Opens a slot for a call and returns the opaque of its request. The slot must be open before the
    /// request is queued, so that the response finds it. The caller must [take the
    /// outcome](Self::take_outcome) or [cancel](Self::cancel) the call, once.
    ///
    /// `timeout` starts at the driver's next poll, in which the driver calls
    /// [`next_deadline`](Self::next_deadline). A caller that opens a slot without queueing a request must
    /// wake the driver.
    ///
    /// `waker` is the waker of the task that takes the outcome.
    ///
    /// # Errors
    ///
    /// Returns the reason of the close if the table is [closed](Self::close).
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

    /// Completes the call of each response in the batch, under one lock. Leaves the wakers of the callers in
    /// the batch, to be woken afterwards, and the late responses.
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

    /// Returns when [`ResponseTable::expire`] must be called. It may turn out that no call has expired by
    /// then. Reads the clock if the time of a call has not started.
    pub(crate) fn next_deadline(&self, now: impl FnOnce() -> Instant) -> Option<Instant> {
        let armed = match self.armed.load(Ordering::Acquire) {
            NOT_RUNNING => self.run(now),
            armed => armed,
        };
        if armed == NEVER { None } else { self.clock.begin_of(armed) }
    }

    /// Starts the time of new calls. The clock is read under the lock: otherwise a call opened meanwhile
    /// could end early.
    fn run(&self, now: impl FnOnce() -> Instant) -> u64 {
        let mut inner = self.inner.lock();
        let inner = &mut *inner;
        inner.armed = inner.armed.min(inner.slots.run(now(), &self.clock));
        self.armed.store(inner.armed, Ordering::Release);
        inner.armed
    }

    /// Ends the calls whose deadline has passed.
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

    /// Records that data arrived from the peer. Does nothing while no call can time out.
    #[inline]
    pub(crate) fn record_data(&self, now: Instant) {
        if self.armed.load(Ordering::Relaxed) != NEVER {
            self.last_data.store(self.clock.nanos(now), Ordering::Relaxed);
        }
    }

    /// Returns whether no data has arrived from the peer after `since`.
    pub(crate) fn is_silent_since(&self, since: Instant) -> bool {
        self.last_data.load(Ordering::Relaxed) <= self.clock.nanos(since)
    }

    /// Returns the reason of the close if the table is [closed](Self::close).
    pub(crate) fn close_reason(&self) -> Option<CloseReason> {
        self.inner.lock().closed.clone()
    }

    /// Ends a call whose request cannot be encoded.
    pub(crate) fn unencodable(&self, opaque: i32, error: EncodeError) {
        let waker = {
            let mut inner = self.inner.lock();
            let Some(slot) = inner.slots.waiting(opaque) else { return };
            inner.slots.end(slot, Outcome::Unencodable(error))
        };
        waker.into_iter().for_each(Waker::wake);
    }

    /// Records that the request with this opaque was not written before the channel ended.
    pub(crate) fn unsent(&self, opaque: i32) {
        let mut inner = self.inner.lock();
        if inner.closed.is_none() {
            inner.unsent.push(opaque);
        }
    }

    /// Ends all calls and rejects new ones. The first reason wins.
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

    /// Returns how many calls are open: neither cancelled nor with their outcome taken.
    pub(crate) fn in_flight(&self) -> usize {
        self.inner.lock().slots.occupied()
    }

    /// Returns the outcome of a call and frees its slot. Sets `began` to the start of the call's time, if it
    /// has started. Returns `None` if the call has not ended; then its end wakes this waker.
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

    /// Returns the start of the time of an open call, or `None` if it has not started.
    pub(crate) fn began(&self, opaque: i32) -> Option<Instant> {
        self.inner.lock().slots.began(opaque)
    }

    /// Abandons the call: its slot is free, and its response will be late.
    pub(crate) fn cancel(&self, opaque: i32) {
        let (held, watcher) = {
            let mut inner = self.inner.lock();
            (inner.slots.release(opaque), inner.call_ended())
        };
        watcher.into_iter().for_each(Waker::wake);
        drop(held); // outside the lock: a waker or a response may run arbitrary code when dropped
    }

    /// Returns ready if no call is in flight and `busy`, which is called under the lock, returns false.
    /// Otherwise the end of the last call, or [`nothing_else`](Self::nothing_else), wakes this waker. There
    /// is one watcher: the latest.
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

    /// Wakes the watcher, when `busy` would return false.
    pub(crate) fn nothing_else(&self) {
        let watcher = self.inner.lock().call_ended();
        watcher.into_iter().for_each(Waker::wake);
    }
}

impl Inner {
    /// After the last call: frees memory and returns the watcher.
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
