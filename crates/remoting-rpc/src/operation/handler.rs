use std::future::Future;

use remoting_transport::protocol::operation::Operation;

use super::Request;
use crate::processor::RunToEnd;

/// Handles the requests of one operation, with a state that it borrows.
///
/// Every function `async fn(&S, Request<O>) -> …` is a handler for the state `S` and the operation `O`, and so is an async
/// method `async fn(&self, Request<O>) -> …` of `S`. [`HandlerOutput`](super::HandlerOutput) says what it may return.
/// [`RunToEnd`] of a handler is a handler.
///
/// Nothing else needs to implement this trait. For a processor with a form of its own, implement
/// [`RequestProcessor`](crate::RequestProcessor).
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not handle requests with the state `{S}`",
    label = "not a handler for this state",
    note = "a handler is an async method `async fn(&self, Request<O>) -> Result<R, E>` of `{S}`"
)]
pub trait OperationHandler<'a, S, O: Operation>: Send + Sync + 'static {
    /// What the handler returns.
    type Output;

    /// The future of the handler.
    type Future: Future<Output = Self::Output> + Send + 'a;

    /// Whether requests run to their end after their caller has disconnected: see
    /// [`RequestProcessor::runs_to_end`](crate::RequestProcessor::runs_to_end).
    const RUNS_TO_END: bool = false;

    /// Calls the handler.
    fn handle(&self, state: &'a S, request: Request<O>) -> Self::Future;
}

impl<'a, S, O, F, Fut> OperationHandler<'a, S, O> for F
where
    S: 'a,
    O: Operation,
    F: Fn(&'a S, Request<O>) -> Fut + Send + Sync + 'static,
    Fut: Future + Send + 'a,
{
    type Output = Fut::Output;
    type Future = Fut;

    fn handle(&self, state: &'a S, request: Request<O>) -> Fut {
        self(state, request)
    }
}

impl<'a, S, O, H> OperationHandler<'a, S, O> for RunToEnd<H>
where
    O: Operation,
    H: OperationHandler<'a, S, O>,
{
    type Output = H::Output;
    type Future = H::Future;

    const RUNS_TO_END: bool = true;

    fn handle(&self, state: &'a S, request: Request<O>) -> H::Future {
        self.0.handle(state, request)
    }
}
