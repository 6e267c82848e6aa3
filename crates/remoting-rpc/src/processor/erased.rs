//! Type-erased processors.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use remoting_transport::protocol::RemotingCommand;

use super::interceptors::Interceptors;
use super::request_task::{RequestTask, request_task};
use super::{Reply, RequestContext, RequestProcessor};
use crate::error::ProcessorError;

/// The future of a request in progress. It contains user code that may panic, so poll it with
/// [`poll_catching_panic`](remoting_transport::poll_catching_panic).
pub(crate) type RequestFuture = Pin<Box<dyn Future<Output = Result<Reply, ProcessorError>> + Send>>;

/// A type-erased [`RequestProcessor`].
pub(crate) trait ErasedProcessor: Send + Sync {
    fn reject_request(&self) -> bool;

    fn runs_to_end(&self) -> bool;

    /// Creates a task for requests that are polled once where they are started.
    fn request_task(self: Arc<Self>) -> Pin<Box<dyn RequestTask>>;

    /// Returns the future that processes one request with its interceptors.
    fn serve(
        self: Arc<Self>,
        ctx: RequestContext,
        interceptors: Interceptors,
        request: RemotingCommand,
    ) -> RequestFuture;
}

impl<P: RequestProcessor> ErasedProcessor for P {
    fn reject_request(&self) -> bool {
        RequestProcessor::reject_request(self)
    }

    fn runs_to_end(&self) -> bool {
        RequestProcessor::runs_to_end(self)
    }

    fn request_task(self: Arc<Self>) -> Pin<Box<dyn RequestTask>> {
        request_task(move |ctx, request| {
            let processor = Arc::clone(&self);
            async move { processor.process(ctx, request).await }
        })
    }

    fn serve(
        self: Arc<Self>,
        ctx: RequestContext,
        interceptors: Interceptors,
        request: RemotingCommand,
    ) -> RequestFuture {
        interceptors.serve(ctx, request, self, |processor| processor)
    }
}
