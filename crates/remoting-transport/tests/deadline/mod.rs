//! Deadlines for the waits of tests, so that a test fails instead of hanging.
#![allow(dead_code, unreachable_pub, reason = "each test program uses its own part")]

use std::panic::Location;
use std::time::{Duration, Instant};

/// The longest wait, in real time even if tokio's clock is paused. Long enough for a busy machine.
const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// The deadline of a wait. Each polling loop has one.
#[derive(Debug)]
pub struct Deadline {
    at: Instant,
    waits: &'static Location<'static>,
}

impl Deadline {
    #[track_caller]
    pub fn start() -> Self {
        Self { at: Instant::now() + LONGEST_WAIT, waits: Location::caller() }
    }

    /// Lets other tasks run. Does not advance a paused clock.
    pub async fn yield_now(&self) {
        self.check();
        tokio::task::yield_now().await;
    }

    /// Sleeps for a millisecond.
    pub async fn sleep(&self) {
        self.check();
        tokio::time::sleep(Duration::from_millis(1)).await;
    }

    fn check(&self) {
        assert!(Instant::now() < self.at, "what {} waits for did not happen in {LONGEST_WAIT:?}", self.waits);
    }
}

/// Waits until `condition` holds, sleeping in between.
#[track_caller]
pub fn until(mut condition: impl FnMut() -> bool) -> impl Future<Output = ()> {
    let deadline = Deadline::start();
    async move {
        while !condition() {
            deadline.sleep().await;
        }
    }
}
