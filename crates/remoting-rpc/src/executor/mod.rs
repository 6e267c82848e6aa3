//! Where processors run, and how many requests may be under way there at once.

mod blocking;
mod capacity;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use self::blocking::BlockingPool;
use self::capacity::Capacity;
pub(crate) use self::capacity::Place;
use crate::endpoint::{Job, TaskScope};

/// Where the requests of a registration run.
///
/// A clone is the same executor: registrations that share one share its bound. An executor that is full refuses,
/// and the peer gets `SYSTEM_BUSY` with `[OVERLOAD]system busy, start flow control for a while`, as when Java's
/// executor throws `RejectedExecutionException`.
///
/// | executor | for processors that | costs per request |
/// |---|---|---|
/// | [`inline`](Self::inline) | compute briefly, mostly without waiting | nothing: the response joins the flush of its channel's turn |
/// | [`runtime`](Self::runtime) | wait, or compute for longer than some 10 µs | one task |
/// | [`blocking`](Self::blocking) | block: files, locks held long, foreign libraries | two thread switches |
#[derive(Clone)]
pub struct Executor(Arc<Kind>);

enum Kind {
    Inline(Capacity),
    Runtime(Capacity),
    Blocking(BlockingPool),
}

/// How the dispatcher has to run a request that an executor has accepted.
pub(crate) enum Admission {
    /// Poll it once on the channel's task. Should it wait, it takes a place from [`Executor::place_for_waiting`].
    Inline,
    /// Give it to [`Executor::execute`] with this place.
    Elsewhere(Place),
}

/// Requests of an [`Executor::inline`] that may wait at once.
const INLINE_LIMIT: usize = 65_536;

impl Executor {
    /// Polls the processor once on the channel's own task. If it is ready then, the response leaves with that
    /// turn's flush; if it waits, it moves to the runtime. At most 65 536 requests may be waiting.
    ///
    /// A processor that computes for long on an inline executor holds up its channel, and one that blocks holds
    /// up a thread of the runtime.
    #[must_use]
    pub fn inline() -> Self {
        Self::inline_with_limit(INLINE_LIMIT)
    }

    /// As [`Executor::inline`], for at most `limit` requests at once.
    #[must_use]
    pub fn inline_with_limit(limit: usize) -> Self {
        Self(Arc::new(Kind::Inline(Capacity::new(limit))))
    }

    /// Spawns each request as a task of the runtime, at most `limit` at once. A request counts until its response
    /// is queued, so a peer that does not read its responses holds places here instead of memory.
    #[must_use]
    pub fn runtime(limit: usize) -> Self {
        Self(Arc::new(Kind::Runtime(Capacity::new(limit))))
    }

    /// Runs requests on at most `threads` threads of its own, with at most `queue` requests waiting for one.
    /// Zero threads mean one.
    ///
    /// Threads start when needed, are named `remoting-blocking-N`, and end after 10 s without work or when the
    /// last clone of the executor is gone.
    #[must_use]
    pub fn blocking(threads: usize, queue: usize) -> Self {
        Self(Arc::new(Kind::Blocking(BlockingPool::new(threads.max(1), queue))))
    }

    /// How many requests are under way here; of inline ones, those that wait.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.capacity().taken()
    }

    /// How many requests may be under way here at once.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.capacity().limit()
    }

    /// Accepts a request, or `None` when the executor is full.
    pub(crate) fn admit(&self) -> Option<Admission> {
        match &*self.0 {
            Kind::Inline(capacity) => capacity.has_room().then_some(Admission::Inline),
            Kind::Runtime(_) | Kind::Blocking(_) => Place::take(self).map(Admission::Elsewhere),
        }
    }

    /// The place of an inline request that turned out to wait. Only these are counted, which spares the others
    /// two contended counters; each channel's task may so exceed the limit by one.
    pub(crate) fn place_for_waiting(&self) -> Place {
        Place::take_regardless(self)
    }

    /// Runs an admitted request to its end. The job holds its place.
    ///
    /// # Errors
    ///
    /// The operating system gave no thread to a pool that has none.
    pub(crate) fn execute(&self, job: Job, tasks: &TaskScope) -> Result<(), std::io::Error> {
        match &*self.0 {
            Kind::Inline(_) | Kind::Runtime(_) => {
                tasks.spawn(job);
                Ok(())
            }
            Kind::Blocking(pool) => pool.execute(tasks.track(job)),
        }
    }

    /// What remains of a blocking pool after this handle is gone.
    pub(crate) fn threads(&self) -> Option<BlockingThreads> {
        match &*self.0 {
            Kind::Inline(_) | Kind::Runtime(_) => None,
            Kind::Blocking(pool) => Some(BlockingThreads(pool.threads())),
        }
    }

    fn capacity(&self) -> &Capacity {
        match &*self.0 {
            Kind::Inline(capacity) | Kind::Runtime(capacity) => capacity,
            Kind::Blocking(pool) => pool.capacity(),
        }
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &*self.0 {
            Kind::Inline(_) => "inline",
            Kind::Runtime(_) => "runtime",
            Kind::Blocking(_) => "blocking",
        };
        write!(f, "Executor::{kind}({} of {})", self.in_flight(), self.limit())
    }
}

/// The threads of a blocking pool, to wait for their end.
#[derive(Debug)]
pub(crate) struct BlockingThreads(blocking::Threads);

impl BlockingThreads {
    /// Waits until the threads have ended, if the last handle of their executor is gone; else returns at once.
    pub(crate) async fn ended(self) {
        self.0.ended().await;
    }
}

/// How long a thread without work stays.
const KEEP_ALIVE: Duration = Duration::from_secs(10);
