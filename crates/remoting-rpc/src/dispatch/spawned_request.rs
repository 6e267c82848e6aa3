//! Requests that run in a task or thread of their own.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use remoting_transport::{catch_panic, poll_catching_panic};

use super::pending_response::PendingResponse;
use crate::latency::Unanswered;
use crate::processor::{Registration, RequestFuture};

/// A request in a task or thread of its own.
pub(super) struct SpawnedRequest {
    future: RequestFuture,
    registration: Arc<Registration>,
    pending: PendingResponse,
}

impl SpawnedRequest {
    pub(super) const fn new(
        future: RequestFuture,
        registration: Arc<Registration>,
        pending: PendingResponse,
    ) -> Self {
        Self { future, registration, pending }
    }

    /// Runs the request to its end. The executor's permit is released when the processor is done. A response that has to wait
    /// for a slow peer waits in a task of the channel.
    pub(super) async fn run(self) {
        let Self { mut future, registration, pending } = self;
        let runs_to_end = registration.runs_to_end(pending.info);
        let unanswered = Unanswered::new(pending.info.latency);
        let result = {
            let channel = pending.guard.channel();
            let mut caller_gone = pin!(channel.peer_gone());
            poll_fn(|cx| {
                // Before the poll: in a blocking executor one poll is the whole request.
                if !runs_to_end && channel.is_peer_gone() {
                    return Poll::Ready(None);
                }
                match poll_catching_panic(future.as_mut(), cx) {
                    Poll::Ready(result) => Poll::Ready(Some(result)),
                    Poll::Pending => {
                        registration.mark_waits();
                        if runs_to_end { Poll::Pending } else { caller_gone.as_mut().poll(cx).map(|()| None) }
                    }
                }
            })
            .await
        };
        let dropped = catch_panic(|| drop(future));
        let Some(result) = result else {
            pending.abandoned();
            return;
        };
        unanswered.ended();
        pending.complete(result.and_then(|result| dropped.map(|()| result)));
    }
}
