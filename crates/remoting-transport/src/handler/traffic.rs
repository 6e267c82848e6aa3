//! How many commands of each code go in and out.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use parking_lot::Mutex;
use remoting_protocol::RemotingCommand;
use rustc_hash::FxHashMap;

use crate::pipeline::{ChannelHandler, Flow, HandlerContext, Interest};

/// Codes below this have a counter of their own, without a lock: all but those of POP, controller and auth.
const DENSE: usize = 1_024;
/// How many other codes are told apart. A peer chooses its codes; it must not choose our memory.
const SPARSE: usize = 1_024;

/// Counters of commands by code and direction, shared by the channels of a server or client, as Java's
/// `RemotingCodeDistributionHandler` keeps them.
///
/// At most 1 024 codes outside 0 to 1 023 are told apart for each direction; what exceeds that is counted
/// together.
#[derive(Debug, Clone, Default)]
pub struct TrafficDistribution {
    inner: Arc<[Direction; 2]>,
}

#[derive(Debug)]
struct Direction {
    dense: Box<[AtomicU64]>,
    sparse: Mutex<FxHashMap<i32, u64>>,
    beyond: AtomicU64,
}

impl Default for Direction {
    fn default() -> Self {
        Self {
            dense: (0..DENSE).map(|_| AtomicU64::new(0)).collect(),
            sparse: Mutex::default(),
            beyond: AtomicU64::new(0),
        }
    }
}

impl Direction {
    fn count(&self, code: i32) {
        if let Some(counter) = usize::try_from(code).ok().and_then(|code| self.dense.get(code)) {
            counter.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let mut sparse = self.sparse.lock();
        if let Some(counter) = sparse.get_mut(&code) {
            *counter += 1;
        } else if sparse.len() < SPARSE {
            sparse.insert(code, 1);
        } else {
            self.beyond.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn take(&self) -> TrafficSnapshot {
        let dense = (0..).zip(&self.dense).map(|(code, counter)| (code, counter.swap(0, Ordering::Relaxed)));
        let sparse = std::mem::take(&mut *self.sparse.lock());
        TrafficSnapshot {
            by_code: dense.filter(|(_, count)| *count > 0).chain(sparse).collect(),
            beyond: self.beyond.swap(0, Ordering::Relaxed),
        }
    }
}

/// Commands counted since the snapshot before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TrafficSnapshot {
    /// Count by code, without zeros.
    pub by_code: BTreeMap<i32, u64>,
    /// Commands of codes too many to be told apart.
    pub beyond: u64,
}

impl fmt::Display for TrafficSnapshot {
    /// Java's form: `{10:3, 11:250}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (at, (code, count)) in self.by_code.iter().enumerate() {
            write!(f, "{}{code}:{count}", if at == 0 { "" } else { ", " })?;
        }
        if self.beyond > 0 {
            write!(f, "{}other:{}", if self.by_code.is_empty() { "" } else { ", " }, self.beyond)?;
        }
        f.write_str("}")
    }
}

impl TrafficDistribution {
    /// What came in since the last call, by code.
    pub fn take_inbound(&self) -> TrafficSnapshot {
        self.inner[0].take()
    }

    /// What went out since the last call, by code.
    pub fn take_outbound(&self) -> TrafficSnapshot {
        self.inner[1].take()
    }
}

/// Counts one channel's commands into a [`TrafficDistribution`].
#[derive(Debug, Clone)]
pub struct TrafficDistributionHandler {
    counters: TrafficDistribution,
}

impl TrafficDistributionHandler {
    /// Counts into `counters`.
    pub fn new(counters: TrafficDistribution) -> Self {
        Self { counters }
    }
}

impl ChannelHandler for TrafficDistributionHandler {
    fn interest(&self) -> Interest {
        Interest::READ | Interest::WRITE
    }

    fn channel_read(&mut self, _: &mut HandlerContext<'_>, command: &mut RemotingCommand) -> Flow {
        self.counters.inner[0].count(command.code());
        Flow::Continue
    }

    fn channel_write(&mut self, _: &mut HandlerContext<'_>, command: &mut RemotingCommand) -> Flow {
        self.counters.inner[1].count(command.code());
        Flow::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_has_javas_form_and_starts_anew() {
        let counters = TrafficDistribution::default();
        for code in [1, 1, 200_050] {
            counters.inner[0].count(code);
        }
        assert_eq!(counters.take_inbound().to_string(), "{1:2, 200050:1}");
        assert_eq!(counters.take_inbound().to_string(), "{}");
    }

    #[test]
    fn a_peer_that_counts_up_does_not_fill_the_memory() {
        let counters = TrafficDistribution::default();
        for code in 0..5_000 {
            counters.inner[1].count(-1 - code);
        }
        let snapshot = counters.take_outbound();
        assert_eq!(snapshot.by_code.len(), SPARSE);
        assert_eq!(snapshot.beyond, 5_000 - SPARSE as u64);
    }

    #[test]
    fn counts_of_many_threads_are_exact() {
        let counters = TrafficDistribution::default();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..100_000).for_each(|_| counters.inner[0].count(1)));
            }
        });
        assert_eq!(counters.take_inbound().to_string(), "{1:400000}");
    }
}
