//! Time in ticks, for deadlines.

use std::time::{Duration, Instant};

use crate::deadline::YEAR;

/// The precision of deadlines is 10 ms. A call never ends early, and at most about 10 ms late.
const TICKS_PER_SECOND: u64 = 100;
const NANOS_PER_TICK: u32 = 10_000_000;

/// Counts ticks since its creation.
#[derive(Debug)]
pub(super) struct Clock {
    /// Tick 0.
    epoch: Instant,
}

impl Clock {
    pub(super) const fn new(epoch: Instant) -> Self {
        Self { epoch }
    }

    /// Returns the first tick at which a call that began now has used up its time-out. Time-outs are limited
    /// to a year.
    pub(super) fn due(&self, now: Instant, timeout: Duration) -> u64 {
        let timeout = timeout.min(YEAR);
        let since = now.saturating_duration_since(self.epoch);
        let seconds = since.as_secs().saturating_add(timeout.as_secs());
        ticks(seconds, since.subsec_nanos() + timeout.subsec_nanos() + (NANOS_PER_TICK - 1))
    }

    pub(super) fn tick_at_or_before(&self, at: Instant) -> u64 {
        let since = at.saturating_duration_since(self.epoch);
        ticks(since.as_secs(), since.subsec_nanos())
    }

    /// Returns the nanoseconds since the epoch, at least 1. The clock ends after 584 years.
    pub(super) fn nanos(&self, at: Instant) -> u64 {
        let nanos = at.saturating_duration_since(self.epoch).as_nanos();
        u64::try_from(nanos).unwrap_or(u64::MAX).max(1)
    }

    /// Returns the beginning of the tick, or `None` if an instant cannot represent it.
    pub(super) fn begin_of(&self, tick: u64) -> Option<Instant> {
        let millis = tick.saturating_mul(1_000 / TICKS_PER_SECOND);
        self.epoch.checked_add(Duration::from_millis(millis))
    }
}

/// Returns how many whole ticks the time has. `nanos` may be several seconds.
fn ticks(seconds: u64, nanos: u32) -> u64 {
    seconds.saturating_mul(TICKS_PER_SECOND).saturating_add(u64::from(nanos / NANOS_PER_TICK))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endless_time_out_is_a_year() {
        let clock = Clock::new(Instant::now());
        let year = clock.due(clock.epoch, Duration::MAX);
        assert_eq!(clock.begin_of(year).unwrap() - clock.epoch, YEAR);
    }
}
