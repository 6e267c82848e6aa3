use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use remoting_transport::TrySendError;
use remoting_transport::protocol::RemotingCommand;
use tokio::time::timeout_at;

use super::budget::Budget;
use super::hooks::CallHooks;
use crate::channel::RpcChannel;
use crate::error::{CallKind, CallPhase, RpcError};
use crate::permit::Permit;

impl RpcChannel {
    /// Sends a one-way request, which has no response. Returns when the request is queued. Java:
    /// `invokeOneway`, which on a client silently drops the request if the connection cannot be made.
    ///
    /// # Errors
    ///
    /// Returns an [`RpcError`] as [`invoke`](Self::invoke) does.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future before it is ready sends nothing.
    ///
    /// # Panics
    ///
    /// Panics if it waits for a permit or for capacity outside a tokio runtime.
    pub async fn invoke_oneway(
        &self,
        mut request: RemotingCommand,
        timeout: Duration,
    ) -> Result<(), RpcError> {
        let budget = Budget::start(timeout);
        CallHooks::before(&self.endpoint().hooks, self.peer_addr(), &mut request)?;
        self.send_oneway(request, &budget, &mut false).await
    }

    /// Queues a one-way request. Sets `waited_for_capacity` if it had to wait for capacity. Java:
    /// `invokeOnewayImpl`.
    pub(crate) async fn send_oneway(
        &self,
        mut request: RemotingCommand,
        budget: &Budget,
        waited_for_capacity: &mut bool,
    ) -> Result<(), RpcError> {
        request.mark_oneway();
        if self.endpoint().refuses_calls() {
            return Err(RpcError::ShutDown { addr: self.peer_addr().clone() });
        }
        // The waits are boxed, so that calls without a wait do not carry their size.
        let _permit = match self.endpoint().permits.try_acquire(CallKind::Oneway) {
            Some(permit) => permit,
            None => Box::pin(self.wait_for_oneway_permit(budget)).await?,
        };
        // A closing channel would take the request, and might lose it.
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
        Box::pin(self.wait_for_capacity(*request, budget)).await
    }

    async fn wait_for_oneway_permit(&self, budget: &Budget) -> Result<Permit<'_>, RpcError> {
        let (permits, kind) = (&self.endpoint().permits, CallKind::Oneway);
        let permit = permits.acquire(kind, budget.deadline_if_any()).await;
        permit.map_err(|no_permit| self.no_permit(no_permit, kind, budget))
    }

    async fn wait_for_capacity(&self, request: RemotingCommand, budget: &Budget) -> Result<(), RpcError> {
        let mut closed = pin!(self.table().closed());
        tokio::select! {
            biased;
            reason = &mut closed => Err(self.closed_under_call(reason, false)),
            sent = timeout_at(budget.deadline(), self.send(request)) => {
                sent.unwrap_or_else(|_elapsed| Err(self.timed_out(CallPhase::Send, budget)))
            }
        }
    }
}
