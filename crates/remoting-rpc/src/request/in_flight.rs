use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

/// The requests in flight of all channels of an endpoint.
#[derive(Debug, Default)]
pub(crate) struct RequestsInFlight {
    count: AtomicUsize,
    /// Set while a task waits for zero.
    awaited: AtomicBool,
    zero: Notify,
}

impl RequestsInFlight {
    pub(crate) fn begin(&self) {
        self.count.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn end(&self, requests: usize) {
        // Sequentially consistent, as in `ended`: either this sees the wait, or the wait sees the zero.
        if requests > 0
            && self.count.fetch_sub(requests, Ordering::SeqCst) == requests
            && self.awaited.load(Ordering::SeqCst)
        {
            self.zero.notify_waiters();
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }

    /// Waits until no request is in flight. Returns false at `deadline`.
    ///
    /// # Cancellation
    ///
    /// This method is cancel safe.
    pub(crate) async fn ended(&self, deadline: Instant) -> bool {
        self.awaited.store(true, Ordering::SeqCst);
        loop {
            let zero = self.zero.notified();
            if self.count() == 0 {
                return true;
            }
            if timeout_at(deadline, zero).await.is_err() {
                return self.count() == 0;
            }
        }
    }
}
