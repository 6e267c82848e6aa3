//! A chain of checks between the hooks and the processor (Java: `RequestPipeline`).

use remoting_transport::protocol::RemotingCommand;

use super::RequestContext;
use crate::error::ProcessorError;

/// Runs after the before-hooks and before the processor, for authentication and authorization. Java:
/// `RequestPipeline`.
///
/// Closures are pipelines. As in Java, `a.pipe(b)` runs `b` first:
///
/// ```
/// use remoting_rpc::transport::protocol::{RemotingCommand, ResponseCode};
/// use remoting_rpc::{ProcessorError, RequestContext, RequestPipeline};
///
/// let authorize = |_: &RequestContext, request: &mut RemotingCommand| match request.ext_field("AccessKey") {
///     Some("admin") => Ok(()),
///     _ => Err(ProcessorError::abort(ResponseCode::NO_PERMISSION, "not allowed")),
/// };
/// let authenticate = |_: &RequestContext, request: &mut RemotingCommand| match request.ext_field("AccessKey") {
///     Some(_) => Ok(()),
///     None => Err(ProcessorError::abort(ResponseCode::NO_PERMISSION, "who are you?")),
/// };
/// let pipeline = authorize.pipe(authenticate);
/// # let _: &dyn RequestPipeline = &pipeline;
/// ```
pub trait RequestPipeline: Send + Sync + 'static {
    /// Looks at a request. It runs in the processor's executor and must not block.
    ///
    /// # Errors
    ///
    /// An error is answered as if the processor had returned it.
    fn execute(&self, ctx: &RequestContext, request: &mut RemotingCommand) -> Result<(), ProcessorError>;

    /// A pipeline that runs `source` and then this one.
    fn pipe<S: RequestPipeline>(self, source: S) -> Piped<S, Self>
    where
        Self: Sized,
    {
        Piped { first: source, second: self }
    }
}

impl<F> RequestPipeline for F
where
    F: Fn(&RequestContext, &mut RemotingCommand) -> Result<(), ProcessorError> + Send + Sync + 'static,
{
    fn execute(&self, ctx: &RequestContext, request: &mut RemotingCommand) -> Result<(), ProcessorError> {
        self(ctx, request)
    }
}

/// Two pipelines in a row: see [`RequestPipeline::pipe`].
#[derive(Debug, Clone)]
pub struct Piped<A, B> {
    first: A,
    second: B,
}

impl<A: RequestPipeline, B: RequestPipeline> RequestPipeline for Piped<A, B> {
    fn execute(&self, ctx: &RequestContext, request: &mut RemotingCommand) -> Result<(), ProcessorError> {
        self.first.execute(ctx, request)?;
        self.second.execute(ctx, request)
    }
}
