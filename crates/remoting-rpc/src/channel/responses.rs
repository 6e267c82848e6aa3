//! Sending responses to peers that may read slowly.

use remoting_transport::protocol::RemotingCommand;
use remoting_transport::{CloseInitiator, CloseReason, TrySendError};
use tokio::time::timeout;

use super::backlog::{WaitingChannel, WaitingResponse};
use super::{Inner, RpcChannel};
use crate::error::RpcError;

/// The approximate memory of a command without ext fields, remark and body, in bytes.
const BARE_COMMAND: usize = 256;

/// A response that waits for capacity in the queue of its channel.
pub(crate) struct HeldResponse {
    channel: RpcChannel,
    response: RemotingCommand,
    _waiting: WaitingResponse,
}

impl RpcChannel {
    /// Queues a response. If it waits too long for capacity, or too many bytes of responses wait, the channel
    /// is closed as too slow.
    pub(crate) async fn send_response(&self, response: RemotingCommand) -> Result<(), RpcError> {
        match self.inner.channel.try_send(response) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full { command, .. }) => self.hold_response(*command).send().await,
            Err(TrySendError::Closed { reason, .. }) => Err(self.closed_under_call(reason, false)),
            Err(error) => Err(RpcError::SendRequest {
                addr: self.peer_addr().clone(),
                cause: std::sync::Arc::new(error),
            }),
        }
    }

    /// Adds a response to those that wait for capacity. If too many bytes wait, the slowest channels are closed.
    pub(crate) fn hold_response(&self, response: RemotingCommand) -> HeldResponse {
        let bytes = BARE_COMMAND + response.content_len();
        let (waiting, evicted) = self.endpoint().backlog.add(self.id(), &self.inner, bytes);
        for (channel, reason) in evicted {
            channel.close_as_slow(reason);
        }
        HeldResponse { channel: self.clone(), response, _waiting: waiting }
    }
}

impl HeldResponse {
    /// Waits for capacity, and queues the response. If it waits too long, the channel is closed as too slow.
    pub(crate) async fn send(self) -> Result<(), RpcError> {
        let Self { channel, response, _waiting } = self;
        let Some(limit) = channel.endpoint().limits().response_wait else {
            return channel.send(response).await;
        };
        let sent = {
            // A responder may be used outside of a runtime.
            let _entered = channel.endpoint().tasks.runtime().enter();
            timeout(limit, channel.send(response))
        };
        match sent.await {
            Ok(sent) => sent,
            Err(_elapsed) => {
                let reason = format!(
                    "the peer reads too slowly: a response waited {limit:?} (max_response_wait) for capacity"
                );
                Err(channel.closed_under_call(channel.inner.close_as_slow(reason), false))
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
