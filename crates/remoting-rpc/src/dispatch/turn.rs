//! The requests for tasks of the runtime that the task of a channel runs itself.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::CLOCK_INTERVAL;
use super::run_queue::RunQueue;
use crate::tasks::TaskScope;

/// What the task of a channel has run of such requests since it was polled.
///
/// On a runtime with one thread nothing else can run while a request does, in whatever task. So the channel's task polls it,
/// which costs no task. When the poll has taken a while, other tasks are due, and further requests are queued. Later ones are
/// queued too, until those have run: they would overtake them.
#[derive(Default)]
pub(super) struct Turn {
    /// The time at which the task was polled.
    polled: Option<Instant>,
    count: u32,
    /// The poll has taken long enough, or requests are queued.
    spent: bool,
    /// Whether tasks of executors run on the thread of the channel only. Found out for the first request.
    one_thread: Option<bool>,
}

/// The time that a poll may take before its requests are queued. The 61 tasks that a runtime with one thread runs before it
/// looks for events again take longer, if they compute.
const SLICE: Duration = Duration::from_millis(1);

impl Turn {
    /// Returns whether the channel's task, polled at `now`, runs the next request itself. `queue` has the requests that are queued.
    pub(super) fn takes_request(
        &mut self,
        now: Instant,
        tasks: &TaskScope,
        queue: Option<&Arc<RunQueue>>,
    ) -> bool {
        if !*self.one_thread.get_or_insert_with(|| tasks.share_one_thread()) {
            return false;
        }
        if self.polled != Some(now) {
            let spent = queue.is_some_and(|queue| !queue.is_empty());
            (self.polled, self.count, self.spent) = (Some(now), 0, spent);
        }
        !self.spent
    }

    /// Notes that the channel's task has queued a request.
    pub(super) fn has_queued(&mut self) {
        self.spent = true;
    }

    /// Notes that the channel's task has run a request.
    pub(super) fn has_run(&mut self) {
        self.count += 1;
        if self.count % CLOCK_INTERVAL == 1 {
            let now = tokio::time::Instant::now().into_std();
            self.spent = self.polled.is_none_or(|polled| now.saturating_duration_since(polled) >= SLICE);
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::runtime::Handle;
    use tokio::time::advance;

    use super::*;
    use crate::tasks::Home;

    fn now() -> Instant {
        tokio::time::Instant::now().into_std()
    }

    #[tokio::test(start_paused = true)]
    async fn a_poll_that_has_taken_long_runs_no_further_request_and_the_next_poll_does() {
        let (mut turn, tasks, polled) = (Turn::default(), TaskScope::default(), now());
        for _ in 0..1_000 {
            assert!(turn.takes_request(polled, &tasks, None));
            turn.has_run();
        }
        advance(SLICE).await;
        for _ in 0..CLOCK_INTERVAL {
            turn.has_run();
        }
        assert!(!turn.takes_request(polled, &tasks, None));
        assert!(turn.takes_request(now(), &tasks, None));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn on_several_threads_requests_run_in_other_tasks() {
        assert!(!Turn::default().takes_request(now(), &TaskScope::default(), None));
    }

    #[tokio::test]
    async fn with_event_loops_requests_run_on_the_runtime_of_the_server() {
        let tasks = TaskScope::new(Home::EventLoops(Handle::current()));
        assert!(!Turn::default().takes_request(now(), &tasks, None));
    }
}
