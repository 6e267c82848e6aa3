//! How long requests take to be answered (Java: `RemotingMetricsManager`).
//!
//! With the feature `metrics` each response is recorded in the histogram `rocketmq_rpc_latency`, in milliseconds,
//! under Java's labels. Without it [`Latency`] is empty and its methods do nothing.

#[cfg(feature = "metrics")]
mod histogram;
#[cfg(not(feature = "metrics"))]
mod nothing;

#[cfg(feature = "metrics")]
pub(crate) use self::histogram::Latency;
#[cfg(not(feature = "metrics"))]
pub(crate) use self::nothing::Latency;

/// The label `result`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The request was one-way.
    Oneway,
    /// The response was queued.
    Success,
    /// The request was dropped before its end.
    Cancelled,
    /// No executor could run it.
    ProcessRequestFailed,
    /// The channel closed before the response.
    WriteChannelFailed,
}

/// Records a request as cancelled unless it is told otherwise.
#[derive(Debug)]
pub(crate) struct Unanswered(Option<Latency>);

impl Unanswered {
    pub(crate) const fn new(latency: Latency) -> Self {
        Self(Some(latency))
    }

    /// The request has come to its end.
    pub(crate) fn ended(mut self) {
        self.0 = None;
    }
}

impl Drop for Unanswered {
    fn drop(&mut self) {
        if let Some(latency) = self.0 {
            latency.record(Outcome::Cancelled, None);
        }
    }
}
