//! Counts the connection events of one server.

use std::sync::atomic::{AtomicUsize, Ordering};

use remoting::transport::{ChannelEvent, ChannelEventKind};

#[derive(Debug, Default)]
pub(super) struct EventCounter {
    connect: AtomicUsize,
    close: AtomicUsize,
    idle: AtomicUsize,
}

impl EventCounter {
    pub(super) fn count(&self, event: &ChannelEvent) {
        let counter = match event.kind {
            ChannelEventKind::Connect => &self.connect,
            ChannelEventKind::Close(_) => &self.close,
            ChannelEventKind::Idle(_) => &self.idle,
            _ => return,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// The ext fields of the answer to `EVENTS`.
    pub(super) fn fields(&self) -> [(&'static str, String); 3] {
        let text = |counter: &AtomicUsize| counter.load(Ordering::Relaxed).to_string();
        [("connect", text(&self.connect)), ("close", text(&self.close)), ("idle", text(&self.idle))]
    }
}
