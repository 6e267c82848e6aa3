//! The hooks and the request pipeline around a processor.

use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;

use remoting_transport::protocol::{RemotingCommand, ResponseCode};

use super::erased::RequestFuture;
use super::request_task::{RequestTask, Started};
use super::{Reply, RequestContext, RequestPipeline, RequestProcessor};
use crate::channel::RpcChannel;
use crate::error::ProcessorError;
use crate::extensions::Extensions;
use crate::hook::{HookContext, Hooks};
use crate::request::RequestInfo;

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
        self.as_ref().is_empty()
    }

    #[inline]
    pub(crate) const fn as_ref(&self) -> InterceptorsRef<'_> {
        InterceptorsRef { hooks: self.hooks.as_ref(), pipeline: self.pipeline.as_ref() }
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

    async fn process<P: RequestProcessor>(
        self,
        processor: &P,
        mut ctx: RequestContext,
        mut request: RemotingCommand,
    ) -> Result<Reply, ProcessorError> {
        self.as_ref().before(&mut ctx, &mut request)?;
        let Some(hooks) = self.hooks else { return processor.process(ctx, request).await };
        let (channel, extensions) = (ctx.channel().clone(), ctx.extensions().clone());
        let after = AfterHooks { hooks, channel, extensions, request: request.clone() };
        let reply = processor.process(ctx, request).await?;
        after.run(reply)
    }
}

/// A reference to the hooks and the request pipeline of an endpoint.
#[derive(Clone, Copy)]
pub(crate) struct InterceptorsRef<'a> {
    /// Not empty.
    pub(crate) hooks: Option<&'a Arc<Hooks>>,
    pub(crate) pipeline: Option<&'a Arc<dyn RequestPipeline>>,
}

impl<'a> InterceptorsRef<'a> {
    #[inline]
    pub(crate) fn new(hooks: &'a Arc<Hooks>, pipeline: Option<&'a Arc<dyn RequestPipeline>>) -> Self {
        Self { hooks: (!hooks.is_empty()).then_some(hooks), pipeline }
    }

    /// Returns whether nothing runs around the processor.
    #[inline]
    pub(crate) const fn is_empty(self) -> bool {
        self.hooks.is_none() && self.pipeline.is_none()
    }

    pub(crate) fn to_interceptors(self) -> Interceptors {
        Interceptors { hooks: self.hooks.cloned(), pipeline: self.pipeline.cloned() }
    }

    /// Runs Java's `processRequestCommand` up to the processor. If a hook fails, the pipeline still runs, the processor does not,
    /// and the after-hooks see a plain `SYSTEM_ERROR` before the failure becomes the response.
    fn before(self, ctx: &mut RequestContext, request: &mut RemotingCommand) -> Result<(), ProcessorError> {
        let mut failure = Ok(());
        if let Some(hooks) = self.hooks {
            failure = hooks.before(&mut ctx.hook_context(), request);
            if failure.as_ref().is_err_and(ProcessorError::is_refusal) {
                return failure;
            }
        }
        if let Some(pipeline) = self.pipeline {
            pipeline.execute(ctx, request)?;
        }
        if let (Some(hooks), Err(_)) = (self.hooks, &failure) {
            let mut response = RemotingCommand::response(ResponseCode::SYSTEM_ERROR);
            hooks.after(&mut ctx.hook_context(), request, Some(&mut response))?;
        }
        failure
    }

    /// Starts a request in `task`, with what runs around it. If the request is pending, its future needs `after`.
    pub(crate) fn start(
        self,
        task: Pin<&mut dyn RequestTask>,
        (channel, info): (&RpcChannel, RequestInfo),
        mut request: RemotingCommand,
        response: &mut Option<RemotingCommand>,
        after: &mut Option<Box<AfterHooks>>,
        cx: &mut Context<'_>,
    ) -> Started {
        let mut ctx = RequestContext::new(channel.clone(), info);
        if let Err(error) = self.before(&mut ctx, &mut request) {
            return Started::Failed(Box::new(error));
        }
        let Some(hooks) = self.hooks else {
            return task.start(ctx.into_parts(), &info, request, response, cx);
        };
        let (mut extensions, kept) = (ctx.extensions().clone(), request.clone());
        let started = task.start(ctx.into_parts(), &info, request, response, cx);
        match &started {
            Started::Ready { .. } | Started::Later(_) => {
                let mut ctx = HookContext::new(channel.peer_addr(), &mut extensions);
                if let Err(error) = hooks.after(&mut ctx, &kept, response.as_mut()) {
                    return Started::Failed(Box::new(error));
                }
            }
            Started::Pending => {
                let (hooks, channel) = (Arc::clone(hooks), channel.clone());
                *after = Some(Box::new(AfterHooks { hooks, channel, extensions, request: kept }));
            }
            Started::Failed(_) => {}
        }
        started
    }
}

/// The after-hooks of a request that waits, and what they see of it.
pub(crate) struct AfterHooks {
    hooks: Arc<Hooks>,
    channel: RpcChannel,
    extensions: Extensions,
    request: RemotingCommand,
}

impl AfterHooks {
    /// Returns the future that runs the after-hooks once `future` is ready.
    pub(crate) fn behind(self: Box<Self>, future: RequestFuture) -> RequestFuture {
        Box::pin(async move {
            let reply = future.await?;
            self.run(reply)
        })
    }

    fn run(mut self, mut reply: Reply) -> Result<Reply, ProcessorError> {
        let response = match &mut reply {
            Reply::Response(response) | Reply::Encoded(response) => Some(response),
            Reply::Later(_) | Reply::None => None,
        };
        let mut ctx = HookContext::new(self.channel.peer_addr(), &mut self.extensions);
        self.hooks.after(&mut ctx, &self.request, response)?;
        Ok(reply)
    }
}
