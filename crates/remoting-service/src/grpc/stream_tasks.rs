//! The tasks of a connection's calls.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;
use remoting_rpc::transport::TaskGroup;
use tokio::time::{Instant, Sleep, sleep_until};

use super::MESSAGE_TIMEOUT;
use super::response_body::HANDED_OVER;

/// The calls of a connection, a task each. They are aborted when this is dropped, with the connection.
#[derive(Default)]
pub(super) struct StreamTasks(TaskGroup);

/// Spawns the calls of a connection.
#[derive(Clone)]
pub(super) struct StreamExecutor(TaskGroup);

impl StreamTasks {
    pub(super) fn executor(&self) -> StreamExecutor {
        StreamExecutor(self.0.clone())
    }
}

impl Drop for StreamTasks {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<F> hyper::rt::Executor<F> for StreamExecutor
where
    F: Future<Output = ()> + Send + 'static,
{
    fn execute(&self, call: F) {
        self.0.spawn(StreamTask { call, handed_over: None, stalled: None });
    }
}

pin_project! {
    /// A call: its method, and then its response until the peer has given a window for all of it. It is dropped, which
    /// resets its stream, if the peer takes no part of the response for [`MESSAGE_TIMEOUT`].
    struct StreamTask<F> {
        #[pin]
        call: F,
        handed_over: Option<Instant>,
        #[pin]
        stalled: Option<Sleep>,
    }
}

impl<F: Future<Output = ()>> Future for StreamTask<F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut this = self.project();
        let before = *this.handed_over;
        let (poll, handed_over) = HANDED_OVER.sync_scope(Cell::new(before), || {
            let poll = this.call.poll(cx);
            (poll, HANDED_OVER.with(Cell::get))
        });
        if poll.is_ready() {
            return poll;
        }
        if handed_over != before {
            *this.handed_over = handed_over;
            this.stalled.set(handed_over.map(|at| sleep_until(at + MESSAGE_TIMEOUT)));
        }
        let Some(stalled) = this.stalled.as_pin_mut() else { return Poll::Pending };
        ready!(stalled.poll(cx));
        tracing::debug!("gRPC call reset: its peer does not take the response");
        Poll::Ready(())
    }
}
