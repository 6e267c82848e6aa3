use std::time::Instant;

use super::Outcome;

/// The start of a request. It is not recorded: the feature `metrics` is off.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Latency(Instant);

impl Latency {
    pub(crate) fn start(now: Instant, _code: i32, _known: impl FnOnce() -> bool) -> Self {
        Self(now)
    }

    /// Returns when the request started.
    pub(crate) const fn started_at(self) -> Instant {
        self.0
    }

    pub(crate) const fn describe() {}

    pub(crate) const fn of_long_poll(self) -> Self {
        self
    }

    pub(crate) const fn record(self, _outcome: Outcome, _response: Option<i32>) {}
}
