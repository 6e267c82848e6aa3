use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tower::{BoxError, Service};

use super::ProcessorRequest;
use crate::processor::{BoxProcessor, ErasedProcessor, Interceptors, Reply, RequestFuture, RequestProcessor};

/// A processor as a [`Service`]: the innermost service of a [`ProcessorLayer`](super::ProcessorLayer).
///
/// It is always ready. Its error is the error that the processor returned, before its conversion into a
/// [`ProcessorError`](crate::ProcessorError): a [`Refusal`](crate::Refusal) can be found with `downcast_ref`. A clone is the
/// same processor.
///
/// Each call costs one allocation.
#[derive(Clone)]
pub struct ProcessorService(Arc<dyn ErasedProcessor>);

impl ProcessorService {
    /// Creates the service of a processor.
    pub fn new(processor: impl RequestProcessor) -> Self {
        Self(processor.boxed().into_erased())
    }

    pub(crate) const fn of_erased(processor: Arc<dyn ErasedProcessor>) -> Self {
        Self(processor)
    }

    /// Returns the processor.
    #[must_use]
    pub fn into_processor(self) -> BoxProcessor {
        BoxProcessor::new(self.0)
    }
}

impl Service<ProcessorRequest> for ProcessorService {
    type Response = Reply;
    type Error = BoxError;
    type Future = ProcessorFuture;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: ProcessorRequest) -> ProcessorFuture {
        let ProcessorRequest { ctx, command } = request;
        ProcessorFuture(Arc::clone(&self.0).serve(ctx, Interceptors::none(), command))
    }
}

impl fmt::Debug for ProcessorService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProcessorService(..)")
    }
}

/// The future of a [`ProcessorService`]. Dropping it cancels the processor.
#[must_use = "a request is not processed until its future is awaited"]
pub struct ProcessorFuture(RequestFuture);

impl Future for ProcessorFuture {
    type Output = Result<Reply, BoxError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(cx).map_err(crate::ProcessorError::into_inner)
    }
}

impl fmt::Debug for ProcessorFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProcessorFuture(..)")
    }
}
