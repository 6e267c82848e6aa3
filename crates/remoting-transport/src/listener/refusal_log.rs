//! The log of connections that were closed for what they are or sent. A flood of them must not become a flood of
//! lines.

#[cfg(test)]
pub(crate) mod tests;

use std::{fmt, time::Duration};

use tokio::time::Instant;

use crate::{
    address::Address,
    log_limiter::{LogLimiter, SuppressedEvents},
};

/// How many refusals of an interval get a line of their own at level WARN.
const LINES: usize = 10;
/// An interval begins with a refusal. At its end one line tells how many more there were.
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

    /// A connection from `peer` was closed, and this is why. Beyond [`LINES`] the line is at level DEBUG.
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

    /// Tells at the end of each interval what it kept to itself. Never ends; dropped, it tells what it has not.
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

/// Sums up an interval before its end.
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
