//! A call: hooks, then the channel, then, if the server goes away, a fresh channel.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::Shared;
use super::connect::ClientChannel;
use crate::budget::Budget;
use crate::error::{CallPhase, RpcError};
use crate::rpc_channel::hook_failed;
use crate::transport::protocol::{RemotingCommand, ResponseCode};
use crate::transport::{Address, CloseReason};

/// A wait for a response must have lasted this long, or a quarter of the time-out, to say something about the
/// channel (Java: `NettyRemotingClient.invokeSync`).
const TELLING_WAIT: Duration = Duration::from_millis(100);

const LOOKS_DEAD: CloseReason = CloseReason::local("it looks dead: no response came while a call timed out");

impl Shared {
    /// Java: `invokeSync`, `invokeAsync`. Commands are lent rather than moved from here on: a call is several futures
    /// in each other, and a move through all of them costs more than the rest of this file.
    pub(super) async fn invoke(
        self: &Arc<Self>,
        addr: &Address,
        request: &mut RemotingCommand,
        timeout: Duration,
    ) -> Result<RemotingCommand, RpcError> {
        let budget = Budget::start(timeout);
        let channel = self.channel(addr, budget.deadline(), &budget).await?;
        self.invoke_on(channel, addr, request, &budget).await
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
        let sent = channel.rpc.invoke_oneway_without_hooks(request.clone(), &budget).await;
        if !matches!(sent, Err(RpcError::ChannelClosed { .. })) {
            return sent;
        }
        self.connections.retire(addr, &channel);
        let fresh = self.channel(addr, budget.deadline(), &budget).await?;
        fresh.rpc.invoke_oneway_without_hooks(request, &budget).await
    }

    /// A call on a channel that is there: before-hooks, the exchange, after-hooks. The hooks run once, however many
    /// channels it takes.
    pub(super) async fn invoke_on(
        self: &Arc<Self>,
        channel: Arc<ClientChannel>,
        addr: &Address,
        request: &mut RemotingCommand,
        budget: &Budget,
    ) -> Result<RemotingCommand, RpcError> {
        let Some(hooks) = self.endpoint.hooks.snapshot() else {
            return self.exchange(channel, addr, request, budget).await;
        };
        let peer = channel.rpc.peer_addr().clone();
        hooks.before(&peer, request).map_err(|error| hook_failed(&peer, error, false))?;
        let mut response = self.exchange(channel, addr, request, budget).await?;
        hooks.after(&peer, request, Some(&mut response)).map_err(|error| hook_failed(&peer, error, true))?;
        Ok(response)
    }

    /// The exchange of a request for a response, moved to a fresh channel at most once.
    async fn exchange(
        self: &Arc<Self>,
        channel: Arc<ClientChannel>,
        addr: &Address,
        request: &RemotingCommand,
        budget: &Budget,
    ) -> Result<RemotingCommand, RpcError> {
        match self.exchange_on(&channel, addr, request, budget).await {
            Ok(response)
                if response.code() == ResponseCode::GO_AWAY.0 && self.config.reconnect_for_go_away =>
            {
                tracing::debug!(channel = %channel.rpc.channel(), "the server goes away, its calls move");
                self.retire(addr, channel);
            }
            // It died, or had gone away, between the look into the table and the call.
            Err(RpcError::ChannelClosed { may_have_been_sent: false, .. }) => drop(channel),
            ended => return ended,
        }
        Box::pin(self.exchange_again(addr, request, budget)).await
    }

    /// The same on a fresh channel.
    async fn exchange_again(
        self: &Arc<Self>,
        addr: &Address,
        request: &RemotingCommand,
        budget: &Budget,
    ) -> Result<RemotingCommand, RpcError> {
        let fresh = self.channel(addr, budget.deadline(), budget).await?;
        let response = self.exchange_on(&fresh, addr, request, budget).await?;
        if response.code() == ResponseCode::GO_AWAY.0 && self.config.reconnect_for_go_away {
            return Err(RpcError::GoAway { addr: addr.clone(), twice: true });
        }
        Ok(response)
    }

    async fn exchange_on(
        &self,
        channel: &Arc<ClientChannel>,
        addr: &Address,
        request: &RemotingCommand,
        budget: &Budget,
    ) -> Result<RemotingCommand, RpcError> {
        let began = self.config.close_dead_channel_on_timeout.then(|| (Instant::now(), channel.answered()));
        let result = channel.rpc.invoke_without_hooks(request.clone(), budget).await;
        match &result {
            Ok(_) if began.is_some() => channel.count_answer(),
            // A channel that is closing refuses calls before it is closed.
            Err(RpcError::ChannelClosed { .. }) => {
                self.connections.retire(addr, channel);
            }
            Err(RpcError::Timeout { phase: CallPhase::Response, .. })
                if began.is_some_and(|(began, answered)| {
                    channel.answered() == answered && began.elapsed() > TELLING_WAIT.min(budget.timeout() / 4)
                }) =>
            {
                self.connections.retire(addr, channel);
                channel.rpc.close(LOOKS_DEAD);
            }
            Ok(_) | Err(_) => {}
        }
        result
    }
}
