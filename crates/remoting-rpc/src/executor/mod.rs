//! Where processors run, and how many requests may be under way there at once.

mod blocking;
mod capacity;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use self::blocking::BlockingPool;
use self::capacity::Capacity;
pub(crate) use self::capacity::{ExecutorPermit, PermitFuture};
use crate::tasks::{Job, TaskScope};

/// Where the requests of a registration run, and how many at once.
///
/// A clone is the same executor: registrations that share one share its limit. What an executor does with a request
/// beyond it is a choice:
///
/// * It **refuses** it, by default: the peer gets `SYSTEM_BUSY` with `[OVERLOAD]system busy, start flow control for a
///   while`, as when Java's executor throws `RejectedExecutionException`; a one-way request is dropped. Both are counted
///   in the [statistics](crate::RequestStatistics), and logged now and then.
/// * It **stops reading the channel** until it has a permit for the request ([`stop_reading_when_full`]). Nothing is lost
///   and nothing is refused; the peer is slowed down by TCP. This is for gateways.
///
/// | executor | for processors that | costs per request |
/// |---|---|---|
/// | [`inline`](Self::inline) | compute briefly, mostly without waiting | nothing: the response joins the flush of its channel's turn |
/// | [`runtime`](Self::runtime) | wait, or compute for longer than some 10 µs | one task |
/// | [`blocking`](Self::blocking) | block: files, locks held long, foreign libraries | two thread switches |
///
/// A request holds its permit until its processor is done; one that is [answered later](crate::Reply::later), until its
/// responder is gone. A response that waits for a slow peer holds none: it is a burden of its channel alone.
///
/// # Order
///
/// An inline executor processes the requests of one channel in the order in which they came, as far as their processors
/// do not wait, and before the channel's CLOSE event. The others keep no order: a request may be processed after one
/// that came later, and after the CLOSE event of its channel.
///
/// [`stop_reading_when_full`]: Self::stop_reading_when_full
#[derive(Clone)]
pub struct Executor(Arc<Inner>);

struct Inner {
    capacity: Capacity,
    kind: Kind,
}

enum Kind {
    Inline,
    Runtime,
    Blocking { pool: BlockingPool, queue: usize },
}

/// What an executor makes of a request.
pub(crate) enum Admission {
    /// Poll it once on the channel's task, with this permit. Should it wait without one, it takes one by
    /// [`Executor::permit_for_waiting`].
    Inline(Option<ExecutorPermit>),
    /// Give it to [`Executor::execute`] with this permit.
    Elsewhere(ExecutorPermit),
    /// Refuse it.
    Full,
    /// Read no more of the channel until this is ready; then [`Executor::admit_with`] the permit.
    Wait(PermitFuture),
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

    /// As [`Executor::inline`], for at most `limit` waiting requests at once. Zero means one.
    #[must_use]
    pub fn inline_with_limit(limit: usize) -> Self {
        Self::new(Kind::Inline, limit, false)
    }

    /// Spawns each request as a task of the runtime, at most `limit` at once. Zero means one.
    #[must_use]
    pub fn runtime(limit: usize) -> Self {
        Self::new(Kind::Runtime, limit, false)
    }

    /// Runs requests on at most `threads` threads of its own, with at most `queue` requests waiting for one.
    /// Zero threads mean one.
    ///
    /// Threads start when needed, are named `remoting-blocking-N`, and end after 10 s without work or when the
    /// last clone of the executor is gone.
    #[must_use]
    pub fn blocking(threads: usize, queue: usize) -> Self {
        let pool = BlockingPool::new(threads.max(1));
        let limit = pool.max_threads().saturating_add(queue);
        Self::new(Kind::Blocking { pool, queue }, limit, false)
    }

    /// Returns an executor of the same kind and limit that makes a channel wait instead of refusing its request: the
    /// channel is not read until there is a permit for the request, so that TCP slows down the peer. Channels get permits
    /// in order of arrival.
    ///
    /// While a channel waits, nothing of it is read, be it for other executors or the response to a call of this side. A
    /// processor that calls its own caller back, and waits for the response, can so wait for itself until its time-out:
    /// give it an executor with a limit that is not reached.
    ///
    /// The returned executor shares nothing with this one.
    #[must_use]
    pub fn stop_reading_when_full(&self) -> Self {
        match &self.0.kind {
            Kind::Inline => Self::new(Kind::Inline, self.limit(), true),
            Kind::Runtime => Self::new(Kind::Runtime, self.limit(), true),
            Kind::Blocking { pool, queue } => {
                let kind = Kind::Blocking { pool: BlockingPool::new(pool.max_threads()), queue: *queue };
                Self::new(kind, self.limit(), true)
            }
        }
    }

    fn new(kind: Kind, limit: usize, queues: bool) -> Self {
        Self(Arc::new(Inner { capacity: Capacity::new(limit, queues), kind }))
    }

    /// How many requests are in flight here; of inline ones, those that wait or are answered later.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.capacity().taken()
    }

    /// How many requests may be in flight here at once.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.capacity().limit()
    }

    pub(crate) fn admit(&self) -> Admission {
        let admission = match &self.0.kind {
            Kind::Inline if self.capacity().queues() => {
                ExecutorPermit::try_acquire(self).map(|permit| Admission::Inline(Some(permit)))
            }
            Kind::Inline => self.capacity().has_capacity().then_some(Admission::Inline(None)),
            Kind::Runtime | Kind::Blocking { .. } => {
                ExecutorPermit::try_acquire(self).map(Admission::Elsewhere)
            }
        };
        match admission {
            Some(admission) => admission,
            None if self.capacity().queues() => Admission::Wait(ExecutorPermit::acquire(self)),
            None => Admission::Full,
        }
    }

    /// What becomes of a request that waited for `permit`.
    pub(crate) fn admit_with(&self, permit: ExecutorPermit) -> Admission {
        match &self.0.kind {
            Kind::Inline => Admission::Inline(Some(permit)),
            Kind::Runtime | Kind::Blocking { .. } => Admission::Elsewhere(permit),
        }
    }

    /// The permit of an inline request that turned out to wait, of an executor that refuses. Only these are counted,
    /// which spares the others two contended counters; each channel's task may so exceed the limit by one.
    pub(crate) fn permit_for_waiting(&self) -> ExecutorPermit {
        ExecutorPermit::acquire_regardless(self)
    }

    /// Runs an admitted request to its end. The job holds its permit.
    ///
    /// # Errors
    ///
    /// The operating system gave no thread to a pool that has none.
    pub(crate) fn execute(&self, job: Job, tasks: &TaskScope) -> Result<(), std::io::Error> {
        match &self.0.kind {
            Kind::Inline | Kind::Runtime => {
                tasks.spawn(job);
                Ok(())
            }
            Kind::Blocking { pool, .. } => pool.execute(tasks.track(job)),
        }
    }

    /// What remains of a blocking pool after this handle is gone.
    pub(crate) fn threads(&self) -> Option<BlockingThreads> {
        match &self.0.kind {
            Kind::Inline | Kind::Runtime => None,
            Kind::Blocking { pool, .. } => Some(BlockingThreads(pool.threads())),
        }
    }

    fn capacity(&self) -> &Capacity {
        &self.0.capacity
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.0.kind {
            Kind::Inline => "inline",
            Kind::Runtime => "runtime",
            Kind::Blocking { .. } => "blocking",
        };
        let full = if self.capacity().queues() { ", stops reading when full" } else { "" };
        write!(f, "Executor::{kind}({} of {}{full})", self.in_flight(), self.limit())
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
