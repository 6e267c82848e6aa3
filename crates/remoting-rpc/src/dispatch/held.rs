//! A request that waits for a permit of its executor, and holds up its channel meanwhile.

use std::sync::Arc;
use std::task::{Context, Poll};

use remoting_transport::protocol::RemotingCommand;

use crate::executor::{ExecutorPermit, PermitFuture};
use crate::processor::{Registration, RequestInfo};
use crate::rpc_channel::{RequestGuard, RpcChannel};

pub(super) struct HeldRequest {
    pub(super) registration: Arc<Registration>,
    pub(super) info: RequestInfo,
    pub(super) request: RemotingCommand,
    permit: PermitFuture,
    /// Keeps a closing channel until the request has been processed.
    _guard: RequestGuard,
}

impl HeldRequest {
    pub(super) fn new(
        channel: &RpcChannel,
        registration: Arc<Registration>,
        info: RequestInfo,
        request: RemotingCommand,
        permit: PermitFuture,
    ) -> Self {
        Self { registration, info, request, permit, _guard: channel.request_guard() }
    }

    /// Whether it is processed although nobody waits for the answer any more.
    pub(super) fn runs_to_end(&self) -> bool {
        self.info.is_oneway() || self.registration.processor.runs_to_end()
    }

    pub(super) fn poll_permit(&mut self, cx: &mut Context<'_>) -> Poll<ExecutorPermit> {
        self.permit.as_mut().poll(cx)
    }
}
