//! The detours of a call: connecting, hooks, and a fresh channel if the first one went away. And one-way calls, which
//! are rare enough to be nothing else.

use std::sync::Arc;
use std::time::Duration;

use super::invoke::CallByAddress;
use super::settle::{Attempt, may_move};
use crate::call::Budget;
use crate::call::{after_call, before_call};
use crate::client::connect::ClientChannel;
use crate::client::shared::Shared;
use crate::error::RpcError;
use crate::extensions::Extensions;
use crate::transport::Address;
use crate::transport::protocol::RemotingCommand;

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
    pub(in crate::client) async fn invoke_oneway(
        self: &Arc<Self>,
        addr: &Address,
        mut request: RemotingCommand,
        timeout: Duration,
    ) -> Result<(), RpcError> {
        let budget = Budget::start(timeout);
        let channel = self.channel(addr, budget.deadline(), &budget).await?;
        let peer = channel.rpc.peer_addr();
        if let Some(hooks) = self.endpoint.state.hooks.snapshot() {
            before_call(&hooks, peer, &mut Extensions::new(), &mut request)?;
        }
        let mut waited = false;
        match channel.rpc.invoke_oneway_without_hooks(request.clone(), &budget, &mut waited).await {
            Err(RpcError::ChannelClosed { reason, .. }) if may_move(&reason, waited) => {
                self.closed(&channel, &reason);
            }
            sent => return sent,
        }
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
        fresh.rpc.invoke_oneway_without_hooks(request, budget, &mut false).await
    }

    /// A call on a channel that is there: before-hooks, the exchange, after-hooks. The hooks run once, however many
    /// channels it takes.
    pub(super) async fn invoke_on(
        self: &Arc<Self>,
        channel: Arc<ClientChannel>,
        mut request: RemotingCommand,
        budget: Budget,
    ) -> Result<RemotingCommand, RpcError> {
        let Some(hooks) = self.endpoint.state.hooks.snapshot() else {
            return CallByAddress::on(self, channel, request, budget, Attempt::First).await;
        };
        let peer = channel.rpc.peer_addr().clone();
        let mut extensions = Extensions::new();
        before_call(&hooks, &peer, &mut extensions, &mut request)?;
        let mut exchange = CallByAddress::on(self, channel, request, budget, Attempt::First);
        let mut response = (&mut exchange).await?;
        after_call(&hooks, &peer, &mut extensions, exchange.request(), &mut response)?;
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
        CallByAddress::on(self, fresh, request, budget, Attempt::Moved).await
    }
}
