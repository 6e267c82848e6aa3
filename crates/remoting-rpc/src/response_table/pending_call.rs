use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::{Outcome, ResponseTable};

/// A call in the table. Ready once the call has ended; dropped before, it cancels the call.
#[derive(Debug)]
#[must_use = "dropping a pending call cancels it"]
pub(crate) struct PendingCall<'a> {
    table: &'a ResponseTable,
    opaque: i32,
    state: CallState,
}

#[derive(Debug, PartialEq)]
enum CallState {
    /// The waker of the running poll is in the slot already, so the first poll need not look:
    /// a response that has come in the meantime has woken this task.
    Fresh,
    Polled,
    Collected,
}

impl<'a> PendingCall<'a> {
    pub(super) fn new(table: &'a ResponseTable, opaque: i32) -> Self {
        Self { table, opaque, state: CallState::Fresh }
    }

    /// The opaque that the request must carry.
    pub(crate) fn opaque(&self) -> i32 {
        self.opaque
    }

    /// To be called when the task has been suspended between `begin` and the first poll: the waker
    /// that `begin` was given may be out of date.
    pub(crate) fn look_at_once(&mut self) {
        self.state = CallState::Polled;
    }
}

impl Future for PendingCall<'_> {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome> {
        if self.state == CallState::Fresh {
            self.state = CallState::Polled;
            return Poll::Pending;
        }
        assert!(self.state != CallState::Collected, "a call is polled after its end");
        let outcome = std::task::ready!(self.table.poll(self.opaque, cx.waker()));
        self.state = CallState::Collected;
        Poll::Ready(outcome)
    }
}

impl Drop for PendingCall<'_> {
    fn drop(&mut self) {
        if self.state != CallState::Collected {
            self.table.cancel(self.opaque);
        }
    }
}
