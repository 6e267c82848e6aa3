//! One request between the executor and the response.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use remoting_transport::protocol::{RemotingCommand, ResponseCode};

use super::request_task::{RequestTask, request_task};
use super::{Reply, RequestContext, RequestPipeline, RequestProcessor};
use crate::error::ProcessorError;
use crate::hook::Hooks;

/// A request being processed. User code may panic in it, so it is polled by
/// [`poll_catching_panic`](remoting_transport::poll_catching_panic).
pub(crate) type ExchangeFuture = Pin<Box<dyn Future<Output = Result<Reply, ProcessorError>> + Send>>;

/// A [`RequestProcessor`] without its type.
pub(crate) trait ErasedProcessor: Send + Sync {
    fn reject_request(&self) -> bool;

    fn runs_to_end(&self) -> bool;

    /// A task for requests that are processed where they arrive, with nothing around the processor.
    fn request_task(self: Arc<Self>) -> Pin<Box<dyn RequestTask>>;

    /// One request, with what is around the processor. Nothing happens before the future is polled.
    fn serve(self: Arc<Self>, exchange: Exchange, request: RemotingCommand) -> ExchangeFuture;
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

    fn serve(self: Arc<Self>, exchange: Exchange, request: RemotingCommand) -> ExchangeFuture {
        exchange.serve(request, self, |processor| processor)
    }
}

/// What a request needs on its way besides the processor.
pub(crate) struct Exchange {
    pub(crate) ctx: RequestContext,
    pub(crate) hooks: Option<Arc<Hooks>>,
    pub(crate) pipeline: Option<Arc<dyn RequestPipeline>>,
}

impl Exchange {
    /// A request with nothing around its processor.
    pub(crate) const fn bare(ctx: RequestContext) -> Self {
        Self { ctx, hooks: None, pipeline: None }
    }

    /// The future of a request of the processor that `held` is or has.
    pub(crate) fn serve<H, P: RequestProcessor>(
        self,
        request: RemotingCommand,
        held: Arc<H>,
        processor: impl Fn(&H) -> &P + Send + 'static,
    ) -> ExchangeFuture
    where
        H: Send + Sync + 'static,
    {
        match self {
            // Each layer of future moves the request once more, so most requests are spared one.
            Self { ctx, hooks: None, pipeline: None } => {
                Box::pin(async move { processor(&held).process(ctx, request).await })
            }
            exchange => Box::pin(async move { exchange.process(processor(&held), request).await }),
        }
    }

    /// Java's `processRequestCommand` from the before-hooks on. When a hook fails, the pipeline still runs, the
    /// processor does not, and the after-hooks see a bare `SYSTEM_ERROR` before the failure is answered.
    async fn process<P: RequestProcessor>(
        self,
        processor: &P,
        mut request: RemotingCommand,
    ) -> Result<Reply, ProcessorError> {
        let Self { ctx, hooks, pipeline } = self;
        let mut failure = None;
        if let Some(hooks) = &hooks
            && let Err(error) = hooks.before(ctx.peer_addr(), &mut request)
        {
            if error.is_abort() {
                return Err(error);
            }
            failure = Some(error);
        }
        if let Some(pipeline) = &pipeline {
            pipeline.execute(&ctx, &mut request)?;
        }
        let Some(hooks) = hooks else { return processor.process(ctx, request).await };

        let peer = ctx.peer_addr().clone();
        let (mut reply, request) = if failure.is_none() {
            let kept = request.clone();
            (processor.process(ctx, request).await?, kept)
        } else {
            (Reply::Response(RemotingCommand::response(ResponseCode::SYSTEM_ERROR)), request)
        };
        let response = match &mut reply {
            Reply::Response(response) | Reply::Encoded(response) => Some(response),
            Reply::Later(_) | Reply::None => None,
        };
        hooks.after(&peer, &request, response)?;
        failure.map_or(Ok(reply), Err)
    }
}
