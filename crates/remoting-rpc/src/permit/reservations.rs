//! Permits that are taken before their call begins, as `poll_ready` of a service takes them.
//!
//! A reserved permit does not count as a call, so a shutdown does not wait for it. A caller that waits for a
//! reservation takes no place in the queue of the calls, which have a time limit and are served first. It
//! holds nothing while it waits, not even a wake-up that another one needs, so it may stop polling.

use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering, fence};

use tokio::sync::Notify;

use super::{Permits, Pool};
use crate::error::CallKind;

/// The reservations of one pool.
#[derive(Debug, Default)]
pub(super) struct Reservations {
    /// The number of reserved permits.
    held: AtomicUsize,
    /// The number of callers that wait for a reservation.
    waiting: AtomicUsize,
    /// Notifies all those callers: one that is not polled any more would lose the wake-up of a single one.
    freed: Notify,
}

/// A caller that waits for a reservation.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Reservations {
    pub(super) fn held(&self) -> usize {
        self.held.load(Ordering::SeqCst)
    }

    /// Wakes the waiting callers. To be called after a permit has become free.
    #[inline]
    pub(super) fn permit_freed(&self) {
        // Pairs with the fence of `reserve`: one side sees the permit, or the other sees the caller.
        fence(Ordering::SeqCst);
        if self.waiting.load(Ordering::Relaxed) > 0 {
            self.freed.notify_waiters();
        }
    }
}

impl Permits {
    /// Reserves a permit that is free now.
    pub(crate) fn try_reserve(&self, kind: CallKind) -> bool {
        self.pool(kind).try_reserve()
    }

    /// Reserves a permit, and waits until one is free. Returns false once `refused` returns true and
    /// [`wake_reserving`](Self::wake_reserving) was called. Dropping the future reserves nothing.
    pub(crate) async fn reserve(&self, kind: CallKind, refused: impl Fn() -> bool) -> bool {
        self.pool(kind).reserve(refused).await
    }

    /// Turns a reserved permit into one of a call.
    pub(crate) fn use_reserved(&self, kind: CallKind) {
        self.pool(kind).reservations.held.fetch_sub(1, Ordering::SeqCst);
    }

    /// Releases a reserved permit.
    pub(crate) fn release_reserved(&self, kind: CallKind) {
        self.use_reserved(kind);
        self.release(kind);
    }

    /// Makes all callers that wait for a reservation check whether they are refused.
    pub(crate) fn wake_reserving(&self) {
        for pool in [&self.invoke, &self.oneway] {
            pool.reservations.freed.notify_waiters();
        }
    }
}

impl Pool {
    fn try_reserve(&self) -> bool {
        if !self.try_take() {
            return false;
        }
        self.reservations.held.fetch_add(1, Ordering::SeqCst);
        if self.waiting.load(Ordering::SeqCst) > 0 {
            self.changed.notify_waiters(); // a caller of `all_free` may have seen the permit as one of a call
        }
        true
    }

    async fn reserve(&self, refused: impl Fn() -> bool) -> bool {
        if self.try_reserve() {
            return true;
        }
        let Reservations { waiting, freed, .. } = &self.reservations;
        waiting.fetch_add(1, Ordering::SeqCst);
        let _waiting = Waiting(waiting);
        loop {
            let mut notified = pin!(freed.notified());
            notified.as_mut().enable();
            fence(Ordering::SeqCst);
            if refused() {
                return false;
            }
            if self.try_reserve() {
                return true;
            }
            notified.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::*;

    const KIND: CallKind = CallKind::Invoke;

    #[tokio::test(start_paused = true)]
    async fn a_reserved_permit_is_no_call_but_no_call_can_take_it() {
        let permits = Permits::new(1, 1);
        assert!(permits.try_reserve(KIND));
        assert!(!permits.try_reserve(KIND) && permits.try_acquire(KIND).is_none());
        assert_eq!(permits.taken(KIND), 0);
        permits.all_free().await;
        permits.use_reserved(KIND);
        assert_eq!(permits.taken(KIND), 1);
        permits.release(KIND);
        assert!(permits.try_acquire(KIND).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn calls_that_wait_get_a_permit_before_reservations_that_wait() {
        let permits = Permits::new(1, 1);
        let held = permits.try_acquire(KIND).unwrap();
        let order = parking_lot::Mutex::new(Vec::new());
        let reserve = async {
            assert!(permits.reserve(KIND, || false).await);
            order.lock().push("reservation");
            permits.release_reserved(KIND);
        };
        let call = async {
            let permit = permits.acquire(KIND, Some(Instant::now() + Duration::from_secs(3600))).await;
            order.lock().push("call");
            drop(permit);
        };
        tokio::join!(reserve, call, async { drop(held) });
        assert_eq!(*order.lock(), ["call", "reservation"]);
        assert_eq!((permits.taken(KIND), permits.invoke.reserved()), (0, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_reservation_that_is_given_up_takes_no_permit_and_no_wake_up() {
        let permits = Permits::new(1, 1);
        let held = permits.try_acquire(KIND).unwrap();
        let mut given_up = Box::pin(permits.reserve(KIND, || false));
        let mut next = Box::pin(permits.reserve(KIND, || false));
        tokio::select! {
            biased;
            _ = &mut given_up => unreachable!("the only permit is held"),
            _ = &mut next => unreachable!("the only permit is held"),
            () = std::future::ready(()) => {}
        }
        drop(held); // wakes the first
        drop(given_up);
        assert!(next.await);
        permits.release_reserved(KIND);
    }

    #[tokio::test(start_paused = true)]
    async fn a_reservation_that_waits_ends_when_it_is_refused() {
        let permits = Permits::new(1, 1);
        assert!(permits.try_reserve(KIND));
        let refused = std::cell::Cell::new(false);
        let shut_down = async {
            refused.set(true);
            permits.wake_reserving();
        };
        let (reserved, ()) = tokio::join!(permits.reserve(KIND, || refused.get()), shut_down);
        assert!(!reserved);
    }
}
