//! A request that waits for a permit of its executor. Its channel is not read meanwhile.

use std::sync::Arc;
use std::task::{Context, Poll};

use remoting_transport::protocol::RemotingCommand;

use super::pending_response::PendingResponse;
use super::spawned_request::SpawnedRequest;
use crate::channel::{RequestGuard, RpcChannel};
use crate::executor::{ExecutorPermit, PermitFuture};
use crate::hook::Hooks;
use crate::latency::Outcome;
use crate::processor::{Interceptors, Registration, RequestContext, RequestPipeline};
use crate::request::RequestInfo;

pub(super) struct HeldRequest {
    pub(super) registration: Arc<Registration>,
    pub(super) info: RequestInfo,
    pub(super) request: RemotingCommand,
    permit: PermitFuture,
    /// Keeps a closing channel alive until the request has been processed.
    guard: RequestGuard,
}

impl HeldRequest {
    pub(super) fn new(
        channel: &RpcChannel,
        registration: Arc<Registration>,
        info: RequestInfo,
        request: RemotingCommand,
        permit: PermitFuture,
    ) -> Self {
        Self { registration, info, request, permit, guard: channel.request_guard(&info) }
    }

    /// Returns whether the request runs although its caller has disconnected.
    pub(super) fn runs_to_end(&self) -> bool {
        self.registration.runs_to_end(self.info)
    }

    /// Drops the request, because its caller has disconnected.
    #[cold]
    pub(super) fn abandon(self) {
        let channel = self.guard.channel();
        channel.endpoint().request_log.abandoned(channel.channel(), self.info);
        self.info.latency.record(Outcome::Cancelled, None);
    }

    /// Waits for the permit and processes the request after its channel has closed.
    #[cold]
    pub(super) fn outlive_channel(
        self,
        hooks: Option<Arc<Hooks>>,
        pipeline: Option<Arc<dyn RequestPipeline>>,
    ) {
        let Self { registration, info, request, permit, guard } = self;
        let tasks = guard.channel().endpoint().tasks.clone();
        tasks.clone().spawn(async move {
            let permit = permit.await;
            let ctx = RequestContext::new(guard.channel().clone(), info);
            let interceptors = Interceptors { hooks, pipeline };
            let future = Arc::clone(&registration.processor).serve(ctx, interceptors, request);
            let executor = registration.executor.clone();
            let pending = PendingResponse { guard, permit, info };
            let request = SpawnedRequest::new(future, registration, pending);
            if let Err(error) = executor.execute(Box::pin(request.run()), &tasks) {
                tracing::error!("request lost: no thread for a blocking executor: {error}");
            }
        });
    }

    pub(super) fn poll_permit(&mut self, cx: &mut Context<'_>) -> Poll<ExecutorPermit> {
        self.permit.as_mut().poll(cx)
    }
}
