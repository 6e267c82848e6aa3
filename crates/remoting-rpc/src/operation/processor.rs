use std::marker::PhantomData;
use std::sync::Arc;

use remoting_transport::protocol::RemotingCommand;
use remoting_transport::protocol::operation::Operation;

use super::{HandlerOutput, OperationHandler, Request};
use crate::error::ProcessorError;
use crate::processor::{Reply, RequestContext, RequestProcessor};

/// A handler and its state as a processor.
pub(super) struct OperationProcessor<S, O, H, T, M> {
    state: Arc<S>,
    handler: H,
    types: PhantomData<fn() -> (O, T, M)>,
}

impl<S, O, H, T, M> OperationProcessor<S, O, H, T, M> {
    pub(super) const fn new(state: Arc<S>, handler: H) -> Self {
        Self { state, handler, types: PhantomData }
    }
}

impl<S, O, H, T, M> RequestProcessor for OperationProcessor<S, O, H, T, M>
where
    S: Send + Sync + 'static,
    O: Operation,
    H: for<'a> OperationHandler<'a, S, O, Output = T>,
    T: HandlerOutput<O, M> + 'static,
    M: 'static,
{
    async fn process(&self, ctx: RequestContext, request: RemotingCommand) -> Result<Reply, ProcessorError> {
        let request = Request::read(ctx, request)?;
        self.handler.handle(&self.state, request).await.into_result()
    }

    fn runs_to_end(&self) -> bool {
        H::RUNS_TO_END
    }
}
