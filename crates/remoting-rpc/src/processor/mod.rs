//! Processors (Java: `NettyRequestProcessor`).

mod answer;
mod boxed;
mod closure;
mod context;
mod erased;
mod interceptors;
#[cfg(feature = "tower")]
mod layers;
mod reply;
mod request_pipeline;
mod request_task;
mod responder;
mod run_to_end;
#[cfg(feature = "tower")]
mod service;
mod set;
mod table;

use std::future::Future;
use std::sync::Arc;

use remoting_transport::protocol::RemotingCommand;

pub(crate) use self::answer::Answer;
pub use self::boxed::BoxProcessor;
pub use self::closure::{processor_fn, processor_with};
pub use self::context::RequestContext;
pub(crate) use self::erased::{ErasedProcessor, RequestFuture};
pub(crate) use self::interceptors::{AfterHooks, Interceptors, InterceptorsRef};
#[cfg(feature = "tower")]
pub(crate) use self::layers::Layers;
pub use self::reply::{Later, Reply};
pub use self::request_pipeline::{Piped, RequestPipeline};
pub(crate) use self::request_task::{RequestTask, Started, request_task};
pub use self::responder::Responder;
pub use self::run_to_end::RunToEnd;
#[cfg(feature = "tower")]
pub use self::service::{
    ProcessorFuture, ProcessorLayer, ProcessorRequest, ProcessorService, ServiceProcessor,
};
pub use self::set::ProcessorSet;
pub(crate) use self::table::{ProcessorRegistry, ProcessorTable, Registration, detach};
use crate::error::ProcessorError;

/// Processes the requests of the codes it is registered for. Java: `NettyRequestProcessor`.
///
/// Closures are processors: any `Fn(RequestContext, RemotingCommand) -> impl Future<Output = Result<R, ProcessorError>>`
/// where `R` is a [`RemotingCommand`], an `Option` of it, `()` or a [`Reply`]. With [`processor_fn`] the types of their
/// arguments are inferred. [`processor_with`] makes processors of closures or methods that share state. An `Arc` of a
/// processor is a processor, and [`boxed`](Self::boxed) erases its type.
///
/// ```
/// use remoting_rpc::transport::protocol::{RemotingCommand, ResponseCode};
/// use remoting_rpc::{ProcessorError, Reply, RequestContext, RequestProcessor};
///
/// struct EchoProcessor;
///
/// impl RequestProcessor for EchoProcessor {
///     async fn process(&self, _ctx: RequestContext, request: RemotingCommand) -> Result<Reply, ProcessorError> {
///         let response = RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
///         Ok(response.with_body(request.into_body()).into())
///     }
/// }
/// ```
///
/// # Cancellation
///
/// The future of a two-way request is dropped within a second after its caller has disconnected, because the response could
/// not be delivered. A processor whose work must not be interrupted [runs to its end](Self::runs_to_end), as one-way
/// requests always do. [`RequestContext::caller_gone`] tells it that the caller has disconnected.
///
/// The future is also dropped when the server or client is dropped without `shutdown`, or at the deadline of a graceful
/// shutdown. A caller that gives up but stays connected does not cancel its request.
///
/// # Panics
///
/// A panic answers the request with `SYSTEM_ERROR`. The channel and all other requests continue.
pub trait RequestProcessor: Send + Sync + 'static {
    /// Processes one request. The opaque and the response bit of the reply are set automatically. The reply to a one-way
    /// request is dropped.
    fn process(
        &self,
        ctx: RequestContext,
        request: RemotingCommand,
    ) -> impl Future<Output = Result<Reply, ProcessorError>> + Send;

    /// Returns whether to refuse requests for now, with `SYSTEM_BUSY` and
    /// `[REJECTREQUEST]system busy, start flow control for a while`. Default: false. It is called on the channel's task for
    /// each request, so it must be fast.
    fn reject_request(&self) -> bool {
        false
    }

    /// Returns whether requests run to their end after their caller has disconnected. One-way requests always do. Default:
    /// false. [`RunToEnd`] wraps any processor so that it returns true.
    ///
    /// It is called when the processor is registered, not for each request. A panic reaches the caller that registers the
    /// processor.
    fn runs_to_end(&self) -> bool {
        false
    }

    /// Converts the processor into a value whose type does not name it.
    fn boxed(self) -> BoxProcessor
    where
        Self: Sized,
    {
        BoxProcessor::new(Arc::new(self))
    }
}
