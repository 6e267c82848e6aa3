use std::sync::atomic::{AtomicUsize, Ordering};

use super::RpcChannel;

/// Set in the count while somebody waits for its zero.
const WATCHED: usize = 1 << (usize::BITS - 1);

/// Requests of the peer that tasks or threads of this side work on.
#[derive(Debug, Default)]
pub(super) struct ProcessingCount(AtomicUsize);

impl ProcessingCount {
    pub(super) fn get(&self) -> usize {
        self.0.load(Ordering::Acquire) & !WATCHED
    }

    /// As [`get`](Self::get), and if it is not zero, the last request will tell the watcher of the response table.
    pub(super) fn watch(&self) -> usize {
        self.0.fetch_or(WATCHED, Ordering::AcqRel) & !WATCHED
    }
}

/// A request of the peer that a task or thread works on.
pub(crate) struct Processing {
    channel: RpcChannel,
}

impl Processing {
    pub(super) fn new(channel: RpcChannel) -> Self {
        channel.inner.processing.0.fetch_add(1, Ordering::AcqRel);
        Self { channel }
    }

    pub(crate) fn channel(&self) -> &RpcChannel {
        &self.channel
    }
}

impl Drop for Processing {
    fn drop(&mut self) {
        let inner = &self.channel.inner;
        let before = inner.processing.0.fetch_sub(1, Ordering::AcqRel);
        if before & !WATCHED == 1 {
            inner.channel.wake_if_closing(); // such a channel waits for its last request
            if before & WATCHED != 0 {
                inner.table.nothing_else();
            }
        }
    }
}
