//! A channel as a service of tower, and the future of such a call.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use remoting_transport::protocol::{RemotingCommand, ResponseCode};
use tower::Service;

use super::{Budget, Call, CallHooks, Callee, Readiness, ReservedPermit};
use crate::channel::{EndpointState, RpcChannel};
use crate::error::RpcError;

/// A [`Service`] that calls the peer of one connection. Created by [`RpcChannel::into_service`].
///
/// A server calls its clients with it. It does not connect: once the channel has closed, `poll_ready` and calls
/// return [`RpcError::ChannelClosed`], and the service is of no more use. Otherwise it behaves like a
/// [`TargetService`](crate::tower::TargetService): readiness, one-way requests, clones and cancellation.
pub struct ChannelService {
    callee: RpcChannel,
    timeout: Duration,
    readiness: Readiness,
}

impl RpcChannel {
    /// Returns a service of tower that calls the peer over this channel. `timeout` is the time-out of each call.
    #[must_use]
    pub const fn into_service(self, timeout: Duration) -> ChannelService {
        ChannelService { callee: self, timeout, readiness: Readiness::Unknown }
    }
}

impl Callee for RpcChannel {
    fn endpoint(&self) -> &Arc<EndpointState> {
        self.endpoint()
    }

    fn channel(&self) -> Result<Option<RpcChannel>, RpcError> {
        if self.endpoint().refuses_calls() {
            return Err(self.refused());
        }
        match self.table().close_reason() {
            Some(reason) => Err(self.closed_under_call(reason, false)),
            None => Ok(Some(self.clone())),
        }
    }

    fn refused(&self) -> RpcError {
        RpcError::ShutDown { addr: self.peer_addr().clone() }
    }
}

/// Sends the request over the channel and waits for its response.
async fn invoke(
    channel: RpcChannel,
    mut request: RemotingCommand,
    timeout: Duration,
    permit: Option<ReservedPermit>,
) -> Result<RemotingCommand, RpcError> {
    let Some(permit) = permit else { return channel.invoke(request, timeout).await };
    Callee::channel(&channel)?;
    let (budget, peer) = (Budget::start(timeout), channel.peer_addr());
    let mut hooks = CallHooks::before(&channel.endpoint().hooks, peer, &mut request)?;
    let mut call = Call::with_permit(&channel, budget, permit);
    let mut response = poll_fn(|cx| call.poll(cx, || request.clone())).await?;
    hooks.after(peer, &request, &mut response)?;
    Ok(response)
}

impl Service<RemotingCommand> for ChannelService {
    type Response = RemotingCommand;
    type Error = RpcError;
    type Future = CallFuture;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), RpcError>> {
        self.readiness.poll(&self.callee, cx)
    }

    fn call(&mut self, request: RemotingCommand) -> CallFuture {
        let (channel, timeout, permit) = (self.callee.clone(), self.timeout, self.readiness.take());
        if request.is_oneway() {
            return CallFuture::oneway(async move { channel.invoke_oneway(request, timeout).await });
        }
        CallFuture::new(invoke(channel, request, timeout, permit))
    }
}

/// The clone has no reservation.
impl Clone for ChannelService {
    fn clone(&self) -> Self {
        self.callee.clone().into_service(self.timeout)
    }
}

impl fmt::Debug for ChannelService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChannelService")
            .field("channel", &self.callee)
            .field("timeout", &self.timeout)
            .field("readiness", &self.readiness)
            .finish()
    }
}

/// The call of a service: the future of a [`TargetService`](crate::tower::TargetService) or [`ChannelService`].
///
/// The call and its time-out start when it is first polled. Dropping it abandons the call and frees all its
/// resources at once, the reserved permit included. The request may have been sent; its response is dropped.
///
/// # Panics
///
/// Panics if polled after completion, or outside a tokio runtime.
#[must_use = "a call does nothing until it is awaited"]
pub struct CallFuture(Pin<Box<dyn Future<Output = Result<RemotingCommand, RpcError>> + Send>>);

impl CallFuture {
    pub(crate) fn new(
        call: impl Future<Output = Result<RemotingCommand, RpcError>> + Send + 'static,
    ) -> Self {
        Self(Box::pin(call))
    }

    /// A call that returns an empty response once its one-way request is queued.
    pub(crate) fn oneway(call: impl Future<Output = Result<(), RpcError>> + Send + 'static) -> Self {
        Self::new(async move { call.await.map(|()| RemotingCommand::response(ResponseCode::SUCCESS)) })
    }
}

impl Future for CallFuture {
    type Output = Result<RemotingCommand, RpcError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(cx)
    }
}

impl fmt::Debug for CallFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallFuture(..)")
    }
}
