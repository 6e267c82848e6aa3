//! The connection events that a client reported.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use remoting::transport::{ChannelEvent, ChannelEventKind};
use tokio::sync::Notify;
use tokio::time::timeout;

#[derive(Debug, Clone, Default)]
pub(super) struct EventLog {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    kinds: Mutex<Vec<ChannelEventKind>>,
    added: Notify,
}

impl EventLog {
    pub(super) fn add(&self, event: ChannelEvent) {
        self.inner.kinds.lock().unwrap_or_else(PoisonError::into_inner).push(event.kind);
        self.inner.added.notify_one();
    }

    /// Waits for an event. Returns false on a time-out. Supports one waiter at a time.
    pub(super) async fn wait_for(&self, wanted: fn(&ChannelEventKind) -> bool, patience: Duration) -> bool {
        let reported = async {
            while !self.inner.kinds.lock().unwrap_or_else(PoisonError::into_inner).iter().any(wanted) {
                self.inner.added.notified().await;
            }
        };
        timeout(patience, reported).await.is_ok()
    }
}
