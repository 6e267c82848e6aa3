//! Deadlines that do not overflow.

use std::time::Duration;

use tokio::time::Instant;

/// The substitute for durations that overflow.
pub(crate) const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Returns `start + duration`, or `start` plus a [`YEAR`] if that overflows.
pub(crate) fn deadline_after(start: Instant, duration: Duration) -> Instant {
    start.checked_add(duration.min(YEAR)).unwrap_or(start)
}
