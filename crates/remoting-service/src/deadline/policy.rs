use std::time::Duration;

use tokio::time::Instant;

/// How long the methods of a server may run.
///
/// A call may bring its own time, in the form of gRPC's `grpc-timeout`. At the deadline the future of the method is dropped,
/// and the caller gets [`DEADLINE_EXCEEDED`](crate::Code::DeadlineExceeded). By default a call without a time has no deadline,
/// and the time of a call has no limit.
///
/// The time of a call starts when it arrives: over remoting with its request, over gRPC with the head of its request. So it
/// includes the time for which a request waits for its executor. A method whose deadline has passed by then is not called.
///
/// ```
/// use std::time::Duration;
/// use remoting_service::DeadlinePolicy;
///
/// let policy = DeadlinePolicy::new().default_timeout(Duration::from_secs(5)).maximum(Duration::from_secs(60));
/// # let _ = policy;
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeadlinePolicy {
    default: Option<Duration>,
    maximum: Option<Duration>,
}

impl DeadlinePolicy {
    /// Creates a policy that sets no limit.
    #[must_use]
    pub const fn new() -> Self {
        Self { default: None, maximum: None }
    }

    /// Sets the time of calls that bring none. Default: none, they have no deadline.
    #[must_use]
    pub const fn default_timeout(mut self, timeout: Duration) -> Self {
        self.default = Some(timeout);
        self
    }

    /// Sets the longest time of a call, whatever it brings. Default: none.
    #[must_use]
    pub const fn maximum(mut self, maximum: Duration) -> Self {
        self.maximum = Some(maximum);
        self
    }

    /// Returns the deadline of a call that arrived at this time and brings this time-out.
    pub(crate) fn deadline(self, timeout: Option<Duration>, received_at: Instant) -> Option<Instant> {
        let timeout = match (timeout.or(self.default), self.maximum) {
            (Some(timeout), Some(maximum)) => timeout.min(maximum),
            (timeout, maximum) => timeout.or(maximum)?,
        };
        // A time beyond what the clock can count is none.
        received_at.checked_add(timeout)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_time_of_a_call_wins_over_the_default_and_the_maximum_over_both() {
        let received_at = Instant::now();
        let after = |policy: DeadlinePolicy, timeout: Option<Duration>| {
            policy.deadline(timeout, received_at).map(|deadline| deadline - received_at)
        };
        let none = DeadlinePolicy::new();
        assert_eq!(after(none, None), None);
        assert_eq!(after(none, Some(SECOND)), Some(SECOND));
        let default = none.default_timeout(SECOND);
        assert_eq!(after(default, None), Some(SECOND));
        assert_eq!(after(default, Some(SECOND * 9)), Some(SECOND * 9));
        let both = default.maximum(SECOND * 5);
        assert_eq!(after(both, None), Some(SECOND));
        assert_eq!(after(both, Some(SECOND * 9)), Some(SECOND * 5));
        assert_eq!(after(none.maximum(SECOND), None), Some(SECOND));
        assert_eq!(after(none, Some(Duration::MAX)), None);
    }
}
