//! Counters of commands by code.

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

/// Codes below this have a lock-free counter. Only those of POP, controller and auth are above.
const DENSE: usize = 1_024;
/// The number of other codes that are counted separately. Peers choose codes, so this bounds the memory.
const SPARSE: usize = 1_024;
/// The largest number of commands of one code that a channel counts before it adds them to the counters.
const LONGEST_RUN: u64 = 64;

/// Counters of commands by code and direction, shared by the channels of a server or client. Equivalent of the counters
/// of Java's `RemotingCodeDistributionHandler`.
///
/// At most 1 024 codes outside of 0 to 1 023 are counted separately for each direction. Further codes are counted
/// together. Clones share the counters.
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

/// The commands counted since the previous snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct TrafficSnapshot {
    /// The counts by code, without zeros.
    pub by_code: BTreeMap<i32, u64>,
    /// The commands whose codes exceed the limit of separate counters.
    pub beyond: u64,
}

impl fmt::Display for TrafficSnapshot {
    /// Formats as Java does: `{10:3, 11:250}`.
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
    /// Returns the commands received since the last call, and resets the counters.
    #[must_use]
    pub fn take_inbound(&self) -> TrafficSnapshot {
        self.inner[0].take()
    }

    /// Returns the commands sent since the last call, and resets the counters.
    #[must_use]
    pub fn take_outbound(&self) -> TrafficSnapshot {
        self.inner[1].take()
    }
}

/// A handler that counts the commands of a channel in a [`TrafficDistribution`].
///
/// It adds the commands of one read or one flush at its end, and a run of commands of one code when another code follows
/// or the run reaches 64 commands.
#[derive(Debug)]
pub struct TrafficDistributionHandler {
    counters: TrafficDistribution,
    inbound: Run,
    outbound: Run,
}

/// A run of commands of one code that is not added to the counters yet. Commands that arrive together mostly have the
/// same code, so many of them cost one atomic addition.
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
    /// Creates a handler that counts in `counters`.
    #[must_use]
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
