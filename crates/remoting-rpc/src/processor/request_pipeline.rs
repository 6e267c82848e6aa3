//! Checks between the hooks and the processor (Java: `RequestPipeline`).

use remoting_transport::protocol::RemotingCommand;

use super::RequestContext;
use crate::error::ProcessorError;

/// Authenticates and authorizes requests, after the before-hooks and before the processor. Java: `RequestPipeline`.
///
/// A pipeline passes values to the processor through [`RequestContext::extensions_mut`]. Closures are pipelines. As in Java,
/// `a.pipe(b)` runs `b` first:
///
/// ```
/// use remoting_rpc::transport::protocol::{RemotingCommand, ResponseCode};
/// use remoting_rpc::{ProcessorError, Refusal, RequestContext, RequestPipeline};
///
/// /// The user of a request.
/// struct User(String);
///
/// fn no_permission(remark: &str) -> ProcessorError {
///     Refusal::new(ResponseCode::NO_PERMISSION, remark).into()
/// }
///
/// let authenticate = |ctx: &mut RequestContext, request: &mut RemotingCommand| match request.ext_field("AccessKey") {
///     Some(key) => Ok(ctx.extensions_mut().insert(User(key.to_owned()))),
///     None => Err(no_permission("no access key")),
/// };
/// let authorize = |ctx: &mut RequestContext, _: &mut RemotingCommand| match ctx.extensions().get() {
///     Some(User(name)) if name == "admin" => Ok(()),
///     _ => Err(no_permission("not allowed")),
/// };
/// let pipeline = authorize.pipe(authenticate);
/// # let _: &dyn RequestPipeline = &pipeline;
/// ```
pub trait RequestPipeline: Send + Sync + 'static {
    /// Checks a request. It runs in the processor's executor and must not block.
    ///
    /// # Errors
    ///
    /// An error has the same effect as an error of the processor.
    fn execute(&self, ctx: &mut RequestContext, request: &mut RemotingCommand) -> Result<(), ProcessorError>;

    /// Returns a pipeline that runs `source` and then this one.
    fn pipe<S: RequestPipeline>(self, source: S) -> Piped<S, Self>
    where
        Self: Sized,
    {
        Piped { first: source, second: self }
    }
}

impl<F> RequestPipeline for F
where
    F: Fn(&mut RequestContext, &mut RemotingCommand) -> Result<(), ProcessorError> + Send + Sync + 'static,
{
    fn execute(&self, ctx: &mut RequestContext, request: &mut RemotingCommand) -> Result<(), ProcessorError> {
        self(ctx, request)
    }
}

/// Two pipelines in sequence: see [`RequestPipeline::pipe`].
#[derive(Debug, Clone)]
pub struct Piped<A, B> {
    first: A,
    second: B,
}

impl<A: RequestPipeline, B: RequestPipeline> RequestPipeline for Piped<A, B> {
    fn execute(&self, ctx: &mut RequestContext, request: &mut RemotingCommand) -> Result<(), ProcessorError> {
        self.first.execute(ctx, request)?;
        self.second.execute(ctx, request)
    }
}
