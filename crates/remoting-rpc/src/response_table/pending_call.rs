use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use remoting_transport::CloseReason;

use super::{Outcome, ResponseTable};

/// A call in the table, for tests and benchmarks of the table. Resolves once the call has ended. Dropping it
/// before cancels the call.
#[derive(Debug)]
#[must_use = "dropping a pending call cancels it"]
pub(crate) struct PendingCall<'a> {
    table: &'a ResponseTable,
    opaque: i32,
    collected: bool,
}

impl ResponseTable {
    /// Equivalent of [`open`](Self::open) followed by a poll of the driver, at `now`.
    pub(crate) fn begin(
        &self,
        now: Instant,
        timeout: Duration,
        waker: &Waker,
    ) -> Result<PendingCall<'_>, CloseReason> {
        let opaque = self.open(timeout, waker)?;
        self.next_deadline(|| now);
        Ok(PendingCall { table: self, opaque, collected: false })
    }
}

impl PendingCall<'_> {
    /// Returns the opaque of the request.
    pub(crate) const fn opaque(&self) -> i32 {
        self.opaque
    }
}

impl Future for PendingCall<'_> {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome> {
        let outcome = self.table.take_outcome(self.opaque, cx.waker(), &mut None);
        let Some(outcome) = outcome else { return Poll::Pending };
        self.collected = true;
        Poll::Ready(outcome)
    }
}

impl Drop for PendingCall<'_> {
    fn drop(&mut self) {
        if !self.collected {
            self.table.cancel(self.opaque);
        }
    }
}
