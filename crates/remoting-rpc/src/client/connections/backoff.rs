//! The pauses between dials of an address that keeps failing.
//!
//! An address fails when a dial fails, and when a channel ends or goes away soon after it was connected. The
//! first failure costs the next dial almost nothing, so a server that restarts is found at once. Each further
//! failure doubles the pause. A channel that lives for a while ends the series.
//!
//! This is bookkeeping only: it neither dials nor reads a clock.

use std::time::Duration;

use rustc_hash::FxHashMap;
use tokio::time::Instant;

use crate::transport::Address;

/// The pause after the first failure.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
/// A channel that ends sooner than this counts as a failure.
const LIVES: Duration = Duration::from_secs(1);
/// A failure that is older than this, plus its pause, is forgotten.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(10);
/// Below this number of addresses, old failures are not searched for.
const FEW: usize = 64;

/// The addresses that failed recently.
#[derive(Debug)]
pub(super) struct Backoff<E> {
    longest_pause: Duration,
    failing: FxHashMap<Address, Failing<E>>,
    /// The number of addresses at which old failures are searched for.
    prune_at: usize,
}

#[derive(Debug)]
struct Failing<E> {
    times: u32,
    until: Instant,
    cause: E,
}

/// A pause before a dial.
#[derive(Debug, Clone)]
pub(in crate::client) struct Pause<E> {
    pub(in crate::client) until: Instant,
    /// The number of consecutive failures of the address.
    pub(in crate::client) failures: u32,
    /// The cause of the last failure.
    pub(in crate::client) cause: E,
}

impl<E: Clone> Backoff<E> {
    pub(super) fn new(longest_pause: Duration) -> Self {
        Self { longest_pause, failing: FxHashMap::default(), prune_at: FEW }
    }

    /// Returns the pause before the next dial of `address`, if there is one.
    pub(super) fn pause(&self, address: &Address, now: Instant) -> Option<Pause<E>> {
        let failing = self.failing.get(address).filter(|failing| failing.until > now)?;
        Some(Pause { until: failing.until, failures: failing.times, cause: failing.cause.clone() })
    }

    /// Records a failed dial.
    pub(super) fn failed(&mut self, address: &Address, now: Instant, cause: E) {
        if self.longest_pause.is_zero() {
            return;
        }
        if self.failing.len() >= self.prune_at {
            self.failing.retain(|_, failing| !failing.is_forgotten(now));
            self.prune_at = (2 * self.failing.len()).max(FEW);
        }
        let before = self.failing.get(address).filter(|failing| !failing.is_forgotten(now));
        let times = before.map_or(0, |failing| failing.times).saturating_add(1);
        let doubled = 2_u32.checked_pow(times - 1).and_then(|factor| FIRST_PAUSE.checked_mul(factor));
        let pause = doubled.map_or(self.longest_pause, |pause| pause.min(self.longest_pause));
        self.failing.insert(address.clone(), Failing { times, until: now + pause, cause });
    }

    /// Records that a channel connected at `since` ended or went away.
    pub(super) fn ended(&mut self, address: &Address, since: Instant, now: Instant, cause: E) {
        if now.saturating_duration_since(since) < LIVES {
            self.failed(address, now, cause);
        } else {
            self.failing.remove(address);
        }
    }
}

impl<E> Failing<E> {
    fn is_forgotten(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.until) >= FORGOTTEN_AFTER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn address(port: u16) -> Address {
        Address::from(std::net::SocketAddr::from(([10, 0, 0, 1], port)))
    }

    fn pause_of(backoff: &Backoff<u32>, now: Instant) -> Option<Duration> {
        backoff.pause(&address(1), now).map(|pause| pause.until - now)
    }

    #[test]
    fn each_failure_doubles_the_pause_up_to_the_longest() {
        let (mut backoff, now) = (Backoff::new(SECOND), Instant::now());
        let pauses: Vec<_> = (0..40)
            .map(|failure| {
                backoff.failed(&address(1), now, failure);
                pause_of(&backoff, now).unwrap().as_millis()
            })
            .collect();
        assert_eq!(pauses[..8], [10, 20, 40, 80, 160, 320, 640, 1000]);
        assert!(pauses[8..].iter().all(|pause| *pause == 1000));
        let pause = backoff.pause(&address(1), now).unwrap();
        assert_eq!((pause.failures, pause.cause), (40, 39));
        assert!(backoff.pause(&address(2), now).is_none());
    }

    #[test]
    fn a_pause_ends() {
        let (mut backoff, now) = (Backoff::new(SECOND), Instant::now());
        backoff.failed(&address(1), now, 0);
        assert_eq!(pause_of(&backoff, now + FIRST_PAUSE), None);
    }

    #[test]
    fn a_long_lived_channel_ends_the_series_and_a_short_lived_one_continues_it() {
        let (mut backoff, now) = (Backoff::new(SECOND), Instant::now());
        backoff.failed(&address(1), now, 0);
        backoff.ended(&address(1), now, now + SECOND / 2, 0);
        assert_eq!(pause_of(&backoff, now + SECOND / 2), Some(2 * FIRST_PAUSE));
        backoff.ended(&address(1), now + SECOND, now + 2 * SECOND, 0);
        backoff.failed(&address(1), now + 2 * SECOND, 0);
        assert_eq!(pause_of(&backoff, now + 2 * SECOND), Some(FIRST_PAUSE));
    }

    #[test]
    fn old_failures_are_forgotten() {
        let (mut backoff, now) = (Backoff::new(SECOND), Instant::now());
        backoff.failed(&address(1), now, 0);
        let later = now + FIRST_PAUSE + FORGOTTEN_AFTER;
        backoff.failed(&address(1), later, 0);
        assert_eq!(pause_of(&backoff, later), Some(FIRST_PAUSE));
        for port in 2..10_000 {
            let second = u32::from(port) / 100;
            backoff.failed(&address(port), later + second * SECOND, 0);
        }
        assert!(backoff.failing.len() < 4_000, "{} addresses", backoff.failing.len());
    }

    #[test]
    fn a_longest_pause_of_zero_disables_pauses() {
        let (mut backoff, now) = (Backoff::new(Duration::ZERO), Instant::now());
        backoff.failed(&address(1), now, 0);
        assert_eq!(pause_of(&backoff, now), None);
    }
}
