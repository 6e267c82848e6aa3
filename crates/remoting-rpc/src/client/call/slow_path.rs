//! Calls that connect, or that move to a fresh channel. Also one-way calls, which are too rare for a fast path.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use super::settle::{Attempt, Next, may_move};
use crate::call::{Budget, Call, CallHooks};
use crate::client::connect::ClientChannel;
use crate::client::shared::Shared;
use crate::error::RpcError;
use crate::transport::Address;
use crate::transport::protocol::RemotingCommand;

impl Shared {
    /// Runs a whole call: channel, before-hooks, request and response, after-hooks. `begin` creates the
    /// call on a channel.
    pub(in crate::client) async fn invoke_slowly(
        self: &Arc<Self>,
        addr: Address,
        mut request: RemotingCommand,
        budget: Budget,
        begin: impl FnMut(Arc<ClientChannel>, Budget) -> Call<Arc<ClientChannel>> + Send,
    ) -> Result<RemotingCommand, RpcError> {
        let channel = self.channel(&addr, budget.deadline(), &budget).await?;
        let peer = channel.rpc.peer_addr().clone();
        let mut hooks = CallHooks::before(&self.endpoint.state.hooks, &peer, &mut request)?;
        let mut response = self.exchange(channel, &request, budget, Attempt::First, begin).await?;
        hooks.after(&peer, &request, &mut response)?;
        Ok(response)
    }

    /// Continues a call whose first channel went away.
    pub(super) async fn invoke_again(
        self: &Arc<Self>,
        addr: Address,
        request: &RemotingCommand,
        budget: Budget,
    ) -> Result<RemotingCommand, RpcError> {
        let fresh = self.channel(&addr, budget.deadline(), &budget).await?;
        self.exchange(fresh, request, budget, Attempt::Moved, Call::new).await
    }

    /// Sends a request on `channel` and waits for its response. If the channel goes away, repeats the request
    /// once on a fresh channel. `begin` creates the call on a channel.
    pub(in crate::client) async fn exchange(
        self: &Arc<Self>,
        mut channel: Arc<ClientChannel>,
        request: &RemotingCommand,
        mut budget: Budget,
        mut attempt: Attempt,
        mut begin: impl FnMut(Arc<ClientChannel>, Budget) -> Call<Arc<ClientChannel>> + Send,
    ) -> Result<RemotingCommand, RpcError> {
        loop {
            let mut call = begin(channel, budget);
            let mut result = poll_fn(|cx| call.poll(cx, || request.clone())).await;
            if let Next::Return = self.settle(&call, attempt, &mut result) {
                return result;
            }
            let addr = call.channel().addr.clone();
            budget = call.budget().running();
            drop(call);
            channel = self.channel(&addr, budget.deadline(), &budget).await?;
            attempt = Attempt::Moved;
        }
    }

    /// Sends a one-way request. Java: `invokeOneway`.
    pub(in crate::client) async fn invoke_oneway(
        self: &Arc<Self>,
        addr: &Address,
        mut request: RemotingCommand,
        timeout: Duration,
    ) -> Result<(), RpcError> {
        let budget = Budget::start(timeout);
        let channel = self.channel(addr, budget.deadline(), &budget).await?;
        CallHooks::before(&self.endpoint.state.hooks, channel.rpc.peer_addr(), &mut request)?;
        let mut waited = false;
        match channel.rpc.send_oneway(request.clone(), &budget, &mut waited).await {
            Err(RpcError::ChannelClosed { reason, .. }) if may_move(&reason, waited) => {
                self.closed(&channel, &reason);
            }
            sent => return sent,
        }
        Box::pin(self.oneway_again(addr, request, &budget)).await
    }

    /// Continues a one-way call whose first channel went away.
    async fn oneway_again(
        self: &Arc<Self>,
        addr: &Address,
        request: RemotingCommand,
        budget: &Budget,
    ) -> Result<(), RpcError> {
        let fresh = self.channel(addr, budget.deadline(), budget).await?;
        fresh.rpc.send_oneway(request, budget, &mut false).await
    }
}
