//! Calls to whichever name server answers.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::Shared;
use super::connect::ClientChannel;
use super::name_server::Replaced;
use crate::budget::Budget;
use crate::error::{CallPhase, RpcError};
use crate::transport::Address;
use crate::transport::protocol::RemotingCommand;

impl Shared {
    /// Java: `invokeSync` with the address `null`. Tries every candidate within the budget, where Java tries one.
    pub(super) async fn invoke_name_server(
        self: &Arc<Self>,
        request: RemotingCommand,
        timeout: Duration,
    ) -> Result<RemotingCommand, RpcError> {
        let budget = Budget::start(timeout);
        let (addr, channel) = self.name_server(&budget).await?;
        let result = self.invoke_on(channel, request, budget).await;
        if let Err(RpcError::Timeout { phase: CallPhase::Send | CallPhase::Response, .. }) = &result {
            self.name_servers.lock().demote(&addr);
        }
        result
    }

    /// The chosen name server while its connection lives, else the first candidate that can be connected.
    async fn name_server(
        self: &Arc<Self>,
        budget: &Budget,
    ) -> Result<(Address, Arc<ClientChannel>), RpcError> {
        let sticky = self.name_servers.lock().sticky(|addr| self.connections.open(addr));
        if let Some(found) = sticky {
            return Ok(found);
        }
        let is_open = |addr: &Address| self.connections.open(addr).is_some();
        let candidates = self.name_servers.lock().candidates(is_open);
        let mut last = None;
        for (tried, addr) in candidates.iter().enumerate() {
            if tried > 0 && budget.deadline() <= Instant::now() {
                break;
            }
            match self.channel(addr, share(budget, candidates.len() - tried), budget).await {
                Ok(channel) => {
                    self.name_servers.lock().reached(addr);
                    return Ok((addr.clone(), channel));
                }
                Err(error @ RpcError::ShutDown { .. }) => return Err(error),
                Err(error) => {
                    self.name_servers.lock().failed(addr);
                    last = Some(RpcError::NameServer {
                        addr: addr.clone(),
                        tried: tried + 1,
                        cause: Arc::new(error),
                    });
                }
            }
        }
        Err(last.unwrap_or(RpcError::NoNameServer))
    }

    /// Java: `updateNameServerAddressList`.
    pub(super) fn update_name_servers(&self, list: &[Address]) {
        let replaced = self.name_servers.lock().replace(list);
        if let Replaced::Changed { lost } = replaced {
            tracing::info!(name_servers = ?list, "name server list replaced");
            self.name_servers_changed.notify_one();
            if let Some(channel) = lost.and_then(|addr| self.connections.take(&addr)) {
                channel.rpc.close(super::NO_LONGER_LISTED);
            }
        }
    }
}

/// When the first of `candidates` equal shares of what is left is spent: so the last candidate gets its share even if
/// all before it are black holes. Each dial goes on without its caller, so a server that is merely slow is connected
/// by the time of the next call.
fn share(budget: &Budget, candidates: usize) -> Instant {
    let candidates = u32::try_from(candidates).unwrap_or(u32::MAX).max(1);
    let left = budget.deadline().saturating_duration_since(Instant::now());
    budget.deadline() - left / candidates * (candidates - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn candidates_that_use_up_their_share_leave_the_same_to_the_others() {
        let budget = Budget::start(3 * SECOND);
        let start = Instant::now();
        for (candidates, second) in [(3, 1), (2, 2), (1, 3)] {
            let spent = share(&budget, candidates);
            assert_eq!(spent - start, second * SECOND);
            tokio::time::sleep_until(spent).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_one_candidate_leaves_is_shared_by_the_others() {
        let budget = Budget::start(3 * SECOND);
        assert_eq!(budget.deadline() - share(&budget, 2), 3 * SECOND / 2);
        assert_eq!(share(&budget, 1), budget.deadline());
    }
}
