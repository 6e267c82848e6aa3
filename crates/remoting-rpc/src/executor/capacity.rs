use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Executor;

/// Limits the number of requests in an executor.
pub(super) struct Capacity {
    limit: usize,
    taken: AtomicUsize,
    /// Grants permits in order of arrival, for an executor that stops reading. An executor that refuses needs only the
    /// counter.
    queue: Option<Arc<Semaphore>>,
}

/// Waits for a permit. Dropping it leaves the queue.
pub(crate) type PermitFuture = Pin<Box<dyn Future<Output = ExecutorPermit> + Send>>;

impl Capacity {
    /// Zero means one, because with zero nothing could run.
    pub(super) fn new(limit: usize, queues: bool) -> Self {
        let limit = limit.clamp(1, Semaphore::MAX_PERMITS);
        let queue = queues.then(|| Arc::new(Semaphore::new(limit)));
        Self { limit, taken: AtomicUsize::new(0), queue }
    }

    pub(super) const fn limit(&self) -> usize {
        self.limit
    }

    pub(super) fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }

    pub(super) const fn queues(&self) -> bool {
        self.queue.is_some()
    }

    /// Returns whether a refusing executor would admit a request now.
    pub(super) fn has_capacity(&self) -> bool {
        self.taken() < self.limit
    }

    fn take(&self) -> bool {
        let one_more = |taken| (taken < self.limit).then_some(taken + 1);
        self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).is_ok()
    }

    fn take_regardless(&self) {
        self.taken.fetch_add(1, Ordering::Relaxed);
    }

    fn give_back(&self) {
        self.taken.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The permit of one request to run in an executor. Dropping it releases it.
pub(crate) struct ExecutorPermit {
    executor: Executor,
    /// The semaphore permit of an executor that stops reading.
    queued: Option<OwnedSemaphorePermit>,
}

impl ExecutorPermit {
    pub(super) fn try_acquire(executor: &Executor) -> Option<Self> {
        let capacity = executor.capacity();
        let Some(queue) = &capacity.queue else {
            return capacity.take().then(|| Self { executor: executor.clone(), queued: None });
        };
        let permit = Arc::clone(queue).try_acquire_owned().ok()?;
        Some(Self::queued(executor, Some(permit)))
    }

    /// Takes a permit, even beyond the limit.
    pub(super) fn acquire_regardless(executor: &Executor) -> Self {
        Self::queued(executor, None)
    }

    /// Waits for a permit in order of arrival.
    pub(super) fn acquire(executor: &Executor) -> PermitFuture {
        let executor = executor.clone();
        Box::pin(async move {
            let queue = executor.capacity().queue.clone();
            let permit = match queue {
                Some(queue) => queue.acquire_owned().await.ok(),
                None => None,
            };
            Self::queued(&executor, permit)
        })
    }

    fn queued(executor: &Executor, queued: Option<OwnedSemaphorePermit>) -> Self {
        executor.capacity().take_regardless();
        Self { executor: executor.clone(), queued }
    }
}

impl Drop for ExecutorPermit {
    fn drop(&mut self) {
        self.executor.capacity().give_back();
        drop(self.queued.take());
    }
}
