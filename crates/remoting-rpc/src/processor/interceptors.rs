//! The hooks and the request pipeline around a processor.

use std::sync::Arc;

use remoting_transport::protocol::{RemotingCommand, ResponseCode};

use super::erased::RequestFuture;
use super::{Reply, RequestContext, RequestPipeline, RequestProcessor};
use crate::error::ProcessorError;
use crate::hook::Hooks;

/// The hooks and the request pipeline that run around the processor of a request.
pub(crate) struct Interceptors {
    pub(crate) hooks: Option<Arc<Hooks>>,
    pub(crate) pipeline: Option<Arc<dyn RequestPipeline>>,
}

impl Interceptors {
    /// Returns an empty set of interceptors.
    pub(super) const fn none() -> Self {
        Self { hooks: None, pipeline: None }
    }

    /// Returns whether nothing runs around the processor.
    pub(crate) const fn is_empty(&self) -> bool {
        self.hooks.is_none() && self.pipeline.is_none()
    }

    /// Returns the future of a request. `held` is or contains the processor.
    pub(crate) fn serve<H, P: RequestProcessor>(
        self,
        ctx: RequestContext,
        request: RemotingCommand,
        held: Arc<H>,
        processor: impl Fn(&H) -> &P + Send + 'static,
    ) -> RequestFuture
    where
        H: Send + Sync + 'static,
    {
        match self {
            // Each nested future moves the request once more; without interceptors one layer suffices.
            Self { hooks: None, pipeline: None } => {
                Box::pin(async move { processor(&held).process(ctx, request).await })
            }
            interceptors => {
                Box::pin(async move { interceptors.process(processor(&held), ctx, request).await })
            }
        }
    }

    /// Runs Java's `processRequestCommand` from the before-hooks on. If a hook fails, the pipeline still runs, the processor does
    /// not, and the after-hooks see a plain `SYSTEM_ERROR` before the failure becomes the response.
    async fn process<P: RequestProcessor>(
        self,
        processor: &P,
        mut ctx: RequestContext,
        mut request: RemotingCommand,
    ) -> Result<Reply, ProcessorError> {
        let Self { hooks, pipeline } = self;
        let mut failure = None;
        if let Some(hooks) = &hooks
            && let Err(error) = hooks.before(&mut ctx.hook_context(), &mut request)
        {
            if error.is_refusal() {
                return Err(error);
            }
            failure = Some(error);
        }
        if let Some(pipeline) = &pipeline {
            pipeline.execute(&mut ctx, &mut request)?;
        }
        let Some(hooks) = hooks else { return processor.process(ctx, request).await };

        let mut kept_ctx = ctx.clone();
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
        hooks.after(&mut kept_ctx.hook_context(), &request, response)?;
        failure.map_or(Ok(reply), Err)
    }
}
