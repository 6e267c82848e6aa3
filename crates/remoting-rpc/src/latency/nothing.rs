use std::time::Instant;

use super::Outcome;

/// Nothing: the feature `metrics` is off.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Latency;

impl Latency {
    pub(crate) fn start(_now: Instant, _code: i32, _known: impl FnOnce() -> bool) -> Self {
        Self
    }

    pub(crate) const fn describe() {}

    pub(crate) const fn of_long_poll(self) -> Self {
        self
    }

    pub(crate) const fn record(self, _outcome: Outcome, _response: Option<i32>) {}
}
