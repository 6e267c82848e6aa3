//! A thread pool for processors that block.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use remoting_transport::{LogLimiter, catch_panic};
use tokio::runtime::Handle;
use tokio::sync::Notify;

use super::KEEP_ALIVE;
use crate::tasks::Job;

/// Owns the threads. When it is dropped, they finish the queued jobs and end.
pub(super) struct BlockingPool {
    max_threads: usize,
    threads: Threads,
    warnings: LogLimiter,
}

/// The state shared by the pool and its threads.
#[derive(Clone)]
pub(super) struct Threads(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    work: Condvar,
    ended: Notify,
    /// How long an idle thread is kept.
    keep_alive: Duration,
}

#[derive(Default)]
struct State {
    queue: VecDeque<(Handle, Job)>,
    live: usize,
    idle: usize,
    started: u64,
    closing: bool,
}

impl BlockingPool {
    pub(super) fn new(max_threads: usize) -> Self {
        Self::with_keep_alive(max_threads, KEEP_ALIVE)
    }

    fn with_keep_alive(max_threads: usize, keep_alive: Duration) -> Self {
        let (work, ended) = (Condvar::new(), Notify::new());
        let shared = Shared { state: Mutex::default(), work, ended, keep_alive };
        let warnings = LogLimiter::new(1, Duration::from_secs(10));
        Self { max_threads, threads: Threads(Arc::new(shared)), warnings }
    }

    pub(super) const fn max_threads(&self) -> usize {
        self.max_threads
    }

    pub(super) fn threads(&self) -> Threads {
        self.threads.clone()
    }

    /// Queues a job that holds a permit and runs in the context of `runtime`. Starts a thread unless one is idle.
    pub(super) fn execute(&self, runtime: Handle, job: Job) -> Result<(), io::Error> {
        let mut missing = None;
        let mut state = self.threads.0.state.lock();
        if state.idle <= state.queue.len() && state.live < self.max_threads {
            let number = state.started;
            match self.threads.start(number) {
                Ok(()) => {
                    state.live += 1;
                    state.started += 1;
                }
                Err(error) if state.live == 0 => return Err(error),
                Err(error) => missing = Some((state.live, error)),
            }
        }
        state.queue.push_back((runtime, job));
        drop(state);
        if let Some((live, error)) = missing
            && self.warnings.admit(tokio::time::Instant::now().into_std()).line
        {
            tracing::warn!("a blocking executor runs on {live} threads: {error}");
        }
        self.threads.0.work.notify_one();
        Ok(())
    }
}

impl Drop for BlockingPool {
    fn drop(&mut self) {
        self.threads.0.state.lock().closing = true;
        self.threads.0.work.notify_all();
    }
}

impl Threads {
    fn start(&self, number: u64) -> Result<(), io::Error> {
        let threads = self.clone();
        let name = format!("remoting-blocking-{number}");
        thread::Builder::new().name(name).spawn(move || threads.run()).map(drop)
    }

    fn run(self) {
        while let Some((runtime, job)) = self.next_job() {
            // The job catches panics of user code. This one handles a runtime that was shut down.
            if catch_panic(|| runtime.block_on(job)).is_err() {
                tracing::error!("request of a blocking executor lost: its runtime has been shut down");
            }
        }
    }

    fn next_job(&self) -> Option<(Handle, Job)> {
        let mut state = self.0.state.lock();
        loop {
            if let Some(job) = state.queue.pop_front() {
                return Some(job);
            }
            state.idle += 1;
            let keep_alive = self.0.keep_alive;
            let timed_out = !state.closing && self.0.work.wait_for(&mut state, keep_alive).timed_out();
            state.idle -= 1;
            if state.queue.is_empty() && (state.closing || timed_out) {
                state.live -= 1;
                if state.live == 0 {
                    self.0.ended.notify_waiters();
                }
                return None;
            }
        }
    }

    pub(super) async fn ended(self) {
        loop {
            let ended = self.0.ended.notified();
            {
                let state = self.0.state.lock();
                if state.live == 0 || !state.closing {
                    return;
                }
            }
            ended.await;
        }
    }
}

impl fmt::Debug for Threads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Threads").field("live", &self.0.state.lock().live).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    const LONGEST_WAIT: Duration = Duration::from_secs(120);

    #[tokio::test]
    async fn threads_start_when_needed_and_end_after_the_pool_with_nothing_left_undone() {
        let pool = BlockingPool::new(2);
        let threads = pool.threads();
        assert_eq!(threads.0.state.lock().live, 0);
        let (done, results) = mpsc::channel();
        for number in 0..5 {
            let done = done.clone();
            pool.execute(Handle::current(), Box::pin(async move { done.send(number).unwrap() })).unwrap();
        }
        assert!(threads.0.state.lock().live <= 2);
        drop((pool, done));
        threads.clone().ended().await;
        assert_eq!(threads.0.state.lock().live, 0);
        let mut results: Vec<_> = results.iter().collect();
        results.sort_unstable();
        assert_eq!(results, [0, 1, 2, 3, 4]);
    }

    #[tokio::test]
    async fn threads_end_for_want_of_work_and_start_again_when_there_is_some() {
        let pool = BlockingPool::with_keep_alive(2, Duration::from_millis(1));
        let threads = pool.threads();
        for started in 1..=3 {
            let (done, result) = mpsc::channel();
            pool.execute(Handle::current(), Box::pin(async move { done.send(()).unwrap() })).unwrap();
            result.recv_timeout(LONGEST_WAIT).unwrap();
            let ended = async {
                while threads.0.state.lock().live > 0 {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            };
            tokio::time::timeout(LONGEST_WAIT, ended).await.unwrap();
            assert_eq!(threads.0.state.lock().started, started);
            assert_eq!(threads.0.state.lock().idle, 0);
        }
    }

    #[tokio::test]
    async fn a_job_that_panics_costs_no_thread() {
        let pool = BlockingPool::new(1);
        let (done, results) = mpsc::channel();
        pool.execute(Handle::current(), Box::pin(async { panic!("boom") })).unwrap();
        pool.execute(Handle::current(), Box::pin(async move { done.send(()).unwrap() })).unwrap();
        assert!(results.recv().is_ok());
        assert_eq!(pool.threads().0.state.lock().started, 1);
    }
}
