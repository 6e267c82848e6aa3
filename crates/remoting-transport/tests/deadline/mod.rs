//! What a test waits for has a deadline, so that a test which would hang fails.
#![allow(dead_code, unreachable_pub, reason = "each test program uses its own part")]

use std::panic::Location;
use std::time::{Duration, Instant};

/// How long a wait may take. It is real time, also where tokio's clock is paused, and more than a busy machine needs.
const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// The deadline of one wait. A loop that polls for something has one.
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

    /// Lets other tasks run. Tokio's clock stands still meanwhile, if it is paused.
    pub async fn yield_now(&self) {
        self.check();
        tokio::task::yield_now().await;
    }

    /// Lets a millisecond pass.
    pub async fn sleep(&self) {
        self.check();
        tokio::time::sleep(Duration::from_millis(1)).await;
    }

    fn check(&self) {
        assert!(Instant::now() < self.at, "what {} waits for did not happen in {LONGEST_WAIT:?}", self.waits);
    }
}

/// Waits until `condition` holds, and lets time pass meanwhile.
#[track_caller]
pub fn until(mut condition: impl FnMut() -> bool) -> impl Future<Output = ()> {
    let deadline = Deadline::start();
    async move {
        while !condition() {
            deadline.sleep().await;
        }
    }
}
