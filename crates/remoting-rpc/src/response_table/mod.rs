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
//! | cancel | dropping the [`PendingCall`] | nothing; its slot is free at once |
//!
//! A response whose call is gone is late: it is counted out in [`ResponseBatch::late`] and reaches nobody, since
//! an opaque comes back only after 2³² calls of its channel.

mod batch;
mod deadline_wheel;
mod pending_call;
mod slot;
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use remoting_transport::CloseReason;
use remoting_transport::protocol::{EncodeError, RemotingCommand};

pub(crate) use self::batch::ResponseBatch;
use self::deadline_wheel::DeadlineWheel;
pub(crate) use self::pending_call::PendingCall;
use self::slot::{Slots, State};

/// How exact deadlines are. A call never ends early and at most about this much late.
const TICK: Duration = Duration::from_millis(10);
const TICKS_PER_SECOND: u64 = 100;
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
    /// Tick 0.
    epoch: Instant,
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
}

impl ResponseTable {
    /// An empty table. `epoch` is any instant that is not later than the first `now`.
    pub(crate) fn new(epoch: Instant) -> Self {
        let inner = Inner { slots: Slots::new(), wheel: None, closed: None };
        Self { epoch, armed: AtomicU64::new(NEVER), inner: Mutex::new(inner) }
    }

    /// Opens a slot for a call. It must be open before the request is queued, so that the response finds it.
    ///
    /// `waker` is that of the task which polls the returned call next.
    ///
    /// # Errors
    ///
    /// The reason of the close, when the table has been [closed](Self::close).
    pub(crate) fn begin(
        &self,
        now: Instant,
        deadline: Instant,
        waker: &Waker,
    ) -> Result<PendingCall<'_>, CloseReason> {
        let tick = self.tick_at_or_after(deadline);
        let waker = waker.clone();
        let mut inner = self.inner.lock();
        let inner = &mut *inner;
        if let Some(reason) = &inner.closed {
            return Err(reason.clone());
        }
        let opaque = inner.slots.occupy(waker);
        let wheel = inner.wheel.get_or_insert_with(Default::default);
        wheel.insert(&mut inner.slots, opaque, tick, self.tick_at_or_before(now));
        if tick < self.armed.load(Ordering::Relaxed) {
            self.armed.store(tick, Ordering::Release);
        }
        Ok(PendingCall::new(self, opaque))
    }

    /// Hands each response of the batch to its call, under one lock. The callers' wakers are left in the batch
    /// to be woken after it; so are the responses that no call waits for.
    pub(crate) fn complete(&self, batch: &mut ResponseBatch) {
        let mut inner = self.inner.lock();
        let Inner { slots, wheel, .. } = &mut *inner;
        for response in batch.responses.drain(..) {
            let opaque = response.opaque();
            if slots.is_waiting(opaque) {
                if let Some(wheel) = wheel {
                    wheel.remove(slots, opaque);
                }
                batch.wakers.extend(slots.end(opaque, Outcome::Response(response)));
            } else {
                batch.late.push(response);
            }
        }
    }

    /// When [`ResponseTable::expire`] wants to be called. It may turn out that nothing has expired by then.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        match self.armed.load(Ordering::Acquire) {
            NEVER => None,
            tick => {
                let millis = tick.saturating_mul(1_000 / TICKS_PER_SECOND);
                self.epoch.checked_add(Duration::from_millis(millis))
            }
        }
    }

    /// Ends the calls whose deadline has come.
    pub(crate) fn expire(&self, now: Instant, batch: &mut ResponseBatch) {
        let now = self.tick_at_or_before(now);
        if now < self.armed.load(Ordering::Acquire) {
            return;
        }
        let mut inner = self.inner.lock();
        let Inner { slots, wheel, .. } = &mut *inner;
        let Some(wheel) = wheel else { return };
        wheel.expire(slots, now, |slots, opaque| {
            batch.wakers.extend(slots.end(opaque, Outcome::TimedOut));
        });
        self.armed.store(wheel.earliest().unwrap_or(NEVER), Ordering::Release);
    }

    /// Ends the call whose request cannot be put on the wire.
    pub(crate) fn unencodable(&self, opaque: i32, error: EncodeError) {
        let waker = {
            let mut inner = self.inner.lock();
            let Inner { slots, wheel, .. } = &mut *inner;
            if !slots.is_waiting(opaque) {
                return;
            }
            if let Some(wheel) = wheel {
                wheel.remove(slots, opaque);
            }
            slots.end(opaque, Outcome::Unencodable(error))
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

    fn poll(&self, opaque: i32, waker: &Waker) -> Poll<Outcome> {
        let mut inner = self.inner.lock();
        if inner.slots.is_waiting(opaque) {
            inner.slots.set_waker(opaque, waker);
            return Poll::Pending;
        }
        match inner.slots.release(opaque) {
            State::Ended(outcome) => Poll::Ready(outcome),
            State::Waiting(_) | State::Vacant => unreachable!("a slot is released by its own call only"),
        }
    }

    fn cancel(&self, opaque: i32) {
        let state = {
            let mut inner = self.inner.lock();
            let Inner { slots, wheel, .. } = &mut *inner;
            if let (Some(wheel), true) = (wheel, slots.is_waiting(opaque)) {
                wheel.remove(slots, opaque);
            }
            slots.release(opaque)
        };
        drop(state); // outside the lock: a waker or a response may run arbitrary code when dropped
    }

    fn tick_at_or_before(&self, at: Instant) -> u64 {
        let since = at.saturating_duration_since(self.epoch);
        since.as_secs().saturating_mul(TICKS_PER_SECOND)
            + u64::from(since.subsec_nanos() / TICK.subsec_nanos())
    }

    fn tick_at_or_after(&self, at: Instant) -> u64 {
        let since = at.saturating_duration_since(self.epoch);
        since.as_secs().saturating_mul(TICKS_PER_SECOND)
            + u64::from(since.subsec_nanos().div_ceil(TICK.subsec_nanos()))
    }
}

impl std::fmt::Debug for ResponseTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResponseTable").field("in_flight", &self.in_flight()).finish_non_exhaustive()
    }
}
