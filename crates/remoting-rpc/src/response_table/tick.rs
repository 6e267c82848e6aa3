//! Time in ticks, for the wheel of deadlines.

use std::time::{Duration, Instant};

use crate::budget::YEAR;

/// How exact deadlines are: 10 ms. A call never ends early and at most about this much late.
const TICKS_PER_SECOND: u64 = 100;
const NANOS_PER_TICK: u32 = 10_000_000;

/// Counts ticks from the moment it was made.
#[derive(Debug)]
pub(super) struct Clock {
    /// Tick 0.
    epoch: Instant,
}

impl Clock {
    pub(super) const fn new(epoch: Instant) -> Self {
        Self { epoch }
    }

    /// The tick in which `started` is, and the first one that does not come before `timeout` has passed. A time-out
    /// without end means a year.
    #[inline]
    pub(super) fn started_and_due(&self, started: Instant, timeout: Duration) -> (u64, u64) {
        let timeout = timeout.min(YEAR);
        match started.checked_duration_since(self.epoch) {
            Some(since) => {
                let seconds = since.as_secs().saturating_add(timeout.as_secs());
                let nanos = since.subsec_nanos() + timeout.subsec_nanos();
                (ticks(since.as_secs(), since.subsec_nanos()), ticks(seconds, nanos + (NANOS_PER_TICK - 1)))
            }
            // The call is older than the channel that was made for it.
            None => {
                let left = timeout.saturating_sub(self.epoch.duration_since(started));
                (0, ticks(left.as_secs(), left.subsec_nanos() + (NANOS_PER_TICK - 1)))
            }
        }
    }

    pub(super) fn tick_at_or_before(&self, at: Instant) -> u64 {
        let since = at.saturating_duration_since(self.epoch);
        ticks(since.as_secs(), since.subsec_nanos())
    }

    /// `None`: beyond what an instant can say.
    pub(super) fn begin_of(&self, tick: u64) -> Option<Instant> {
        let millis = tick.saturating_mul(1_000 / TICKS_PER_SECOND);
        self.epoch.checked_add(Duration::from_millis(millis))
    }
}

/// How many whole ticks there are in so much time; `nanos` may be several seconds.
#[inline]
fn ticks(seconds: u64, nanos: u32) -> u64 {
    seconds.saturating_mul(TICKS_PER_SECOND).saturating_add(u64::from(nanos / NANOS_PER_TICK))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_is_older_than_its_channel_has_no_more_time_than_it_began_with() {
        let begun = Instant::now();
        let clock = Clock::new(begun + Duration::from_secs(2));
        assert_eq!(clock.started_and_due(begun, Duration::from_secs(3)), (0, 100));
        assert_eq!(clock.started_and_due(begun, Duration::from_secs(1)), (0, 0), "it had none left");
    }

    #[test]
    fn a_time_out_without_end_is_a_year() {
        let clock = Clock::new(Instant::now());
        let year = clock.started_and_due(clock.epoch, Duration::MAX).1;
        assert_eq!(clock.begin_of(year).unwrap() - clock.epoch, YEAR);
    }
}
