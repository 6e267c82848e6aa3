//! The requests for tasks of the runtime that the task of a channel runs itself.

use std::time::{Duration, Instant};

use tokio::runtime::{Handle, RuntimeFlavor};

use crate::processor::Registration;

/// What the task of a channel has run of such requests since it was polled.
///
/// On a runtime with one thread nothing else can run while a request does, in whatever task. So the channel's task polls it,
/// which costs no task. When the poll has taken a while, other tasks are due, and further requests are queued.
#[derive(Default)]
pub(super) struct Turn {
    /// The time at which the task was polled.
    polled: Option<Instant>,
    count: u32,
    /// The poll has taken long enough.
    spent: bool,
    /// Whether the runtime has one thread. Found out for the first request.
    one_thread: Option<bool>,
}

/// The time that requests may take of a poll.
const SLICE: Duration = Duration::from_micros(100);

/// The clock is read after the first request, and then after each of this many.
const CLOCK_INTERVAL: u32 = 4;

/// A processor that takes longer than this on average computes, and its requests get tasks of their own.
const COMPUTES: Duration = Duration::from_micros(25);

/// What reading and decoding may take of a poll.
const READING: Duration = Duration::from_micros(50);

impl Turn {
    /// Returns whether the channel's task, polled at `now`, runs the next request itself.
    pub(super) fn takes_request(&mut self, now: Instant) -> bool {
        if !*self.one_thread.get_or_insert_with(|| has_one_thread(&Handle::current())) {
            return false;
        }
        if self.polled != Some(now) {
            (self.polled, self.count, self.spent) = (Some(now), 0, false);
        }
        !self.spent
    }

    /// Notes that the channel's task has run a request of this registration.
    pub(super) fn has_run(&mut self, registration: &Registration) {
        self.count += 1;
        if self.count % CLOCK_INTERVAL == 1 {
            let now = tokio::time::Instant::now().into_std();
            let taken = self.polled.map_or(Duration::ZERO, |polled| now.saturating_duration_since(polled));
            self.spent = taken >= SLICE;
            if taken > READING + COMPUTES * self.count {
                registration.mark_computes();
            }
        }
    }
}

/// Returns whether tasks of this runtime never run in parallel.
pub(super) fn has_one_thread(runtime: &Handle) -> bool {
    runtime.runtime_flavor() == RuntimeFlavor::CurrentThread || runtime.metrics().num_workers() == 1
}
