//! Deadlines that do not overflow.

use std::time::Duration;

use tokio::time::Instant;

<<<<<<< HEAD
/// The substitute for durations that overflow.
pub(crate) const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Returns `start + duration`, or `start` plus a [`YEAR`] if that overflows.
=======
/// The longest duration; longer ones are cut to it.
pub(crate) const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Returns `start + duration`, with `duration` limited to a [`YEAR`].
>>>>>>> 011a0ae (rpc: the calling side in plain English; kinds and errors may grow)
pub(crate) fn deadline_after(start: Instant, duration: Duration) -> Instant {
    start.checked_add(duration.min(YEAR)).unwrap_or(start)
}
