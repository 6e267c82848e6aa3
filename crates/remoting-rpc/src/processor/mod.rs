//! What answers requests (Java: `NettyRequestProcessor`).

mod answer;
mod boxed;
mod closure;
mod context;
mod erased;
mod interceptors;
mod reply;
mod request_pipeline;
mod request_task;
mod responder;
mod run_to_end;
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
pub(crate) use self::interceptors::Interceptors;
pub use self::reply::{Later, Reply};
pub use self::request_pipeline::{Piped, RequestPipeline};
pub(crate) use self::request_task::{RequestTask, Started};
pub use self::responder::Responder;
pub use self::run_to_end::RunToEnd;
pub use self::set::ProcessorSet;
pub(crate) use self::table::{ProcessorRegistry, ProcessorTable, Registration, detach};
use crate::error::ProcessorError;

/// Answers the requests of the codes it is registered for. Java: `NettyRequestProcessor`.
///
/// Closures are processors: any `Fn(RequestContext, RemotingCommand) -> impl Future<Output = Result<R, ProcessorError>>`
/// where `R` is a [`RemotingCommand`], an `Option` of it, `()` or a [`Reply`]. With [`processor_fn`] the types of their
/// arguments are inferred; with [`processor_with`] they share state, and methods of that state are processors. An `Arc`
/// of a processor is one too, and [`boxed`](Self::boxed) makes processors of different types one type.
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
/// The future of a request that is to be answered is dropped within a second after its caller is gone, since nobody can
/// get the answer. A processor with effects that must not be cut off [runs to its end](Self::runs_to_end), as one-way
/// requests always do; it sees by [`RequestContext::caller_gone`] that its caller is gone.
///
/// The future is also dropped when the server or client is dropped without `shutdown`, or when the deadline of a
/// graceful shutdown passes. It is not dropped because a peer whose connection is open has given up.
///
/// # Panics
///
/// A panic ends that request with `SYSTEM_ERROR`; the channel and all other requests go on.
pub trait RequestProcessor: Send + Sync + 'static {
    /// Processes one request. The answer gets the opaque of the request and the response bit by itself. The
    /// answer to a one-way request is dropped.
    fn process(
        &self,
        ctx: RequestContext,
        request: RemotingCommand,
    ) -> impl Future<Output = Result<Reply, ProcessorError>> + Send;

    /// Whether to refuse requests for now: they are answered with `SYSTEM_BUSY` and
    /// `[REJECTREQUEST]system busy, start flow control for a while`. Asked on the channel's task for each
    /// request before it is given to the executor, so it must be quick.
    fn reject_request(&self) -> bool {
        false
    }

    /// Whether a request is processed to its end although its caller is gone. One-way requests always are.
    /// Default: no. [`RunToEnd`] says so of any processor, closures included.
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
