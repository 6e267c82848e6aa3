//! How many calls an endpoint may have in flight (Java: `semaphoreAsync` and `semaphoreOneway` of
//! `NettyRemotingAbstract`).
//!
//! Java waits for a permit on the event loop that would read the responses which free permits. Here the caller's
//! task waits, within the call's budget.

mod pool;

use tokio::time::{Instant, timeout_at};

use self::pool::Pool;
use crate::error::CallKind;

/// The permits of one endpoint, shared by all its channels.
#[derive(Debug)]
pub(crate) struct Permits {
    invoke: Pool,
    oneway: Pool,
}

/// The right to have one call in flight, given back when dropped.
#[derive(Debug)]
#[must_use = "a permit is given back when dropped"]
pub(crate) struct Permit<'a>(&'a Pool);

impl Permit<'_> {
    /// Keeps the permit beyond the borrow: to be given back by [`Permits::release`].
    pub(crate) fn forget(self) {
        std::mem::forget(self);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.0.give_back();
    }
}

/// Why there is no permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoPermit {
    /// None was free and the call had no time to wait.
    NoTime,
    /// None became free in time.
    Timeout,
}

impl Permits {
    /// Limits above [`Semaphore::MAX_PERMITS`](tokio::sync::Semaphore::MAX_PERMITS) mean that.
    pub(crate) fn new(invoke: usize, oneway: usize) -> Self {
        Self { invoke: Pool::new(invoke), oneway: Pool::new(oneway) }
    }

    /// Takes a permit that is free now.
    pub(crate) fn try_acquire(&self, kind: CallKind) -> Option<Permit<'_>> {
        let pool = self.pool(kind);
        pool.try_take().then(|| Permit(pool))
    }

    /// Takes a permit, waiting until `deadline` if need be. Dropping the future takes none.
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

    /// Waits until no call holds a permit or waits for one, of either kind. New calls must be refused meanwhile, or it
    /// may never end. Dropping the future changes nothing.
    pub(crate) async fn all_free(&self) {
        self.invoke.all_free().await;
        self.oneway.all_free().await;
    }

    /// Gives back a permit that was [forgotten](Permit::forget).
    pub(crate) fn release(&self, kind: CallKind) {
        self.pool(kind).give_back();
    }

    pub(crate) const fn limit(&self, kind: CallKind) -> usize {
        self.pool(kind).limit()
    }

    /// Returns how many permits of this kind are taken.
    pub(crate) fn taken(&self, kind: CallKind) -> usize {
        self.limit(kind) - self.pool(kind).available()
    }

    const fn pool(&self, kind: CallKind) -> &Pool {
        match kind {
            CallKind::Invoke => &self.invoke,
            CallKind::Oneway => &self.oneway,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn without_time_to_wait_an_exhausted_pool_says_too_much_request() {
        let permits = Permits::new(1, 1);
        let _held = permits.acquire(CallKind::Invoke, None).await.unwrap();
        assert_eq!(permits.acquire(CallKind::Invoke, None).await.unwrap_err(), NoPermit::NoTime);
        assert!(permits.acquire(CallKind::Oneway, None).await.is_ok(), "the kinds do not share permits");
    }

    #[tokio::test(start_paused = true)]
    async fn a_permit_that_does_not_come_in_time_is_a_timeout() {
        let permits = Permits::new(1, 1);
        let _held = permits.acquire(CallKind::Invoke, None).await.unwrap();
        let deadline = Instant::now() + Duration::from_millis(50);
        assert_eq!(permits.acquire(CallKind::Invoke, Some(deadline)).await.unwrap_err(), NoPermit::Timeout);
        assert_eq!(Instant::now(), deadline);
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_stops_waiting_takes_no_permit() {
        let permits = Permits::new(1, 1);
        let held = permits.acquire(CallKind::Invoke, None).await.unwrap();
        let deadline = Some(Instant::now() + Duration::from_secs(1));
        tokio::select! {
            biased;
            _ = permits.acquire(CallKind::Invoke, deadline) => unreachable!("the only permit is held"),
            () = std::future::ready(()) => {}
        }
        drop(held);
        assert_eq!(permits.taken(CallKind::Invoke), 0);
    }
}
