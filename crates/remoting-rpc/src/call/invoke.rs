use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use remoting_transport::TrySendError;
use remoting_transport::protocol::RemotingCommand;
use tokio::time::timeout_at;

use super::Budget;
use super::hooks::{after_call, before_call};
use super::machine::{Call, take};
use crate::channel::RpcChannel;
use crate::error::{CallKind, CallPhase, RpcError};
use crate::extensions::Extensions;
use crate::permit::{NoPermit, Permit};

impl RpcChannel {
    /// Sends a request and waits for its response. Awaited, it is Java's `invokeSync`; spawned or joined, `invokeAsync`.
    /// Nothing happens, and the time-out does not run, before the future is polled.
    ///
    /// `timeout` is one budget for everything: waiting for a permit, for room in the outbound queue, and for the
    /// response. With a `timeout` of zero the call waits neither for a permit nor for room.
    ///
    /// # Errors
    ///
    /// [`RpcError::Timeout`] (its phase says what took the time), [`RpcError::NoPermit`],
    /// [`RpcError::ChannelClosed`], [`RpcError::Encode`], [`RpcError::Hook`], [`RpcError::ShutDown`].
    ///
    /// # Cancellation
    ///
    /// Dropping the future gives the call up and frees all it holds at once. The request may have been sent; its
    /// response will be dropped.
    pub fn invoke(
        &self,
        mut request: RemotingCommand,
        timeout: Duration,
    ) -> impl Future<Output = Result<RemotingCommand, RpcError>> + Send + use<> {
        let channel = self.clone();
        async move {
            let Some(hooks) = channel.endpoint().hooks.snapshot() else {
                return channel.invoke_without_hooks(request, Budget::new(timeout)).await;
            };
            let budget = Budget::start(timeout);
            let mut extensions = Extensions::new();
            before_call(&hooks, channel.peer_addr(), &mut extensions, &mut request)?;
            let mut response = channel.invoke_without_hooks(request.clone(), budget).await?;
            after_call(&hooks, channel.peer_addr(), &mut extensions, &request, &mut response)?;
            Ok(response)
        }
    }

    /// Sends a request that is not answered: returns when it is queued. Java: `invokeOneway`, which on a client
    /// loses the request without a word when the connection cannot be made.
    ///
    /// # Errors
    ///
    /// As for [`invoke`](Self::invoke).
    ///
    /// # Cancellation
    ///
    /// Dropping the future before it is ready sends nothing.
    pub async fn invoke_oneway(
        &self,
        mut request: RemotingCommand,
        timeout: Duration,
    ) -> Result<(), RpcError> {
        let budget = Budget::start(timeout);
        if let Some(hooks) = self.endpoint().hooks.snapshot() {
            before_call(&hooks, self.peer_addr(), &mut Extensions::new(), &mut request)?;
        }
        self.invoke_oneway_without_hooks(request, &budget, &mut false).await
    }

    /// Java: `invokeOnewayImpl`. Tells whether it had to wait for room.
    pub(crate) async fn invoke_oneway_without_hooks(
        &self,
        mut request: RemotingCommand,
        budget: &Budget,
        waited_for_capacity: &mut bool,
    ) -> Result<(), RpcError> {
        request.mark_oneway();
        if self.endpoint().refuses_calls() {
            return Err(RpcError::ShutDown { addr: self.peer_addr().clone() });
        }
        // Either wait is in a box, so that not every call carries the size of what few do.
        let _permit = match self.endpoint().permits.try_acquire(CallKind::Oneway) {
            Some(permit) => permit,
            None => Box::pin(self.wait_for_oneway_permit(budget)).await?,
        };
        // A channel that is closing would take the request, and might lose it.
        if let Some(reason) = self.table().close_reason() {
            return Err(self.closed_under_call(reason, false));
        }
        let request = match self.channel().try_send(request) {
            Ok(()) => return Ok(()),
            Err(TrySendError::Full { command, .. }) => command,
            Err(TrySendError::Closed { reason, .. }) => return Err(self.closed_under_call(reason, false)),
            Err(other) => {
                return Err(RpcError::SendRequest { addr: self.peer_addr().clone(), cause: Arc::new(other) });
            }
        };
        *waited_for_capacity = true;
        Box::pin(self.wait_for_room(*request, budget)).await
    }

    /// A caller that repeats a request does not run its hooks again.
    async fn invoke_without_hooks(
        &self,
        mut request: RemotingCommand,
        budget: Budget,
    ) -> Result<RemotingCommand, RpcError> {
        let mut call = Call::new(self, budget);
        poll_fn(|cx| call.poll(cx, || take(&mut request))).await
    }

    async fn wait_for_oneway_permit(&self, budget: &Budget) -> Result<Permit<'_>, RpcError> {
        let (permits, kind) = (&self.endpoint().permits, CallKind::Oneway);
        let permit = permits.acquire(kind, budget.deadline_if_any()).await;
        permit.map_err(|no_permit| self.no_permit(no_permit, kind, budget))
    }

    async fn wait_for_room(&self, request: RemotingCommand, budget: &Budget) -> Result<(), RpcError> {
        let mut closed = pin!(self.table().closed());
        tokio::select! {
            biased;
            reason = &mut closed => Err(self.closed_under_call(reason, false)),
            sent = timeout_at(budget.deadline(), self.send(request)) => {
                sent.unwrap_or_else(|_elapsed| Err(self.timed_out(CallPhase::Send, budget)))
            }
        }
    }

    pub(super) fn no_permit(&self, no_permit: NoPermit, kind: CallKind, budget: &Budget) -> RpcError {
        let limit = self.endpoint().permits.limit(kind);
        match no_permit {
            NoPermit::NoTime => RpcError::NoPermit { addr: self.peer_addr().clone(), kind, limit },
            NoPermit::Timeout => self.timed_out(CallPhase::Permit { kind, limit }, budget),
        }
    }

    pub(super) fn timed_out(&self, phase: CallPhase, budget: &Budget) -> RpcError {
        RpcError::Timeout { addr: self.peer_addr().clone(), phase, timeout: budget.timeout() }
    }
}
