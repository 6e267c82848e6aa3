//! The time budget of a call, over all its phases.

use std::time::Duration;

use tokio::time::Instant;

use crate::deadline::deadline_after;

/// One time-out for connecting, permit, capacity and response.
///
/// It starts when a call first waits for something. A call that waits only for its response never reads the
/// clock: its channel's task does, once for all calls that have come.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    started: Option<Instant>,
    timeout: Duration,
}

impl Budget {
    /// Returns a budget that has not started.
    pub(crate) const fn new(timeout: Duration) -> Self {
        Self { started: None, timeout }
    }

    /// Returns a budget that starts now.
    pub(crate) fn start(timeout: Duration) -> Self {
        Self::new(timeout).running()
    }

    /// Returns the budget, started now if it has not started before.
    pub(crate) fn running(self) -> Self {
        Self { started: Some(self.started.unwrap_or_else(Instant::now)), ..self }
    }

    /// Sets the start, unless the budget has started before.
    #[inline]
    pub(crate) fn began(&mut self, at: std::time::Instant) {
        if self.started.is_none() {
            self.started = Some(at.into());
        }
    }

    /// Returns the time at which the budget is spent.
    pub(crate) fn deadline(&self) -> Instant {
        deadline_after(self.started.unwrap_or_else(Instant::now), self.timeout)
    }

    /// Returns the deadline, or `None` if the call must not wait for a permit or for capacity.
    pub(crate) fn deadline_if_any(&self) -> Option<Instant> {
        if self.timeout.is_zero() { None } else { Some(self.deadline()) }
    }

    /// Returns the remaining time.
    #[inline]
    pub(crate) fn left(&self) -> Duration {
        match self.started {
            None => self.timeout,
            Some(started) => self.timeout.saturating_sub(started.elapsed()),
        }
    }

    /// Returns the whole budget, as the caller gave it.
    pub(crate) const fn timeout(&self) -> Duration {
        self.timeout
    }
}
