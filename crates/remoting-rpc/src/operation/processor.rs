use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use remoting_transport::protocol::RemotingCommand;
use remoting_transport::protocol::operation::Operation;

use super::{HandlerOutput, OperationHandler, Request};
use crate::error::ProcessorError;
use crate::processor::{
    BoxProcessor, ErasedProcessor, Interceptors, Reply, RequestContext, RequestFuture, RequestProcessor,
    RequestTask, request_task,
};

/// A handler and its state as a processor.
pub(super) struct OperationProcessor<S, O, H, T, M> {
    state: Arc<S>,
    handler: H,
    types: PhantomData<Types<O, T, M>>,
}

/// The operation, and what its handler returns. A processor holds no values of them.
type Types<O, T, M> = fn() -> (O, T, M);

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

    fn boxed(self) -> BoxProcessor {
        BoxProcessor::new(Arc::new(Handling(self)))
    }
}

/// The type-erased form. Its inline requests are one future less, because each holds the request once more.
struct Handling<P>(P);

impl<S, O, H, T, M> ErasedProcessor for Handling<OperationProcessor<S, O, H, T, M>>
where
    S: Send + Sync + 'static,
    O: Operation,
    H: for<'a> OperationHandler<'a, S, O, Output = T>,
    T: HandlerOutput<O, M> + 'static,
    M: 'static,
{
    fn reject_request(&self) -> bool {
        false
    }

    fn runs_to_end(&self) -> bool {
        H::RUNS_TO_END
    }

    fn request_task(self: Arc<Self>) -> Pin<Box<dyn RequestTask>> {
        request_task(move |ctx, request| {
            let this = Arc::clone(&self);
            async move { this.0.handler.handle(&this.0.state, Request::read(ctx, request)?).await.into_result() }
        })
    }

    fn serve(
        self: Arc<Self>,
        ctx: RequestContext,
        interceptors: Interceptors,
        request: RemotingCommand,
    ) -> RequestFuture {
        interceptors.serve(ctx, request, self, |handling| &handling.0)
    }
}

#[cfg(test)]
mod tests {
    use remoting_transport::protocol::operation::Json;
    use remoting_transport::protocol::{RequestCode, operation};

    use super::*;

    operation! { Sum = RequestCode(20_001), { body: Json<[u64; 13]> } -> { body: Json<u64> } }

    struct Adder;

    impl Adder {
        async fn sum(&self, request: Request<Sum>) -> Result<Json<u64>, ProcessorError> {
            Ok(Json(request.body.iter().sum()))
        }
    }

    /// A larger task costs one allocation for each read: see `IdleTask`.
    #[test]
    fn an_idle_channel_keeps_the_task_of_a_handler_that_does_not_wait() {
        let handler = OperationProcessor::<_, Sum, _, _, _>::new(Arc::new(Adder), Adder::sum);
        let task = handler.boxed().into_erased().request_task();
        assert!(size_of_val(&*task) <= 768, "{} bytes", size_of_val(&*task));
    }
}
