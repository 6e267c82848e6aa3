//! What the end of an exchange means for the call and for its channel.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::connect::ClientChannel;
use super::shared::Shared;
use crate::error::{CallPhase, RpcError};
use crate::rpc_channel::Call;
use crate::transport::CloseReason;
use crate::transport::protocol::{RemotingCommand, ResponseCode};

/// A wait for a response must have lasted this long, or a quarter of the time-out, to say something about the
/// channel (Java: `NettyRemotingClient.invokeSync`).
const TELLING_WAIT: Duration = Duration::from_millis(100);

const LOOKS_DEAD: CloseReason = CloseReason::local("it looks dead: no response came while a call timed out");

/// What tells whether a channel was silent while a call waited for its response.
#[derive(Debug, Clone, Copy)]
pub(super) enum Silence {
    /// Nobody asks.
    Unwatched,
    /// To be watched for once the request is queued: a wait for a permit or for room says nothing.
    Unbegun,
    /// The request was queued at `since`, when so many calls on the channel had got a response.
    Since { since: Instant, answered: u64 },
}

impl Silence {
    /// Looks at the clock if the request of `call` has been queued.
    #[cold]
    pub(super) fn begin(&mut self, call: &Call<Arc<ClientChannel>>) {
        if call.is_queued() {
            *self = Self::Since { since: Instant::now(), answered: call.channel().answered() };
        }
    }
}

/// What a call does when an exchange is over.
pub(super) enum Next {
    Return,
    /// The peer has not processed the request: once more, on a fresh channel.
    Again,
}

impl Shared {
    /// What the end of an exchange means for the call and for its channel.
    #[inline]
    pub(super) fn settle(
        self: &Arc<Self>,
        call: &Call<Arc<ClientChannel>>,
        moved: bool,
        silence: Silence,
        result: &mut Result<RemotingCommand, RpcError>,
    ) -> Next {
        match result {
            Ok(response) => {
                if !matches!(silence, Silence::Unwatched) {
                    call.channel().count_answer();
                }
                if response.code() == ResponseCode::GO_AWAY.0 && self.config.reconnect_for_go_away {
                    return self.gone_away(call.channel(), moved, result);
                }
                Next::Return
            }
            Err(error) => self.failed(call, moved, silence, error),
        }
    }

    #[cold]
    fn gone_away(
        self: &Arc<Self>,
        channel: &Arc<ClientChannel>,
        moved: bool,
        result: &mut Result<RemotingCommand, RpcError>,
    ) -> Next {
        if moved {
            *result = Err(RpcError::GoAway { addr: channel.addr.clone(), twice: true });
            return Next::Return;
        }
        tracing::debug!(channel = %channel.rpc.channel(), "the server goes away, its calls move");
        self.retire(channel);
        Next::Again
    }

    #[cold]
    fn failed(
        &self,
        call: &Call<Arc<ClientChannel>>,
        moved: bool,
        silence: Silence,
        error: &RpcError,
    ) -> Next {
        let channel = call.channel();
        match error {
            // A channel that is closing refuses calls before it is closed.
            RpcError::ChannelClosed { may_have_been_sent, .. } => {
                self.connections.retire(&channel.addr, channel);
                // It died, or had gone away, between the look into the table and the call.
                if !may_have_been_sent && !moved {
                    return Next::Again;
                }
            }
            RpcError::Timeout { phase: CallPhase::Response, timeout, .. } => {
                if let Silence::Since { since, answered } = silence
                    && channel.answered() == answered
                    && since.elapsed() > TELLING_WAIT.min(*timeout / 4)
                {
                    self.connections.retire(&channel.addr, channel);
                    channel.rpc.close(LOOKS_DEAD);
                }
            }
            _ => {}
        }
        Next::Return
    }
}
