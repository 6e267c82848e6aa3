//! The time that a call may take, over all its phases.

use std::time::Duration;

use tokio::time::Instant;

use crate::deadline::deadline_after;

/// One time-out for connecting, permit, capacity and response.
///
/// It runs from when a call begins to wait for something. A call that waits for nothing but its response never asks
/// what time it is: its channel's task does, for all calls that have come.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    started: Option<Instant>,
    timeout: Duration,
}

impl Budget {
    /// One that does not run yet.
    pub(crate) const fn new(timeout: Duration) -> Self {
        Self { started: None, timeout }
    }

    /// One that runs from now on.
    pub(crate) fn start(timeout: Duration) -> Self {
        Self::new(timeout).running()
    }

    /// The same, which runs: from now on, if it did not before.
    pub(crate) fn running(self) -> Self {
        Self { started: Some(self.started.unwrap_or_else(Instant::now)), ..self }
    }

    /// It runs since then, if it did not before.
    #[inline]
    pub(crate) fn began(&mut self, at: std::time::Instant) {
        if self.started.is_none() {
            self.started = Some(at.into());
        }
    }

    /// When it is spent.
    pub(crate) fn deadline(&self) -> Instant {
        deadline_after(self.started.unwrap_or_else(Instant::now), self.timeout)
    }

    /// `None` for a call that does not want to wait for what is scarce.
    pub(crate) fn deadline_if_any(&self) -> Option<Instant> {
        if self.timeout.is_zero() { None } else { Some(self.deadline()) }
    }

    /// What is not spent.
    #[inline]
    pub(crate) fn left(&self) -> Duration {
        match self.started {
            None => self.timeout,
            Some(started) => self.timeout.saturating_sub(started.elapsed()),
        }
    }

    /// The whole budget, as the caller gave it.
    pub(crate) const fn timeout(&self) -> Duration {
        self.timeout
    }
}
