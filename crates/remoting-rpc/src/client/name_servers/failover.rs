//! Calls to any name server of the list.
//!
//! ```text
//!  candidates ─► connect: the next one joins ─► exchange: after a share of the budget
//!   (in order)   a little later, the first      the next candidate gets it as well,
//!                that is connected counts       the first answer counts
//!                      ▲                             │ it went away, or the request was not sent
//!                      └─────────────────────────────┘
//! ```
//!
//! All steps share one budget. Java tries one candidate.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::search::{Boxed, Running, Search, first, share};
use crate::call::{Budget, Call, CallHooks};
use crate::client::call::Attempt;
use crate::client::connect::ClientChannel;
use crate::client::drain::Retired;
use crate::client::name_server_list::Replaced;
use crate::client::shared::Shared;
use crate::error::{CallPhase, RpcError};
use crate::transport::protocol::RemotingCommand;
use crate::transport::{Address, CloseInitiator, CloseReason};

impl Shared {
    /// Sends a request to a name server. Java: `invokeSync` with the address `null`.
    pub(in crate::client) async fn invoke_name_server(
        self: &Arc<Self>,
        request: RemotingCommand,
        timeout: Duration,
    ) -> Result<RemotingCommand, RpcError> {
        let query = Query { shared: self, budget: Budget::start(timeout), request };
        Box::pin(query.run()).await
    }

    /// Replaces the name server list. Java: `updateNameServerAddressList`.
    pub(in crate::client) fn update_name_servers(self: &Arc<Self>, list: &[Address]) {
        let replaced = self.name_servers.lock().replace(list);
        if let Replaced::Changed { left } = replaced {
            tracing::info!(name_servers = ?list, "name server list replaced");
            self.name_servers_changed.notify_one();
            for channel in left.iter().filter_map(|addr| self.connections.open(addr)) {
                self.retire(&channel, Retired::Unlisted);
            }
        }
    }

    /// Records that a channel to `addr` has ended. If `addr` is a name server, it is no longer available.
    pub(in crate::client) fn disconnected(&self, addr: &Address, reason: &CloseReason) {
        if !matches!(reason.by(), CloseInitiator::Local | CloseInitiator::Idle)
            && self.connections.open(addr).is_none()
        {
            self.name_servers.lock().probed(addr, false);
        }
    }
}

/// A call to any name server of the list.
struct Query<'a> {
    shared: &'a Arc<Shared>,
    budget: Budget,
    request: RemotingCommand,
}

/// The address of a name server, as hooks see it, and its result.
type Answer = (Address, Result<RemotingCommand, RpcError>);

impl<'a> Query<'a> {
    async fn run(mut self) -> Result<RemotingCommand, RpcError> {
        let mut search = Search::new(self.shared, self.budget);
        let (addr, channel) = search.next().await?;
        let hooks = &self.shared.endpoint.state.hooks;
        let mut hooks = CallHooks::before(hooks, channel.rpc.peer_addr(), &mut self.request)?;
        let (peer, mut response) = self.first_answer(search, addr, channel).await?;
        hooks.after(&peer, &self.request, &mut response)?;
        Ok(response)
    }

    /// Sends the request to name servers, beginning with `addr`, until one of them responds. Returns its
    /// address, as hooks see it, and its response.
    async fn first_answer(
        &self,
        mut search: Search<'a>,
        addr: Address,
        channel: Arc<ClientChannel>,
    ) -> Result<(Address, RemotingCommand), RpcError> {
        let mut exchanges: Running<'a, Answer> = vec![(addr, self.exchange(channel))];
        let mut hedge_at = self.hedge_at(&search);
        let mut wants_another = false;
        let mut in_doubt = None;
        loop {
            let may_hedge = !wants_another && search.has_more();
            tokio::select! {
                biased;
                (addr, (peer, result)) = first(&mut exchanges), if !exchanges.is_empty() => match result {
                    Ok(response) => return Ok((peer, response)),
                    Err(error) if is_not_there(&error) => {
                        self.shared.name_servers.lock().failed(&addr);
                        search.failed(addr, error);
                        wants_another = true;
                    }
                    Err(error) => {
                        if matches!(error, RpcError::Timeout { phase: CallPhase::Send | CallPhase::Response, .. }) {
                            self.shared.name_servers.lock().demote(&addr);
                        }
                        if exchanges.is_empty() {
                            return Err(in_doubt.unwrap_or(error));
                        }
                        if error.may_have_been_sent() {
                            in_doubt.get_or_insert(error);
                        }
                    }
                },
                found = search.next(), if wants_another => {
                    wants_another = false;
                    match found {
                        Ok((addr, channel)) => {
                            exchanges.push((addr, self.exchange(channel)));
                            hedge_at = self.hedge_at(&search);
                        }
                        Err(error) if exchanges.is_empty() => return Err(in_doubt.unwrap_or(error)),
                        Err(_) => {} // those that have the request may still answer
                    }
                }
                () = sleep_until(hedge_at.unwrap_or_else(Instant::now)), if may_hedge && hedge_at.is_some() => {
                    // The next call does not begin with a name server that has not responded by now.
                    if let Some((addr, _)) = exchanges.last() {
                        self.shared.name_servers.lock().demote(addr);
                    }
                    wants_another = true;
                }
            }
        }
    }

    /// Sends the request to the name server of `channel`.
    fn exchange(&self, channel: Arc<ClientChannel>) -> Boxed<'a, Answer> {
        let (shared, request, budget) = (self.shared, self.request.clone(), self.budget);
        Box::pin(async move {
            let peer = channel.rpc.peer_addr().clone();
            let result = shared
                .exchange(Arc::clone(&channel), &request, budget, Attempt::FirstOfMany, Call::new)
                .await;
            let is_listed = shared.name_servers.lock().contains(&channel.addr);
            if !is_listed {
                shared.retire(&channel, Retired::Unlisted);
            }
            (peer, result)
        })
    }

    /// Returns when the next name server gets the request as well, if the last one has not responded.
    fn hedge_at(&self, search: &Search<'_>) -> Option<Instant> {
        let hedges = self.shared.config.hedge_name_servers && !self.budget.timeout().is_zero();
        hedges.then(|| share(&self.budget, 1 + search.remaining()))
    }
}

/// Returns whether the name server neither got the request nor can take another one.
fn is_not_there(error: &RpcError) -> bool {
    match error {
        RpcError::ChannelClosed { may_have_been_sent, reason, .. } => {
            !may_have_been_sent && reason.by() != CloseInitiator::Local
        }
        RpcError::GoAway { .. } => true,
        error => error.is_connect(),
    }
}
