//! Deadlines that do not overflow.

use std::time::Duration;

use tokio::time::Instant;

/// The longest duration. Longer ones are cut to it, so that no deadline overflows.
pub(crate) const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Returns `start + duration`, with `duration` limited to a [`YEAR`].
pub(crate) fn deadline_after(start: Instant, duration: Duration) -> Instant {
    start.checked_add(duration.min(YEAR)).unwrap_or(start)
}
