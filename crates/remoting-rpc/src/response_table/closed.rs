use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use remoting_transport::CloseReason;

use super::{Outcome, ResponseTable};

/// Resolves to the reason once the table is closed. Until then it counts as a call, which a draining channel
/// waits for.
pub(crate) struct Closed<'a> {
    table: &'a ResponseTable,
    opaque: Option<i32>,
}

impl ResponseTable {
    /// Waits until the table is [closed](Self::close). Cancel safe.
    pub(crate) const fn closed(&self) -> Closed<'_> {
        Closed { table: self, opaque: None }
    }
}

impl Future for Closed<'_> {
    type Output = CloseReason;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<CloseReason> {
        loop {
            let Some(opaque) = self.opaque else {
                match self.table.open(Duration::MAX, cx.waker()) {
                    Ok(opaque) => self.opaque = Some(opaque),
                    Err(reason) => return Poll::Ready(reason),
                }
                return Poll::Pending;
            };
            let Some(outcome) = self.table.take_outcome(opaque, cx.waker(), &mut None) else {
                return Poll::Pending;
            };
            self.opaque = None;
            // A peer may respond to a request that was never sent.
            if let Outcome::Closed(reason) = outcome {
                return Poll::Ready(reason);
            }
        }
    }
}

impl Drop for Closed<'_> {
    fn drop(&mut self) {
        if let Some(opaque) = self.opaque {
            self.table.cancel(opaque);
        }
    }
}
