use std::sync::atomic::{AtomicUsize, Ordering};

use super::Executor;

/// A counted bound.
pub(super) struct Capacity {
    limit: usize,
    taken: AtomicUsize,
}

impl Capacity {
    pub(super) const fn new(limit: usize) -> Self {
        Self { limit, taken: AtomicUsize::new(0) }
    }

    pub(super) const fn limit(&self) -> usize {
        self.limit
    }

    pub(super) fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }

    pub(super) fn has_room(&self) -> bool {
        self.taken() < self.limit
    }

    fn take(&self) -> bool {
        let one_more = |taken| (taken < self.limit).then_some(taken + 1);
        self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).is_ok()
    }

    fn give_back(&self) {
        self.taken.fetch_sub(1, Ordering::Relaxed);
    }
}

/// One request's place in an executor, given back when dropped.
pub(crate) struct Place(Executor);

impl Place {
    pub(super) fn take(executor: &Executor) -> Option<Self> {
        executor.capacity().take().then(|| Self(executor.clone()))
    }

    pub(super) fn take_regardless(executor: &Executor) -> Self {
        executor.capacity().taken.fetch_add(1, Ordering::Relaxed);
        Self(executor.clone())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.capacity().give_back();
    }
}
