//! Executors: where processors run, and how many requests at once.

mod blocking;
mod capacity;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use self::blocking::BlockingPool;
use self::capacity::Capacity;
pub(crate) use self::capacity::{ExecutorPermit, PermitFuture};
use crate::tasks::{Job, TaskScope};

/// Runs the requests of a registration, up to a limit.
///
/// A clone is the same executor: registrations that share it share its limit. At the limit an executor either
///
/// * **refuses** requests, the default: the peer receives `SYSTEM_BUSY` with `[OVERLOAD]system busy, start flow control for a
///   while`, as when Java's executor throws `RejectedExecutionException`; one-way requests are dropped. Both are counted in
///   the [statistics](crate::RequestStatistics) and logged at a limited rate.
/// * **stops reading the channel** until it has a permit for the request ([`stop_reading_when_full`]). Nothing is lost or
///   refused, and TCP slows the peer down. Use it in gateways.
///
/// | executor | for processors that | cost per request |
/// |---|---|---|
/// | [`inline`](Self::inline) | compute briefly and rarely wait | none: the response joins the current write of its channel |
/// | [`runtime`](Self::runtime) | wait, or compute for more than about 10 µs | little if they are ready at once, else one task |
/// | [`blocking`](Self::blocking) | block: files, long-held locks, foreign libraries | two thread switches |
///
/// A request holds its permit until its processor is done or, with [`Reply::later`](crate::Reply::later), until its responder
/// is dropped. A response that waits for a slow peer holds no permit.
///
/// # Order
///
/// An inline executor processes the requests of one channel in order of arrival, as long as their processors do not wait,
/// and before the channel's CLOSE event. Other executors keep no order: a request may run after a later one, and after the
/// CLOSE event of its channel.
///
/// With every executor, what a processor sends over the channel of its request before it returns arrives before its response.
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

/// The decision of an executor about a request.
pub(crate) enum Admission {
    /// Run it with this permit.
    Granted(ExecutorPermit),
    /// Poll it on the channel's task. It takes a permit by [`Executor::permit_for_waiting`] if it is pending.
    WithoutPermit,
    /// Refuse it.
    Full,
    /// Stop reading the channel until there is a permit.
    Wait(PermitFuture),
}

/// The default limit of waiting requests of an inline executor.
const INLINE_LIMIT: usize = 65_536;

impl Executor {
    /// Creates an executor that polls the processor once on the channel's own task. A ready response joins the current write
    /// of the channel. A pending request moves to the runtime; at most 65 536 may be pending.
    ///
    /// A processor that computes for long on an inline executor delays its channel. One that blocks also delays a thread of
    /// the runtime. On an [event loop](crate::RemotingServerBuilder::event_loops) both delay all channels of the loop.
    #[must_use]
    pub fn inline() -> Self {
        Self::inline_with_limit(INLINE_LIMIT)
    }

    /// Creates an executor like [`Executor::inline`] with at most `limit` pending requests. Zero means one.
    #[must_use]
    pub fn inline_with_limit(limit: usize) -> Self {
        Self::new(Kind::Inline, limit, false)
    }

    /// Creates an executor that runs requests in tasks of the runtime, at most `limit` at once. Zero means one. On a server
    /// with [event loops](crate::RemotingServerBuilder::event_loops) it is the runtime that the server was started in.
    ///
    /// Requests of a channel that are ready when they are first polled share a task. A request that waits continues in a task
    /// of its own. On a runtime with several threads requests run in parallel: none waits behind one that computes while a
    /// thread is idle.
    ///
    /// On a runtime with one thread, where nothing runs in parallel, the task of the channel polls a request first, as an inline
    /// executor does, for about 1 ms. Further requests are queued, so that other tasks get the thread. Until they have run, later
    /// requests of the channel queue behind them.
    #[must_use]
    pub fn runtime(limit: usize) -> Self {
        Self::new(Kind::Runtime, limit, false)
    }

    /// Creates an executor with up to `threads` threads of its own and a queue of up to `queue` requests. Zero threads mean
    /// one.
    ///
    /// Threads are named `remoting-blocking-N`. They start on demand, and end after 10 s without work or when the last clone
    /// of the executor is dropped.
    #[must_use]
    pub fn blocking(threads: usize, queue: usize) -> Self {
        let pool = BlockingPool::new(threads.max(1));
        let limit = pool.max_threads().saturating_add(queue);
        Self::new(Kind::Blocking { pool, queue }, limit, false)
    }

    /// Returns a new executor of the same kind and limit that never refuses a request. At the limit, the channel is not read
    /// until a permit is free, so that TCP slows the peer down. Channels receive permits in order of arrival. The new executor
    /// shares no permits with this one.
    ///
    /// A waiting channel reads nothing at all: no requests for other executors, and no responses to calls of this side. A
    /// processor that calls its caller back can therefore wait for itself until its time-out. Give such a processor an
    /// executor whose limit is not reached.
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

    /// Returns the number of requests in flight. Of those that are polled on the task of their channel, these are the pending
    /// and deferred ones.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.capacity().taken()
    }

    /// Returns the limit of requests in flight.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.capacity().limit()
    }

    /// Decides about a request. `here` means that it is polled on the channel's task.
    pub(crate) fn admit(&self, here: bool) -> Admission {
        let capacity = self.capacity();
        if here && !capacity.queues() {
            return if capacity.has_capacity() { Admission::WithoutPermit } else { Admission::Full };
        }
        match ExecutorPermit::try_acquire(self) {
            Some(permit) => Admission::Granted(permit),
            None if capacity.queues() => Admission::Wait(ExecutorPermit::acquire(self)),
            None => Admission::Full,
        }
    }

    /// Returns a permit for a request that the channel's task polled, and that turned out to be pending. Requests that are ready
    /// at once are not counted, which saves two contended counters. Each channel's task may therefore exceed the limit by one.
    pub(crate) fn permit_for_waiting(&self) -> ExecutorPermit {
        ExecutorPermit::acquire_regardless(self)
    }

    /// Runs an admitted request to its end. The job holds its permit.
    ///
    /// # Errors
    ///
    /// Returns an error if the pool has no thread and the operating system refuses to start one.
    pub(crate) fn execute(&self, job: Job, tasks: &TaskScope) -> Result<(), std::io::Error> {
        match &self.0.kind {
            Kind::Inline => {
                tasks.spawn(job);
                Ok(())
            }
            Kind::Runtime => {
                tasks.spawn_on_runtime(job);
                Ok(())
            }
            Kind::Blocking { pool, .. } => pool.execute(tasks.runtime(), tasks.track(job)),
        }
    }

    /// Returns whether requests are polled on the task of their channel.
    pub(crate) fn is_inline(&self) -> bool {
        matches!(self.0.kind, Kind::Inline)
    }

    /// Returns whether requests run in tasks of the runtime.
    pub(crate) fn runs_in_tasks(&self) -> bool {
        matches!(self.0.kind, Kind::Runtime)
    }

    /// Returns the threads of a blocking pool, to wait for their end.
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
    /// Waits until the threads have ended if the last handle of their executor has been dropped; otherwise returns at once.
    pub(crate) async fn ended(self) {
        self.0.ended().await;
    }
}

/// How long an idle thread is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(10);
