//! Whether the channel is writable, and the callers that wait until it is.

use std::sync::atomic::Ordering;

use super::Outbound;

impl Outbound {
    pub(crate) fn set_direct(&self, bytes: usize) {
        self.direct.store(bytes, Ordering::Relaxed);
    }

    /// Returns the bytes of queued commands that are not written yet.
    pub(crate) fn queued_bytes(&self) -> usize {
        self.high.saturating_sub(self.capacity.available_permits())
    }

    pub(crate) fn pending_bytes(&self) -> usize {
        self.queued_bytes() + self.direct.load(Ordering::Relaxed)
    }

    pub(crate) fn set_writable(&self, writable: bool) {
        self.writable.store(writable, Ordering::Relaxed);
    }

    pub(crate) fn is_writable(&self) -> bool {
        self.writable.load(Ordering::Relaxed) && self.capacity.available_permits() > 0
    }

    /// Waits until the channel is writable. Returns false if it is closed or aborted first.
    pub(crate) async fn writable(&self) -> bool {
        loop {
            let changed = self.changed();
            if self.capacity.is_closed() {
                return false;
            }
            if self.is_writable() {
                return true;
            }
            self.awaited.store(true, Ordering::Relaxed);
            // The driver may have made the channel writable just before. It notifies this caller in its next round.
            self.wake_driver();
            changed.await;
        }
    }

    /// Returns whether callers wait until the channel is writable.
    pub(crate) fn is_awaited(&self) -> bool {
        self.awaited.load(Ordering::Relaxed)
    }

    /// Notifies the callers that wait until the channel is writable, if it is. Called by the driver in each round.
    #[inline]
    pub(crate) fn notify_writable(&self) {
        if self.is_awaited() && self.is_writable() {
            self.awaited.store(false, Ordering::Relaxed);
            self.changed.notify_waiters();
        }
    }
}
