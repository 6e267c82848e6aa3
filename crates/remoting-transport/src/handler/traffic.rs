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

use crate::{
    channel::CloseReason,
    pipeline::{ChannelHandler, Flow, HandlerContext, Interest},
};

/// Codes below this have a counter of their own, without a lock: all but those of POP, controller and auth.
const DENSE: usize = 1_024;
/// How many other codes are told apart. A peer chooses its codes; it must not choose our memory.
const SPARSE: usize = 1_024;
/// After how many commands of one code a channel adds them to the counters at the latest.
const LONGEST_RUN: u64 = 64;

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
    fn add(&self, code: i32, count: u64) {
        if let Some(counter) = usize::try_from(code).ok().and_then(|code| self.dense.get(code)) {
            counter.fetch_add(count, Ordering::Relaxed);
            return;
        }
        let mut sparse = self.sparse.lock();
        if let Some(counter) = sparse.get_mut(&code) {
            *counter += count;
        } else if sparse.len() < SPARSE {
            sparse.insert(code, count);
        } else {
            self.beyond.fetch_add(count, Ordering::Relaxed);
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
#[non_exhaustive]
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

/// Counts one channel's commands into a [`TrafficDistribution`]: those that came with one read, or leave with one
/// flush, are added once it is over; those of one code in a row sooner, when another code follows or they are 64.
#[derive(Debug)]
pub struct TrafficDistributionHandler {
    counters: TrafficDistribution,
    inbound: Run,
    outbound: Run,
}

/// Commands of one code in a row that the counters lack. Commands that come together mostly have one code, so that
/// many of them cost one atomic addition.
#[derive(Debug, Default)]
struct Run {
    code: i32,
    length: u64,
}

impl Run {
    fn push(&mut self, code: i32, counters: &Direction) {
        if code != self.code || self.length == LONGEST_RUN {
            self.end(counters);
            self.code = code;
        }
        self.length += 1;
    }

    fn end(&mut self, counters: &Direction) {
        if self.length > 0 {
            counters.add(self.code, std::mem::take(&mut self.length));
        }
    }
}

impl TrafficDistributionHandler {
    /// Counts into `counters`.
    pub fn new(counters: TrafficDistribution) -> Self {
        Self { counters, inbound: Run::default(), outbound: Run::default() }
    }
}

impl ChannelHandler for TrafficDistributionHandler {
    fn interest(&self) -> Interest {
        Interest::READ | Interest::READ_COMPLETE | Interest::WRITE | Interest::FLUSHED
    }

    fn channel_read(&mut self, _: &mut HandlerContext<'_>, command: &mut RemotingCommand) -> Flow {
        self.inbound.push(command.code(), &self.counters.inner[0]);
        Flow::Continue
    }

    fn channel_read_complete(&mut self, _: &mut HandlerContext<'_>) {
        self.inbound.end(&self.counters.inner[0]);
    }

    fn channel_write(&mut self, _: &mut HandlerContext<'_>, command: &mut RemotingCommand) -> Flow {
        self.outbound.push(command.code(), &self.counters.inner[1]);
        Flow::Continue
    }

    fn channel_flushed(&mut self, _: &mut HandlerContext<'_>) {
        self.outbound.end(&self.counters.inner[1]);
    }

    fn channel_inactive(&mut self, _: &mut HandlerContext<'_>, _: &CloseReason) {
        self.inbound.end(&self.counters.inner[0]);
        self.outbound.end(&self.counters.inner[1]);
    }
}

#[cfg(test)]
mod tests;
