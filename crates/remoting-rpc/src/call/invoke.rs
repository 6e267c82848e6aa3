use std::future::{Future, poll_fn};
use std::time::Duration;

use remoting_transport::protocol::RemotingCommand;

use super::budget::Budget;
use super::hooks::CallHooks;
use super::machine::{Call, take};
use crate::channel::RpcChannel;
use crate::error::{CallKind, CallPhase, RpcError};
use crate::permit::NoPermit;

impl RpcChannel {
    /// Sends a request and waits for its response. Awaited, it is Java's `invokeSync`; spawned or joined,
    /// `invokeAsync`. The call and its time-out start when the future is first polled.
    ///
    /// `timeout` is one budget for a permit, for capacity in the outbound queue and for the response. With a
    /// `timeout` of zero the call waits neither for a permit nor for capacity.
    ///
    /// # Errors
    ///
    /// Returns [`RpcError::Timeout`] (with the phase in which the time ran out), [`RpcError::NoPermit`],
    /// [`RpcError::ChannelClosed`], [`RpcError::Encode`], [`RpcError::Hook`] or [`RpcError::ShutDown`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future abandons the call and frees all its resources at once. The request may have been
    /// sent; its response is dropped.
    ///
    /// # Panics
    ///
    /// The future panics if it waits for a permit or for capacity outside a tokio runtime.
    pub fn invoke(
        &self,
        mut request: RemotingCommand,
        timeout: Duration,
    ) -> impl Future<Output = Result<RemotingCommand, RpcError>> + Send + use<> {
        let channel = self.clone();
        async move {
            if channel.endpoint().hooks.is_empty() {
                return channel.exchange(Budget::new(timeout), || take(&mut request)).await;
            }
            let budget = Budget::start(timeout);
            let mut hooks = CallHooks::before(&channel.endpoint().hooks, channel.peer_addr(), &mut request)?;
            let mut response = channel.exchange(budget, || request.clone()).await?;
            hooks.after(channel.peer_addr(), &request, &mut response)?;
            Ok(response)
        }
    }

    /// Sends the request and waits for its response. `request` is called once, when the request can be
    /// queued.
    async fn exchange(
        &self,
        budget: Budget,
        mut request: impl FnMut() -> RemotingCommand,
    ) -> Result<RemotingCommand, RpcError> {
        let mut call = Call::new(self, budget);
        poll_fn(|cx| call.poll(cx, &mut request)).await
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
