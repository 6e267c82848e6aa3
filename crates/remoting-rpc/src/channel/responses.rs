//! Sending responses to peers that may read slowly.

use remoting_transport::protocol::RemotingCommand;
use remoting_transport::{CloseInitiator, CloseReason, TrySendError};
use tokio::time::timeout;

use super::backlog::WaitingChannel;
use super::{Inner, RpcChannel};
use crate::error::RpcError;

/// The approximate memory of a command without ext fields, remark and body, in bytes.
const BARE_COMMAND: usize = 256;

impl RpcChannel {
    /// Queues a response. If it waits too long for capacity, or too many bytes of responses wait, the channel
    /// is closed as too slow.
    pub(crate) async fn send_response(&self, response: RemotingCommand) -> Result<(), RpcError> {
        match self.inner.channel.try_send(response) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full { command, .. }) => self.wait_to_send(*command).await,
            Err(TrySendError::Closed { reason, .. }) => Err(self.closed_under_call(reason, false)),
            Err(error) => Err(RpcError::SendRequest {
                addr: self.peer_addr().clone(),
                cause: std::sync::Arc::new(error),
            }),
        }
    }

    async fn wait_to_send(&self, response: RemotingCommand) -> Result<(), RpcError> {
        let endpoint = self.endpoint();
        let bytes = BARE_COMMAND + response.content_len();
        let (_waiting, evicted) = endpoint.backlog.add(self.id(), &self.inner, bytes);
        if let Some((channel, reason)) = evicted {
            channel.close_as_slow(reason);
        }
        let Some(limit) = endpoint.limits().response_wait else { return self.send(response).await };
        match timeout(limit, self.send(response)).await {
            Ok(sent) => sent,
            Err(_elapsed) => {
                let reason = format!("the peer reads too slowly: a response waited {limit:?} for capacity");
                Err(self.closed_under_call(self.inner.close_as_slow(reason), false))
            }
        }
    }
}

impl WaitingChannel for Inner {
    /// Closes the channel without writing its queue, which the peer does not read. Returns the reason.
    #[cold]
    fn close_as_slow(&self, why: String) -> CloseReason {
        if self.requests.mark_slow() {
            self.endpoint.request_log.too_slow(&self.channel, &why);
        }
        let reason = CloseReason::new(CloseInitiator::Local, why);
        self.table.close(&reason);
        self.channel.abort(reason.clone());
        reason
    }
}
