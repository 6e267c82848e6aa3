//! A call: the channel, then hooks, then, if the server goes away, a fresh channel.

use std::sync::Arc;
use std::time::Duration;

use super::connect::ClientChannel;
use super::invoke::{Invoke, Next, Silence};
use super::shared::Shared;
use crate::budget::Budget;
use crate::error::{CallPhase, RpcError};
use crate::rpc_channel::{Call, hook_failed};
use crate::transport::protocol::{RemotingCommand, ResponseCode};
use crate::transport::{Address, CloseReason};

/// A wait for a response must have lasted this long, or a quarter of the time-out, to say something about the
/// channel (Java: `NettyRemotingClient.invokeSync`).
const TELLING_WAIT: Duration = Duration::from_millis(100);

const LOOKS_DEAD: CloseReason = CloseReason::local("it looks dead: no response came while a call timed out");

impl Shared {
    /// A call that finds no open channel, or whose request and response hooks want to see.
    pub(super) async fn invoke_slowly(
        self: &Arc<Self>,
        addr: Address,
        request: RemotingCommand,
        budget: Budget,
    ) -> Result<RemotingCommand, RpcError> {
        let channel = self.channel(&addr, budget.deadline(), &budget).await?;
        self.invoke_on(channel, request, budget).await
    }

    /// Java: `invokeOneway`.
    pub(super) async fn invoke_oneway(
        self: &Arc<Self>,
        addr: &Address,
        mut request: RemotingCommand,
        timeout: Duration,
    ) -> Result<(), RpcError> {
        let budget = Budget::start(timeout);
        let channel = self.channel(addr, budget.deadline(), &budget).await?;
        let peer = channel.rpc.peer_addr();
        if let Some(hooks) = self.endpoint.hooks.snapshot() {
            hooks.before(peer, &mut request).map_err(|error| hook_failed(peer, error, false))?;
        }
        match channel.rpc.invoke_oneway_without_hooks(request.clone(), &budget).await {
            Err(RpcError::ChannelClosed { .. }) => {}
            sent => return sent,
        }
        self.connections.retire(addr, &channel);
        Box::pin(self.oneway_again(addr, request, &budget)).await
    }

    /// A one-way call whose first channel went away.
    async fn oneway_again(
        self: &Arc<Self>,
        addr: &Address,
        request: RemotingCommand,
        budget: &Budget,
    ) -> Result<(), RpcError> {
        let fresh = self.channel(addr, budget.deadline(), budget).await?;
        fresh.rpc.invoke_oneway_without_hooks(request, budget).await
    }

    /// A call on a channel that is there: before-hooks, the exchange, after-hooks. The hooks run once, however many
    /// channels it takes.
    pub(super) async fn invoke_on(
        self: &Arc<Self>,
        channel: Arc<ClientChannel>,
        mut request: RemotingCommand,
        budget: Budget,
    ) -> Result<RemotingCommand, RpcError> {
        let Some(hooks) = self.endpoint.hooks.snapshot() else {
            return Invoke::on(self, channel, request, budget, false).await;
        };
        let peer = channel.rpc.peer_addr().clone();
        hooks.before(&peer, &mut request).map_err(|error| hook_failed(&peer, error, false))?;
        let mut exchange = Invoke::on(self, channel, request, budget, false);
        let mut response = (&mut exchange).await?;
        let after = hooks.after(&peer, exchange.request(), Some(&mut response));
        after.map_err(|error| hook_failed(&peer, error, true))?;
        Ok(response)
    }

    /// The exchange of a call whose first channel went away.
    pub(super) async fn exchange_again(
        self: &Arc<Self>,
        addr: Address,
        request: RemotingCommand,
        budget: Budget,
    ) -> Result<RemotingCommand, RpcError> {
        let fresh = self.channel(&addr, budget.deadline(), &budget).await?;
        Invoke::on(self, fresh, request, budget, true).await
    }

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
