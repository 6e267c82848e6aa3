use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Notify, Semaphore};

/// Permits of one kind. While nobody waits, taking one and giving it back is one atomic step each; whoever finds
/// none joins a line, which is served in order and before anyone who comes later.
#[derive(Debug)]
pub(super) struct Pool {
    free: AtomicUsize,
    /// Callers in the line, or about to join it.
    waiting: AtomicUsize,
    /// The line. What is free moves into it while somebody waits; what nobody took there can still be taken.
    line: Semaphore,
    /// Of those `waiting`, who wait for all permits to be free. While there are any, all free permits are in the line.
    watching: AtomicUsize,
    /// Something changed that they want to know.
    changed: Notify,
    limit: usize,
}

/// A caller in the line.
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
    }
}

/// Somebody who waits for all permits to be free.
struct Watching<'a> {
    // In this order: there are never more who watch than who wait.
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
    pub(super) fn new(limit: usize) -> Self {
        let limit = limit.min(Semaphore::MAX_PERMITS);
        Self {
            free: AtomicUsize::new(limit),
            waiting: AtomicUsize::new(0),
            line: Semaphore::new(0),
            watching: AtomicUsize::new(0),
            changed: Notify::new(),
            limit,
        }
    }

    pub(super) const fn limit(&self) -> usize {
        self.limit
    }

    /// How many permits nobody holds. While permits move into the line they may be missing from the count, or counted
    /// twice; it is never more than the limit.
    pub(super) fn available(&self) -> usize {
        (self.free.load(Ordering::Acquire) + self.line.available_permits()).min(self.limit)
    }

    /// Takes a permit that is free at this moment. It may find none while permits move into the line, between being
    /// taken from the free ones and being added there: a call that has no time to wait is refused then.
    pub(super) fn try_take(&self) -> bool {
        let take_one = |free: usize| free.checked_sub(1);
        if self.waiting.load(Ordering::Relaxed) == 0
            && self.free.fetch_update(Ordering::AcqRel, Ordering::Relaxed, take_one).is_ok()
        {
            return true;
        }
        self.line.try_acquire().map(tokio::sync::SemaphorePermit::forget).is_ok()
    }

    /// Takes a permit in turn. Dropping the future takes none.
    pub(super) async fn take(&self) {
        let _waiting = Waiting::join(self);
        self.serve_line();
        if let Ok(permit) = self.line.acquire().await {
            permit.forget(); // the line is never closed
        }
    }

    /// Gives one back.
    pub(super) fn give_back(&self) {
        // Either this sees who waits, or who waits sees this: both write before they look.
        self.free.fetch_add(1, Ordering::SeqCst);
        if self.waiting.load(Ordering::SeqCst) > 0 {
            self.serve_line();
            self.changed.notify_waiters();
        }
    }

    /// Waits until nobody holds a permit or waits for one. Dropping the future changes nothing.
    pub(super) async fn all_free(&self) {
        let _watching = Watching::join(self);
        self.changed.notify_waiters(); // another one who watches may have counted this one as a caller
        loop {
            let mut changed = pin!(self.changed.notified());
            changed.as_mut().enable();
            self.serve_line();
            // A permit is in the line, on its way there, or held. A caller who joins and leaves the line between two looks
            // has taken one from it.
            let all_in_line = || self.line.available_permits() == self.limit;
            let nobody_waits = || self.watching.load(Ordering::SeqCst) == self.waiting.load(Ordering::SeqCst);
            if all_in_line() && nobody_waits() && all_in_line() {
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn those_who_wait_are_served_in_order_and_before_those_who_come_later() {
        let pool = Arc::new(Pool::new(1));
        assert!(pool.try_take());
        let order = Arc::new(parking_lot::Mutex::new(Vec::new()));
        let mut callers = Vec::new();
        for caller in 0..3 {
            let (pool, order) = (Arc::clone(&pool), Arc::clone(&order));
            callers.push(tokio::spawn(async move {
                pool.take().await;
                order.lock().push(caller);
            }));
        }
        tokio::task::yield_now().await;
        for _ in 0..3 {
            pool.give_back();
            assert!(!pool.try_take(), "what is given back belongs to the line");
            tokio::task::yield_now().await;
        }
        assert_eq!(*order.lock(), [0, 1, 2]);
    }

    #[tokio::test(start_paused = true)]
    async fn permits_that_the_line_left_over_can_be_taken() {
        let pool = Pool::new(3);
        assert!(pool.try_take() && pool.try_take());
        pool.take().await; // moves what is free into the line
        pool.give_back();
        pool.give_back();
        assert_eq!(pool.available(), 2);
        assert!(pool.try_take() && pool.try_take());
        assert!(!pool.try_take());
    }

    /// Two threads take and give back while a third waits in line: nobody waits for ever, none is lost.
    #[test]
    fn however_callers_race_no_permit_is_lost() {
        let pool = Pool::new(2);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                    runtime.block_on(async {
                        for _ in 0..2_000 {
                            if !pool.try_take() {
                                pool.take().await;
                            }
                            pool.give_back();
                            assert!(pool.available() <= pool.limit());
                        }
                    });
                });
            }
        });
        assert_eq!(pool.available(), 2);
    }

    /// What a count adds up if the permit moves between its two looks.
    #[test]
    fn a_permit_that_is_counted_twice_does_not_exceed_the_limit() {
        let pool = Pool { line: Semaphore::new(1), ..Pool::new(1) };
        assert_eq!(pool.available(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn all_are_free_once_those_who_wait_have_had_theirs_and_given_it_back() {
        let pool = Arc::new(Pool::new(1));
        assert!(pool.try_take());
        let wait_for_all = || {
            let pool = Arc::clone(&pool);
            tokio::spawn(async move { pool.all_free().await })
        };
        let (first, second) = (wait_for_all(), wait_for_all());
        let caller = tokio::spawn({
            let pool = Arc::clone(&pool);
            async move { pool.take().await }
        });
        let impatient = tokio::spawn({
            let pool = Arc::clone(&pool);
            async move { pool.take().await }
        });
        for _ in 0..4 {
            tokio::task::yield_now().await;
        }
        pool.give_back();
        caller.await.unwrap();
        assert!(!first.is_finished() && !second.is_finished(), "the caller holds a permit");
        pool.give_back();
        impatient.await.unwrap();
        assert!(!first.is_finished());
        pool.give_back();
        first.await.unwrap();
        second.await.unwrap();
        assert!(pool.try_take(), "and whoever comes finds it");
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_that_gives_up_does_not_hold_up_the_wait_for_all() {
        let pool = Arc::new(Pool::new(1));
        assert!(pool.try_take());
        let caller = tokio::spawn({
            let pool = Arc::clone(&pool);
            async move { pool.take().await }
        });
        tokio::task::yield_now().await;
        let all = tokio::spawn({
            let pool = Arc::clone(&pool);
            async move { pool.all_free().await }
        });
        tokio::task::yield_now().await;
        caller.abort();
        pool.give_back();
        all.await.unwrap();
    }
}
