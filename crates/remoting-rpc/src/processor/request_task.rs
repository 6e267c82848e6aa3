//! Requests that are polled where they are started: on the task of their channel, or by a runner.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;
use remoting_transport::protocol::RemotingCommand;
use tokio::task::coop;

use super::context::ContextParts;
use super::{Later, Reply, RequestContext};
use crate::error::ProcessorError;
use crate::request::RequestInfo;

/// Runs requests of one registration on one channel, one after another, in one allocation. It is the future of the request that
/// was started last. Java: `RequestTask`, one per request.
pub(crate) trait RequestTask: Future<Output = Result<Reply, ProcessorError>> + Send {
    /// Drops the previous future, creates the future of this request, and polls it. If it is ready, it is dropped. If it is
    /// pending, the caller polls the task itself from then on.
    ///
    /// The response is an out-parameter, because a return value would be moved five times. It is as the processor made it: see
    /// [`RequestInfo::complete`](crate::request::RequestInfo::complete).
    fn start(
        self: Pin<&mut Self>,
        parts: ContextParts,
        info: &RequestInfo,
        request: RemotingCommand,
        response: &mut Option<RemotingCommand>,
        cx: &mut Context<'_>,
    ) -> Started;
}

/// The state of a started request. What is rare is boxed: two words are returned in registers.
pub(crate) enum Started {
    Pending,
    /// It is done. The response, if any, is in the out-parameter.
    Ready {
        /// The response keeps its own encoding.
        encoded: bool,
    },
    /// Its response is deferred.
    Later(Box<Later>),
    Failed(Box<ProcessorError>),
}

/// A task that creates its futures with `process`.
pub(crate) fn request_task<S, F, R>(process: S) -> Pin<Box<dyn RequestTask>>
where
    S: Fn(RequestContext, RemotingCommand) -> F + Send + 'static,
    F: Future<Output = Result<R, ProcessorError>> + Send + 'static,
    R: Into<Reply>,
{
    Box::pin(ReusableTask { process, future: None })
}

pin_project! {
    struct ReusableTask<S, F> {
        process: S,
        #[pin]
        future: Option<F>,
    }
}

impl<S, F, R> RequestTask for ReusableTask<S, F>
where
    S: Fn(RequestContext, RemotingCommand) -> F + Send,
    F: Future<Output = Result<R, ProcessorError>> + Send,
    R: Into<Reply>,
{
    fn start(
        self: Pin<&mut Self>,
        parts: ContextParts,
        info: &RequestInfo,
        request: RemotingCommand,
        response: &mut Option<RemotingCommand>,
        cx: &mut Context<'_>,
    ) -> Started {
        let mut this = self.project();
        let future = (this.process)(RequestContext::from_parts(parts, *info), request);
        this.future.set(None);
        this.future.set(Some(future));
        let Some(mut future) = this.future.as_mut().as_pin_mut() else { return Started::Pending };
        let mut polled = future.as_mut().poll(cx);
        if polled.is_pending() && !coop::has_budget_remaining() {
            // The requests of one poll share the budget of the task. Without budget, tokio's locks are pending even if free.
            polled = pin!(coop::unconstrained(future)).poll(cx);
        }
        let Poll::Ready(result) = polled else { return Started::Pending };
        let started = match result {
            Ok(reply) => match reply.into().take_into(response) {
                Ok(encoded) => Started::Ready { encoded },
                Err(later) => Started::Later(Box::new(later)),
            },
            Err(error) => Started::Failed(Box::new(error)),
        };
        this.future.set(None);
        started
    }
}

impl<S, F, R> Future for ReusableTask<S, F>
where
    F: Future<Output = Result<R, ProcessorError>>,
    R: Into<Reply>,
{
    type Output = Result<Reply, ProcessorError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let Some(future) = this.future.as_mut().as_pin_mut() else { return Poll::Pending };
        let result = ready!(future.poll(cx));
        this.future.set(None); // dropped here, where a panic is caught, and before the response is sent
        Poll::Ready(result.map(Into::into))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn nothing_is_left_of_the_request_when_a_task_that_waited_is_ready() {
        let held = Arc::new(());
        let future = {
            let held = Arc::clone(&held);
            std::future::poll_fn(move |_| {
                let _held = &held;
                Poll::Ready(Ok::<_, ProcessorError>(Reply::None))
            })
        };
        let task = std::pin::pin!(ReusableTask { process: (), future: Some(future) });
        assert!(task.poll(&mut Context::from_waker(std::task::Waker::noop())).is_ready());
        assert_eq!(Arc::strong_count(&held), 1);
    }
}
