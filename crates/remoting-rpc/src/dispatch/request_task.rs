//! Requests that are polled where they arrive.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use remoting_transport::protocol::RemotingCommand;

use super::answer;
use super::exchange::ExchangeFuture;
use crate::processor::{ProcessorError, Registration, Reply, RequestContext};

/// The requests of one registration on one channel, one after the other, in one allocation (Java: `RequestTask`,
/// one for each request). It is the future of the request that was started last.
pub(crate) trait RequestTask: Future<Output = Result<Reply, ProcessorError>> + Send {
    /// Makes the processor's future, drops what was left of the one before, and polls it once. If it is ready,
    /// `response` is what to send, if anything, and nothing is left of the request. If it is pending, the task is
    /// to be polled on as the future that it is.
    ///
    /// The response has a place to go to, since it would be moved five times as a result.
    fn start(
        self: Pin<&mut Self>,
        ctx: RequestContext,
        request: RemotingCommand,
        response: &mut Option<RemotingCommand>,
        cx: &mut Context<'_>,
    ) -> Poll<()>;
}

/// A task that has its processor make the futures by `process`.
pub(super) fn request_task<S, F, R>(process: S) -> Pin<Box<dyn RequestTask>>
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
        ctx: RequestContext,
        request: RemotingCommand,
        response: &mut Option<RemotingCommand>,
        cx: &mut Context<'_>,
    ) -> Poll<()> {
        let mut this = self.project();
        let asked = ctx.asked();
        let future = (this.process)(ctx, request);
        this.future.set(None);
        this.future.set(Some(future));
        let Some(future) = this.future.as_mut().as_pin_mut() else { return Poll::Ready(()) };
        let Poll::Ready(result) = future.poll(cx) else { return Poll::Pending };
        asked.answer(result.map_or_else(answer::failed, Into::into), response);
        this.future.set(None);
        Poll::Ready(())
    }
}

impl<S, F, R> Future for ReusableTask<S, F>
where
    F: Future<Output = Result<R, ProcessorError>>,
    R: Into<Reply>,
{
    type Output = Result<Reply, ProcessorError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(future) = self.project().future.as_pin_mut() else { return Poll::Pending };
        future.poll(cx).map_ok(Into::into)
    }
}

/// The task that a channel keeps for its next inline request, which mostly asks for the same as the last one.
#[derive(Default)]
pub(super) struct IdleTask(Option<(Arc<Registration>, Pin<Box<dyn RequestTask>>)>);

impl IdleTask {
    /// Tasks above this size, in bytes, are not kept while the channel has nothing to read.
    const KEPT: usize = 512;

    /// The task for a request of this registration.
    #[inline]
    pub(super) fn of(&mut self, registration: &Arc<Registration>) -> Pin<&mut dyn RequestTask> {
        if !matches!(&self.0, Some((last, _)) if Arc::ptr_eq(last, registration)) {
            self.0 = None;
        }
        let (_, task) = self.0.get_or_insert_with(|| {
            (Arc::clone(registration), Arc::clone(&registration.processor).request_task())
        });
        task.as_mut()
    }

    /// Gives the task away, because its request waits.
    pub(super) fn take(&mut self) -> Option<ExchangeFuture> {
        self.0.take().map(|(_, task)| task as ExchangeFuture)
    }

    /// Keeps no more than a channel may while it is idle.
    pub(super) fn trim(&mut self) {
        if matches!(&self.0, Some((_, task)) if size_of_val(&**task) > Self::KEPT) {
            self.0 = None;
        }
    }
}
