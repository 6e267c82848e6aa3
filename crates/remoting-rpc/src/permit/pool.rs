use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Semaphore;

/// Permits of one kind. While nobody waits, taking one and giving it back is one atomic step each; whoever finds
/// none joins a line, which is served in order and before anyone who comes later.
#[derive(Debug)]
pub(super) struct Pool {
    free: AtomicUsize,
    /// Callers in the line, or about to join it.
    waiting: AtomicUsize,
    /// The line. What is free moves into it while somebody waits; what nobody took there can still be taken.
    line: Semaphore,
    limit: usize,
}

/// A caller in the line.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Pool {
    pub(super) fn new(limit: usize) -> Self {
        let limit = limit.min(Semaphore::MAX_PERMITS);
        Self { free: AtomicUsize::new(limit), waiting: AtomicUsize::new(0), line: Semaphore::new(0), limit }
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
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let _waiting = Waiting(&self.waiting);
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
}
