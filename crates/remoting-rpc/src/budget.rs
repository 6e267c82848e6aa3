//! The time that a call may take, over all its phases.

use std::time::Duration;

use tokio::time::Instant;

/// One time-out for connecting, permit, room and response, begun when the call was made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    started: Instant,
    timeout: Duration,
}

impl Budget {
    /// Starts the clock.
    pub(crate) fn start(timeout: Duration) -> Self {
        Self { started: Instant::now(), timeout }
    }

    pub(crate) const fn started(&self) -> Instant {
        self.started
    }

    /// When it is spent.
    pub(crate) fn deadline(&self) -> Instant {
        deadline_after(self.started, self.timeout)
    }

    /// `None` for a call that does not want to wait for what is scarce.
    pub(crate) fn deadline_if_any(&self) -> Option<Instant> {
        if self.timeout.is_zero() { None } else { Some(self.deadline()) }
    }

    /// The whole budget, as the caller gave it.
    pub(crate) const fn timeout(&self) -> Duration {
        self.timeout
    }
}

/// What a duration without end means.
pub(crate) const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// `start + duration`, where a duration without end means a [`YEAR`].
pub(crate) fn deadline_after(start: Instant, duration: Duration) -> Instant {
    start.checked_add(duration.min(YEAR)).unwrap_or(start)
}
