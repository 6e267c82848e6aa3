//! The requests of a peer that are in flight on its channel: handed to a task, a thread or a responder, and
//! not answered yet.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::Notify;

use super::EndpointState;
use super::RpcChannel;

/// Set in the count while a task waits for zero.
const WATCHED: usize = 1 << (usize::BITS - 1);
/// Set in the count while the channel is not read because of the limit.
const FULL: usize = WATCHED >> 1;
const COUNT: usize = FULL - 1;
/// Set in the count of responders once they no longer count for the endpoint.
const SETTLED: usize = WATCHED;

#[derive(Debug, Default)]
pub(super) struct Requests {
    count: AtomicUsize,
    /// The bytes of their content.
    bytes: AtomicUsize,
    /// The requests held by responders. The bit [`SETTLED`] is set once the caller is gone.
    responders: AtomicUsize,
    /// The channel was closed because its peer reads too slowly.
    slow: AtomicBool,
    caller_gone: AtomicBool,
    caller_leaves: Notify,
}

impl Requests {
    pub(super) fn count(&self) -> usize {
        self.count.load(Ordering::Acquire) & COUNT
    }

    /// Returns [`count`](Self::count). If it is not zero, the last request wakes the watcher of the response
    /// table.
    pub(super) fn watch(&self) -> usize {
        self.count.fetch_or(WATCHED, Ordering::AcqRel) & COUNT
    }

    /// Returns whether one more request may be in flight. If not, the channel's task is woken when that
    /// changes.
    #[inline]
    pub(super) fn takes_one_more(&self, endpoint: &EndpointState) -> bool {
        let count = self.count.load(Ordering::Acquire);
        if count & COUNT < endpoint.limits().requests && count & FULL == 0 {
            return true;
        }
        self.takes_again(endpoint)
    }

    #[cold]
    fn takes_again(&self, endpoint: &EndpointState) -> bool {
        // Before the bytes are read: a request that ends meanwhile either shows in them, or sees the bit and wakes the task.
        let count = self.count.fetch_or(FULL, Ordering::AcqRel) & COUNT;
        if !self.has_room(count, endpoint) || endpoint.takes_no_requests() {
            return false;
        }
        self.count.fetch_and(!FULL, Ordering::AcqRel);
        // The endpoint may have stopped and set the bit in between.
        if endpoint.takes_no_requests() {
            self.mark_full();
            return false;
        }
        true
    }

    /// Returns whether one more request may be beside `count` others.
    fn has_room(&self, count: usize, endpoint: &EndpointState) -> bool {
        let limits = endpoint.limits();
        count < limits.requests && self.bytes.load(Ordering::Acquire) < limits.request_bytes
    }

    /// Makes the channel's task check whether it still takes requests.
    pub(super) fn mark_full(&self) {
        self.count.fetch_or(FULL, Ordering::AcqRel);
    }

    /// Returns true the first time.
    pub(super) fn mark_slow(&self) -> bool {
        !self.slow.swap(true, Ordering::AcqRel)
    }

    pub(super) fn caller_is_gone(&self) -> bool {
        self.caller_gone.load(Ordering::Acquire)
    }

    pub(super) fn mark_caller_gone(&self, endpoint: &EndpointState) {
        if self.caller_gone.swap(true, Ordering::AcqRel) {
            return;
        }
        // Their responders may be kept for a long time.
        let responders = self.responders.fetch_or(SETTLED, Ordering::AcqRel);
        endpoint.requests.end(responders);
        self.caller_leaves.notify_waiters();
    }

    pub(super) async fn caller_gone(&self) {
        let leaves = self.caller_leaves.notified();
        if !self.caller_is_gone() {
            leaves.await;
        }
    }
}

/// A request in flight. It counts against the limits of its channel, and a closing channel waits for its
/// response.
pub(crate) struct RequestGuard {
    channel: RpcChannel,
    /// The bytes of its content.
    bytes: usize,
    of_responder: bool,
}

impl RequestGuard {
    pub(super) fn new(channel: RpcChannel, bytes: usize) -> Self {
        let (requests, endpoint) = (&channel.inner.requests, channel.endpoint());
        requests.count.fetch_add(1, Ordering::AcqRel);
        if requests.bytes.fetch_add(bytes, Ordering::AcqRel) + bytes >= endpoint.limits().request_bytes {
            requests.mark_full();
        }
        endpoint.requests.begin();
        Self { channel, bytes, of_responder: false }
    }

    /// Marks the request as held by a responder. Once the caller is gone, no shutdown waits for it.
    pub(crate) fn of_responder(mut self) -> Self {
        if !self.of_responder {
            self.of_responder = true;
            let before = self.channel.inner.requests.responders.fetch_add(1, Ordering::AcqRel);
            if before & SETTLED != 0 {
                self.channel.endpoint().requests.end(1);
            }
        }
        self
    }

    pub(crate) fn channel(&self) -> &RpcChannel {
        &self.channel
    }
}

impl Drop for RequestGuard {
    fn drop(&mut self) {
        let inner = &self.channel.inner;
        inner.requests.bytes.fetch_sub(self.bytes, Ordering::AcqRel);
        let before = inner.requests.count.fetch_sub(1, Ordering::AcqRel);
        let left = (before & COUNT) - 1;
        if before & FULL != 0
            && inner.requests.has_room(left, &inner.endpoint)
            && !inner.endpoint.takes_no_requests()
        {
            inner.waker.wake();
        }
        if left == 0 {
            inner.waker.wake_if_closing(); // a closing channel waits for its last request
            if before & WATCHED != 0 {
                inner.table.nothing_else();
            }
        }
        let settled =
            self.of_responder && inner.requests.responders.fetch_sub(1, Ordering::AcqRel) & SETTLED != 0;
        if !settled {
            inner.endpoint.requests.end(1);
        }
    }
}

impl std::fmt::Debug for RequestGuard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("RequestGuard").field(&self.channel).finish()
    }
}
