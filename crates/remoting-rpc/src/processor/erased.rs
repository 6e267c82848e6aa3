//! Processors without their types.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use remoting_transport::protocol::RemotingCommand;

use super::interceptors::Interceptors;
use super::request_task::{RequestTask, request_task};
use super::{Reply, RequestContext, RequestProcessor};
use crate::error::ProcessorError;

/// A request being processed. User code may panic in it, so it is polled by
/// [`poll_catching_panic`](remoting_transport::poll_catching_panic).
pub(crate) type RequestFuture = Pin<Box<dyn Future<Output = Result<Reply, ProcessorError>> + Send>>;

/// A [`RequestProcessor`] without its type.
pub(crate) trait ErasedProcessor: Send + Sync {
    fn reject_request(&self) -> bool;

    fn runs_to_end(&self) -> bool;

    /// Makes a task for requests that are processed where they arrive, without interceptors.
    fn request_task(self: Arc<Self>) -> Pin<Box<dyn RequestTask>>;

    /// Processes one request between its interceptors. Nothing happens before the future is polled.
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
