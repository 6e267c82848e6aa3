//! The rate-limited log of connections that a listener refused or closed because of what the peer sent.

#[cfg(test)]
pub(crate) mod tests;

use std::{fmt, time::Duration};

use tokio::time::Instant;

use crate::{
    address::Address,
    log_limiter::{LogLimiter, SuppressedEvents},
};

/// The number of refusals per interval that are logged individually at level WARN.
const LINES: usize = 10;
/// An interval begins with a refusal and ends with a summary of the rest.
const INTERVAL: Duration = Duration::from_secs(10);

/// The refusals of one listener.
#[derive(Debug)]
pub(crate) struct RefusalLog {
    listener: Address,
    limiter: LogLimiter,
}

impl RefusalLog {
    pub(crate) fn new(listener: Address) -> Self {
        Self { listener, limiter: LogLimiter::new(LINES, INTERVAL) }
    }

    /// Logs why a connection from `peer` was closed; at level DEBUG beyond [`LINES`].
    pub(crate) fn closed(&self, peer: &Address, why: &dyn fmt::Display) {
        let listener = &self.listener;
        let admission = self.limiter.admit(Instant::now().into_std());
        self.summarize(admission.suppressed);
        if admission.line {
            tracing::warn!(%listener, %peer, "connection closed: {why}");
        } else {
            tracing::debug!(%listener, %peer, "connection closed: {why}");
        }
    }

    /// Logs a summary at the end of each interval. Never completes; dropping it logs the outstanding summary.
    pub(crate) async fn run(&self) {
        let _flush = Flush(self);
        self.limiter.summarize(|suppressed| self.summarize(Some(suppressed))).await;
    }

    fn summarize(&self, suppressed: Option<SuppressedEvents>) {
        let Some(SuppressedEvents { count, within }) = suppressed else { return };
        let seconds = within.as_secs();
        tracing::warn!(listener = %self.listener, "... and {count} more connections closed in the last {seconds} s");
    }

    fn flush(&self) {
        self.summarize(self.limiter.flush(Instant::now().into_std()));
    }
}

/// Logs the summary of an unfinished interval when dropped.
struct Flush<'a>(&'a RefusalLog);

impl Drop for Flush<'_> {
    fn drop(&mut self) {
        self.0.flush();
    }
}

impl Drop for RefusalLog {
    fn drop(&mut self) {
        self.flush();
    }
}
