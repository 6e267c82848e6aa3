//! The latency of requests (Java: `RemotingMetricsManager`).
//!
//! With the feature `metrics` each response is recorded in the histogram `rocketmq_rpc_latency_milliseconds`, with the name
//! and labels of Java's Prometheus exporter. Without it a [`Latency`] is only the start of its request.

#[cfg(feature = "metrics")]
mod histogram;
#[cfg(not(feature = "metrics"))]
mod nothing;

#[cfg(feature = "metrics")]
pub(crate) use self::histogram::Latency;
#[cfg(not(feature = "metrics"))]
pub(crate) use self::nothing::Latency;

/// The upper bounds of Java's buckets for the histogram `rocketmq_rpc_latency_milliseconds`, in milliseconds. Configure the
/// exporter with them, for example with `set_buckets_for_metric` of `metrics-exporter-prometheus`. Otherwise it may export a
/// summary, which RocketMQ's dashboards do not understand.
pub const LATENCY_BUCKETS: [f64; 9] = [1.0, 3.0, 5.0, 7.0, 10.0, 100.0, 1_000.0, 2_000.0, 3_000.0];

/// The label `result`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The request was one-way.
    Oneway,
    /// The response was queued.
    Success,
    /// The request was dropped before it was done.
    Cancelled,
    /// The channel closed before the response.
    WriteChannelFailed,
}

/// Records a request as cancelled when dropped, unless it [has ended](Self::ended).
#[derive(Debug)]
pub(crate) struct Unanswered(Option<Latency>);

impl Unanswered {
    pub(crate) const fn new(latency: Latency) -> Self {
        Self(Some(latency))
    }

    /// Marks the request as done.
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
