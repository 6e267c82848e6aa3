//! The permits that bound the calls in flight of an endpoint (Java: `semaphoreAsync` and `semaphoreOneway` of
//! `NettyRemotingAbstract`).
//!
//! Java waits for a permit on the event loop that would read the responses which free permits. Here the
//! caller's task waits, within the call's budget.

#[cfg(feature = "tower")]
mod reservations;
#[cfg(test)]
mod tests;

use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Notify, Semaphore};
use tokio::time::{Instant, timeout_at};

#[cfg(feature = "tower")]
use self::reservations::Reservations;
use crate::error::CallKind;

/// The permits of one endpoint, shared by all its channels.
#[derive(Debug)]
pub(crate) struct Permits {
    invoke: Pool,
    oneway: Pool,
}

/// The right to have one call in flight. It is released when dropped.
#[derive(Debug)]
#[must_use = "a permit is released when dropped"]
pub(crate) struct Permit<'a>(&'a Pool);

impl Permit<'_> {
    /// Keeps the permit beyond the borrow. [`Permits::release`] releases it.
    pub(crate) fn forget(self) {
        std::mem::forget(self);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.0.give_back();
    }
}

/// The reason why there is no permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoPermit {
    /// No permit was free, and the call had no time to wait.
    NoTime,
    /// No permit became free in time.
    Timeout,
}

impl Permits {
    /// Creates the permits. Limits are cut to
    /// [`Semaphore::MAX_PERMITS`](tokio::sync::Semaphore::MAX_PERMITS).
    pub(crate) fn new(invoke: usize, oneway: usize) -> Self {
        Self { invoke: Pool::new(invoke), oneway: Pool::new(oneway) }
    }

    /// Takes a permit that is free now.
    pub(crate) fn try_acquire(&self, kind: CallKind) -> Option<Permit<'_>> {
        let pool = self.pool(kind);
        pool.try_take().then(|| Permit(pool))
    }

    /// Takes a permit. Waits until `deadline` if none is free. Dropping the future takes none.
    pub(crate) async fn acquire(
        &self,
        kind: CallKind,
        deadline: Option<Instant>,
    ) -> Result<Permit<'_>, NoPermit> {
        if let Some(permit) = self.try_acquire(kind) {
            return Ok(permit);
        }
        let deadline = deadline.ok_or(NoPermit::NoTime)?;
        let pool = self.pool(kind);
        match timeout_at(deadline, pool.take()).await {
            Ok(()) => Ok(Permit(pool)),
            Err(_elapsed) => Err(NoPermit::Timeout),
        }
    }

    /// Waits until no call holds a permit or waits for one, of either kind. Reserved permits do not count. New
    /// calls must be rejected meanwhile, or this may never resolve. Cancel safe.
    pub(crate) async fn all_free(&self) {
        self.invoke.all_free().await;
        self.oneway.all_free().await;
    }

    /// Releases a permit that was [forgotten](Permit::forget).
    pub(crate) fn release(&self, kind: CallKind) {
        self.pool(kind).give_back();
    }

    pub(crate) const fn limit(&self, kind: CallKind) -> usize {
        self.pool(kind).limit()
    }

    /// Returns how many permits of this kind are taken by calls.
    pub(crate) fn taken(&self, kind: CallKind) -> usize {
        self.limit(kind).saturating_sub(self.pool(kind).available() + self.pool(kind).reserved())
    }

    const fn pool(&self, kind: CallKind) -> &Pool {
        match kind {
            CallKind::Invoke => &self.invoke,
            CallKind::Oneway => &self.oneway,
        }
    }
}

/// The permits of one kind. Without waiters, taking and releasing a permit is one atomic operation each. If
/// none is free, a caller joins a queue, which is served in order and before callers that come later.
#[derive(Debug)]
struct Pool {
    free: AtomicUsize,
    /// The number of callers in the queue, or about to join it.
    waiting: AtomicUsize,
    /// The queue. Free permits move into it while callers wait. Permits left in it can still be taken.
    line: Semaphore,
    /// The number of `waiting` callers that wait for all permits to be free. While there are any, all free
    /// permits are in the queue.
    watching: AtomicUsize,
    /// Notifies those callers of changes.
    changed: Notify,
    #[cfg(feature = "tower")]
    reservations: Reservations,
    limit: usize,
}

