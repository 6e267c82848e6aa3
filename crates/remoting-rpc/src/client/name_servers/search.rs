//! From a list of name servers to a connected one. Each candidate is dialled shortly after the previous one,
//! and the first to be connected is taken.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::call::Budget;
use crate::client::connect::ClientChannel;
use crate::client::shared::Shared;
use crate::error::RpcError;
use crate::transport::Address;

/// How long a candidate is dialled before the next one is dialled as well (RFC 8305, Connection Attempt
/// Delay).
const STAGGER: Duration = Duration::from_millis(250);

pub(super) type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
/// The pending operations, each with its name server.
pub(super) type Running<'a, T> = Vec<(Address, Boxed<'a, T>)>;

/// The candidates of one call.
pub(super) struct Search<'a> {
    shared: &'a Arc<Shared>,
    budget: Budget,
    queue: VecDeque<Address>,
    dials: Running<'a, Result<Arc<ClientChannel>, RpcError>>,
    /// When the next candidate is dialled in addition.
    stagger_at: Instant,
    /// The number of failed dials.
    failures: usize,
    /// The candidates that went away and are tried once more, on a fresh channel.
    went_away: Vec<Address>,
    last: Option<RpcError>,
}

impl<'a> Search<'a> {
    /// Creates a search over all candidates, in the order of the list.
    pub(super) fn new(shared: &'a Arc<Shared>, budget: Budget) -> Self {
        let is_open = |addr: &Address| shared.connections.open(addr).is_some();
        let queue = shared.name_servers.lock().candidates(is_open).into();
        Self {
            shared,
            budget,
            queue,
            dials: Vec::new(),
            stagger_at: Instant::now(),
            failures: 0,
            went_away: Vec::new(),
            last: None,
        }
    }

    /// Returns the number of remaining candidates.
    pub(super) fn remaining(&self) -> usize {
        self.queue.len() + self.dials.len()
    }

    pub(super) fn has_more(&self) -> bool {
        self.remaining() > 0
    }

    /// Returns the next candidate that is connected, or why there is none. Cancel safe.
    pub(super) async fn next(&mut self) -> Result<(Address, Arc<ClientChannel>), RpcError> {
        loop {
            if self.dials.is_empty() && !self.dial_next() {
                return Err(self.last.take().unwrap_or(RpcError::NoNameServer));
            }
            tokio::select! {
                biased;
                (addr, result) = first(&mut self.dials) => match result {
                    Ok(channel) => {
                        self.shared.name_servers.lock().reached(&addr);
                        return Ok((addr, channel));
                    }
                    Err(error @ RpcError::ShutDown { .. }) => return Err(error),
                    Err(error) => {
                        self.shared.name_servers.lock().failed(&addr);
                        self.failures += 1;
                        let (tried, cause) = (self.failures, Arc::new(error));
                        self.last = Some(RpcError::NameServer { addr, tried, cause });
                        if self.budget.deadline() <= Instant::now() {
                            self.queue.clear();
                        }
                        self.dial_next();
                    }
                },
                () = sleep_until(self.stagger_at), if !self.queue.is_empty() => {
                    self.dial_next();
                }
            }
        }
    }

    /// Records that a connected name server has not taken the request. One that went away is tried once more,
    /// after all others: another server may answer at its address.
    pub(super) fn failed(&mut self, addr: Address, mut error: RpcError) {
        if let RpcError::GoAway { twice, .. } = &mut error {
            *twice = self.went_away.contains(&addr);
            if !*twice {
                self.queue.push_back(addr.clone());
                self.went_away.push(addr);
            }
        }
        self.last = Some(error);
    }

    /// Dials the next candidate. Returns false if there is none.
    fn dial_next(&mut self) -> bool {
        let Some(addr) = self.queue.pop_front() else { return false };
        let (shared, budget) = (self.shared, self.budget);
        self.stagger_at = share(&budget, 1 + self.queue.len()).min(Instant::now() + STAGGER);
        let dial = {
            let addr = addr.clone();
            async move { shared.channel(&addr, budget.deadline(), &budget).await }
        };
        self.dials.push((addr, Box::pin(dial)));
        true
    }
}

/// Resolves to the first of the futures to be ready, and removes it. Cancel safe.
pub(super) async fn first<T>(running: &mut Running<'_, T>) -> (Address, T) {
    let (index, output) = poll_fn(|cx| {
        let polled =
            running.iter_mut().enumerate().find_map(|(index, (_, future))| match future.as_mut().poll(cx) {
                Poll::Ready(output) => Some((index, output)),
                Poll::Pending => None,
            });
        polled.map_or(Poll::Pending, Poll::Ready)
    })
    .await;
    (running.remove(index).0, output)
}

/// Returns when the first of `candidates` equal shares of the remaining budget is spent.
pub(super) fn share(budget: &Budget, candidates: usize) -> Instant {
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
            sleep_until(spent).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_one_candidate_leaves_is_shared_by_the_others() {
        let budget = Budget::start(3 * SECOND);
        assert_eq!(budget.deadline() - share(&budget, 2), 3 * SECOND / 2);
        assert_eq!(share(&budget, 1), budget.deadline());
    }
}
