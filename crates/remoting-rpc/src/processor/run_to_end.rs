use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use remoting_transport::protocol::RemotingCommand;

use super::request_task::RequestTask;
use super::{
    BoxProcessor, ErasedProcessor, Interceptors, Reply, RequestContext, RequestFuture, RequestProcessor,
};
use crate::error::ProcessorError;

/// Wraps a processor so that its requests run to their end after their caller has disconnected: see
/// [`RequestProcessor::runs_to_end`].
///
/// ```
/// use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
/// use remoting_rpc::{Executor, RemotingServer, RequestContext, RunToEnd};
///
/// let store = |_ctx: RequestContext, request: RemotingCommand| async move {
///     // Writes in several steps that must all complete.
///     Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
/// };
/// let server = RemotingServer::builder().processor(RequestCode(20_001), Executor::runtime(64), RunToEnd(store));
/// # drop(server);
/// ```
#[derive(Debug, Clone)]
pub struct RunToEnd<P>(pub P);

impl<P: RequestProcessor> RequestProcessor for RunToEnd<P> {
    fn process(
        &self,
        ctx: RequestContext,
        request: RemotingCommand,
    ) -> impl Future<Output = Result<Reply, ProcessorError>> + Send {
        self.0.process(ctx, request)
    }

    fn reject_request(&self) -> bool {
        self.0.reject_request()
    }

    fn runs_to_end(&self) -> bool {
        true
    }

    fn boxed(self) -> BoxProcessor {
        BoxProcessor::new(Arc::new(RunsToEnd(self.0.boxed().into_erased())))
    }
}

/// The type-erased form.
struct RunsToEnd(Arc<dyn ErasedProcessor>);

impl ErasedProcessor for RunsToEnd {
    fn reject_request(&self) -> bool {
        self.0.reject_request()
    }

    fn runs_to_end(&self) -> bool {
        true
    }

    fn request_task(self: Arc<Self>) -> Pin<Box<dyn RequestTask>> {
        Arc::clone(&self.0).request_task()
    }

    fn serve(
        self: Arc<Self>,
        ctx: RequestContext,
        interceptors: Interceptors,
        request: RemotingCommand,
    ) -> RequestFuture {
        Arc::clone(&self.0).serve(ctx, interceptors, request)
    }
}
