//! The consequences of the end of an attempt, for the call and for its channel.

use std::sync::Arc;

use tokio::time::Instant;

use crate::call::Call;
use crate::client::connect::{ClientChannel, ended_by_peer};
use crate::client::drain::{Retired, ended_draining};
use crate::client::shared::Shared;
use crate::error::RpcError;
use crate::transport::protocol::{RemotingCommand, ResponseCode};
use crate::transport::{CloseInitiator, CloseReason};

/// The attempt of a call. Each attempt uses one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::client) enum Attempt {
    /// The first one.
    First,
    /// The first one with this server. If the server goes away, the call tries another server.
    FirstOfMany,
    /// The second one, on a fresh channel.
    Moved,
}

/// The next step of a call after an attempt.
pub(super) enum Next {
    Return,
    /// Repeat the request on a fresh channel: the peer has not processed it.
    Again,
}

impl Shared {
    /// Decides what the end of an attempt means for the call and for its channel.
    #[inline]
    pub(super) fn settle(
        self: &Arc<Self>,
        call: &Call<Arc<ClientChannel>>,
        attempt: Attempt,
        result: &mut Result<RemotingCommand, RpcError>,
    ) -> Next {
        match result {
            Ok(response) => {
                if response.code() == ResponseCode::GO_AWAY.0 && self.config.reconnect_for_go_away {
                    return self.gone_away(call.channel(), attempt, result);
                }
                Next::Return
            }
            Err(error) => self.failed(call, attempt, error),
        }
    }

    #[cold]
    fn gone_away(
        self: &Arc<Self>,
        channel: &Arc<ClientChannel>,
        attempt: Attempt,
        result: &mut Result<RemotingCommand, RpcError>,
    ) -> Next {
        if attempt == Attempt::Moved {
            *result = Err(RpcError::GoAway { addr: channel.addr.clone(), twice: true });
            return Next::Return;
        }
        tracing::debug!(channel = %channel.rpc.channel(), "the server goes away, its calls move to a fresh channel");
        self.retire(channel, Retired::GoneAway);
        if attempt == Attempt::FirstOfMany {
            *result = Err(RpcError::GoAway { addr: channel.addr.clone(), twice: false });
            return Next::Return;
        }
        Next::Again
    }

    #[cold]
    fn failed(self: &Arc<Self>, call: &Call<Arc<ClientChannel>>, attempt: Attempt, error: &RpcError) -> Next {
        let channel = call.channel();
        match error {
            // A closing channel rejects calls before it is closed.
            RpcError::ChannelClosed { may_have_been_sent, reason, .. } => {
                self.closed(channel, reason);
                if !may_have_been_sent && attempt != Attempt::Moved && may_move(reason, call.was_pending()) {
                    return Next::Again;
                }
            }
            RpcError::Timeout { .. }
                if call.peer_was_unresponsive() && self.config.retire_silent_channel_on_timeout =>
            {
                tracing::debug!(channel = %channel.rpc.channel(), "no data arrived while a call timed out");
                self.retire(channel, Retired::Unresponsive);
            }
            _ => {}
        }
        Next::Return
    }

    /// Retires a channel that a call found closed, perhaps before the channel's own task has ended.
    pub(in crate::client) fn closed(&self, channel: &Arc<ClientChannel>, reason: &CloseReason) {
        let failure = ended_by_peer(reason).map(|cause| (Instant::now(), cause));
        self.connections.retire(&channel.addr, channel, failure);
    }
}

/// Returns whether a call moves to a fresh channel after its channel closed before the request was written. A
/// call that was pending there fails with all others if this side closed the channel, as
/// [`close_channels`](super::RemotingClient::close_channels) documents.
pub(super) fn may_move(reason: &CloseReason, was_pending: bool) -> bool {
    !was_pending || reason.by() != CloseInitiator::Local || ended_draining(reason)
}
