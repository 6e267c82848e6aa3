//! Deadlines that do not overflow.

use std::time::Duration;

use tokio::time::Instant;

/// What a duration without end means.
pub(crate) const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// `start + duration`, where a duration without end means a [`YEAR`].
pub(crate) fn deadline_after(start: Instant, duration: Duration) -> Instant {
    start.checked_add(duration.min(YEAR)).unwrap_or(start)
}
