//! Closures and methods as processors.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use remoting_transport::protocol::RemotingCommand;

use super::request_task::{RequestTask, request_task};
use super::{
    BoxProcessor, ErasedProcessor, Interceptors, Reply, RequestContext, RequestFuture, RequestProcessor,
};
use crate::error::ProcessorError;

impl<F, Fut, R> RequestProcessor for F
where
    F: Fn(RequestContext, RemotingCommand) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<R, ProcessorError>> + Send + 'static,
    R: Into<Reply>,
{
    async fn process(&self, ctx: RequestContext, request: RemotingCommand) -> Result<Reply, ProcessorError> {
        self(ctx, request).await.map(Into::into)
    }

    fn boxed(self) -> BoxProcessor {
        BoxProcessor::new(Arc::new(Closure(self)))
    }
}

/// A closure's future borrows nothing, so the request need not be moved into another.
struct Closure<F>(F);

impl<F, Fut, R> ErasedProcessor for Closure<F>
where
    F: Fn(RequestContext, RemotingCommand) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<R, ProcessorError>> + Send + 'static,
    R: Into<Reply>,
{
    fn reject_request(&self) -> bool {
        false
    }

    fn runs_to_end(&self) -> bool {
        false
    }

    fn request_task(self: Arc<Self>) -> Pin<Box<dyn RequestTask>> {
        request_task(move |ctx, request| (self.0)(ctx, request))
    }

    fn serve(
        self: Arc<Self>,
        ctx: RequestContext,
        interceptors: Interceptors,
        request: RemotingCommand,
    ) -> RequestFuture {
        interceptors.serve(ctx, request, self, |closure| &closure.0)
    }
}

/// Returns the closure unchanged, so that the compiler infers its argument types.
///
/// A closure passed directly to [`processor`](crate::RemotingServerBuilder::processor) has to write
/// `request: RemotingCommand`.
///
/// ```
/// use remoting_rpc::processor_fn;
/// use remoting_rpc::transport::protocol::{RemotingCommand, ResponseCode};
///
/// let echo = processor_fn(|_ctx, request| async move {
///     let response = RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
///     Ok(response.with_body(request.into_body()))
/// });
/// # let _: &dyn Send = &echo;
/// ```
pub const fn processor_fn<F, Fut, R>(closure: F) -> F
where
    F: Fn(RequestContext, RemotingCommand) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<R, ProcessorError>> + Send + 'static,
    R: Into<Reply>,
{
    closure
}

/// Returns a processor that calls `function` with a clone of `state`. `function` is a closure or an async method of
/// `Arc<Self>`.
///
/// ```
/// use std::sync::Arc;
/// use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
/// use remoting_rpc::{Executor, ProcessorError, ProcessorSet, RequestContext, processor_with};
///
/// struct NameServer { routes: String }
///
/// impl NameServer {
///     async fn route(self: Arc<Self>, _ctx: RequestContext, request: RemotingCommand) -> Result<RemotingCommand, ProcessorError> {
///         let response = RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
///         Ok(response.with_body(self.routes.clone()))
///     }
/// }
///
/// let ns = Arc::new(NameServer { routes: "{}".to_owned() });
/// let executor = Executor::inline();
/// let processors = ProcessorSet::new()
///     .on(RequestCode::GET_ROUTEINFO_BY_TOPIC, executor.clone(), processor_with(&ns, NameServer::route))
///     .on(RequestCode::UNREGISTER_BROKER, executor, processor_with(&ns, |_ns, _ctx, request| async move {
///         Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
///     }));
/// ```
pub fn processor_with<S, F, Fut, R>(
    state: &Arc<S>,
    function: F,
) -> impl Fn(RequestContext, RemotingCommand) -> Fut + Send + Sync + use<S, F, Fut, R>
where
    S: Send + Sync + 'static,
    F: Fn(Arc<S>, RequestContext, RemotingCommand) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<R, ProcessorError>> + Send + 'static,
    R: Into<Reply>,
{
    let state = Arc::clone(state);
    move |ctx, request| function(Arc::clone(&state), ctx, request)
}