/// A caller in the queue.
struct Waiting<'a>(&'a Pool);

impl<'a> Waiting<'a> {
    fn join(pool: &'a Pool) -> Self {
        pool.waiting.fetch_add(1, Ordering::SeqCst);
        Self(pool)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
        self.0.changed.notify_waiters();
        #[cfg(feature = "tower")]
        self.0.reservations.permit_freed(); // permits may be left in the queue
    }
}

/// A caller that waits for all permits to be free.
struct Watching<'a> {
    // Field order matters: `watching` never exceeds `waiting`.
    watching: &'a AtomicUsize,
    _waiting: Waiting<'a>,
}

impl<'a> Watching<'a> {
    fn join(pool: &'a Pool) -> Self {
        let waiting = Waiting::join(pool);
        pool.watching.fetch_add(1, Ordering::SeqCst);
        Self { watching: &pool.watching, _waiting: waiting }
    }
}

impl Drop for Watching<'_> {
    fn drop(&mut self) {
        self.watching.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Pool {
    fn new(limit: usize) -> Self {
        let limit = limit.min(Semaphore::MAX_PERMITS);
        Self {
            free: AtomicUsize::new(limit),
            waiting: AtomicUsize::new(0),
            line: Semaphore::new(0),
            watching: AtomicUsize::new(0),
            changed: Notify::new(),
            #[cfg(feature = "tower")]
            reservations: Reservations::default(),
            limit,
        }
    }

    const fn limit(&self) -> usize {
        self.limit
    }

    /// Returns the number of free permits. While permits move into the queue, they may be missing from the
    /// count or counted twice. The result never exceeds the limit.
    fn available(&self) -> usize {
        (self.free.load(Ordering::Acquire) + self.line.available_permits()).min(self.limit)
    }

    /// Returns the number of permits that are reserved for later calls.
    #[cfg(feature = "tower")]
    fn reserved(&self) -> usize {
        self.reservations.held()
    }

    #[cfg(not(feature = "tower"))]
    #[expect(clippy::unused_self, reason = "with the feature `tower` permits can be reserved")]
    const fn reserved(&self) -> usize {
        0
    }

    /// Takes a permit that is free now. May fail while permits move into the queue, between the two counters:
    /// a call without time to wait is then rejected.
    fn try_take(&self) -> bool {
        let take_one = |free: usize| free.checked_sub(1);
        if self.waiting.load(Ordering::Relaxed) == 0
            && self.free.fetch_update(Ordering::AcqRel, Ordering::Relaxed, take_one).is_ok()
        {
            return true;
        }
        self.line.try_acquire().map(tokio::sync::SemaphorePermit::forget).is_ok()
    }

    /// Takes a permit in order of arrival. Dropping the future takes none.
    async fn take(&self) {
        let _waiting = Waiting::join(self);
        self.serve_line();
        if let Ok(permit) = self.line.acquire().await {
            permit.forget(); // the line is never closed
        }
    }

    /// Releases one permit.
    fn give_back(&self) {
        // Both sides write before they read, so either this sees the waiter or the waiter sees this.
        self.free.fetch_add(1, Ordering::SeqCst);
        if self.waiting.load(Ordering::SeqCst) > 0 {
            self.serve_line();
            self.changed.notify_waiters();
        }
        #[cfg(feature = "tower")]
        self.reservations.permit_freed();
    }

    /// Waits until no caller holds a permit or waits for one. Cancel safe.
    async fn all_free(&self) {
        let _watching = Watching::join(self);
        self.changed.notify_waiters(); // another watcher may have counted this one as a caller
        loop {
            let mut changed = pin!(self.changed.notified());
            changed.as_mut().enable();
            self.serve_line();
            // A permit is in the queue, on its way there, or held. A caller that joins and leaves the queue
            // between the two checks has taken a permit from it.
            let all_in_line = || self.line.available_permits() + self.reserved() == self.limit;
            let no_caller_waits =
                || self.watching.load(Ordering::SeqCst) == self.waiting.load(Ordering::SeqCst);
            if all_in_line() && no_caller_waits() && all_in_line() {
                return;
            }
            changed.await;
        }
    }

    fn serve_line(&self) {
        let free = self.free.swap(0, Ordering::SeqCst);
        if free > 0 {
            self.line.add_permits(free);
        }
    }
}
