//! Counts and logs requests that fail or are refused. The log is rate-limited.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use remoting_transport::protocol::operation::ContentError;
use remoting_transport::protocol::{BodyError, EncodeError, ErrorChain, RemotingCommand, ResponseCode};
use remoting_transport::{Channel, LogLimiter, catch_panic};

use super::RequestInfo;
use crate::error::ProcessorError;

/// The reason why a request does not reach its processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DispatchError {
    /// Its code has no processor.
    NotSupported,
    /// The server is shutting down.
    GoingAway,
    /// The processor rejects requests for now.
    Rejected,
    /// The executor is full.
    Overloaded,
}

/// Requests of a server or client: gauges, and counters of failures since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct RequestStatistics {
    /// Requests in flight: in a task, thread or responder, or waiting for a permit.
    pub in_flight: usize,
    /// Bytes of responses that wait until their channel is writable.
    pub waiting_response_bytes: usize,
    /// Requests with a code that has no processor.
    pub not_supported: u64,
    /// Requests answered with `GO_AWAY`.
    pub going_away: u64,
    /// Requests rejected by a processor, including one-way requests.
    pub rejected: u64,
    /// Requests refused by a full executor, including one-way requests.
    pub overloaded: u64,
    /// One-way requests among the unsupported, rejected and refused ones. They are lost.
    pub dropped_oneway: u64,
    /// Requests whose processor, hook or request pipeline failed, or whose response could not be encoded.
    pub failed: u64,
    /// Requests whose processor, hook or request pipeline panicked.
    pub panicked: u64,
    /// Requests dropped because their caller had disconnected.
    pub abandoned: u64,
    /// Channels closed because their peer read its responses too slowly.
    pub slow_channels: u64,
}

/// Counts and logs for one endpoint.
#[derive(Debug)]
pub(crate) struct RequestLog {
    withhold_errors: bool,
    counters: Counters,
    refusals: LogLimiter,
    errors: LogLimiter,
    slow_channels: LogLimiter,
}

/// The number of events of one kind that are logged individually in each interval.
const LINES: usize = 10;
const INTERVAL: Duration = Duration::from_secs(10);

#[derive(Debug, Default)]
struct Counters {
    not_supported: AtomicU64,
    going_away: AtomicU64,
    rejected: AtomicU64,
    overloaded: AtomicU64,
    dropped_oneway: AtomicU64,
    failed: AtomicU64,
    panicked: AtomicU64,
    abandoned: AtomicU64,
    slow_channels: AtomicU64,
}

/// Returns the text of an error for the log. Beyond the remark, which is Java's, it has the checksums that differ.
fn chain(error: &ProcessorError) -> String {
    let chain = ErrorChain(error.as_error());
    match error.as_error().downcast_ref() {
        Some(ContentError::Body(BodyError::Checksum { sent, received, .. })) => {
            format!("{chain}: {sent} was sent, the body has {received}")
        }
        _ => chain.to_string(),
    }
}

/// The remark of a response that withholds its error.
const WITHHELD: &str = "internal error";

impl RequestLog {
    pub(crate) fn new(withhold_errors: bool) -> Self {
        let limiter = || LogLimiter::new(LINES, INTERVAL);
        Self {
            withhold_errors,
            counters: Counters::default(),
            refusals: limiter(),
            errors: limiter(),
            slow_channels: limiter(),
        }
    }

    /// Returns the counters. The caller adds the two gauges.
    pub(crate) fn statistics(&self) -> RequestStatistics {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let counters = &self.counters;
        RequestStatistics {
            in_flight: 0,
            waiting_response_bytes: 0,
            not_supported: read(&counters.not_supported),
            going_away: read(&counters.going_away),
            rejected: read(&counters.rejected),
            overloaded: read(&counters.overloaded),
            dropped_oneway: read(&counters.dropped_oneway),
            failed: read(&counters.failed),
            panicked: read(&counters.panicked),
            abandoned: read(&counters.abandoned),
            slow_channels: read(&counters.slow_channels),
        }
    }

    #[cold]
    pub(crate) fn refused(&self, channel: &Channel, info: RequestInfo, error: DispatchError) {
        let counters = &self.counters;
        let (counter, why) = match error {
            DispatchError::NotSupported => (&counters.not_supported, "no processor for its code"),
            DispatchError::GoingAway => (&counters.going_away, "the server is shutting down"),
            DispatchError::Rejected => (&counters.rejected, "its processor rejects requests for now"),
            DispatchError::Overloaded => (&counters.overloaded, "its executor is full"),
        };
        count(counter);
        if info.is_oneway() {
            count(&counters.dropped_oneway);
        }
        let (id, peer, code, opaque) = (channel.id(), channel.peer_addr(), info.code(), info.opaque);
        let what = if info.is_oneway() { "one-way request dropped" } else { "request refused" };
        // Expected during a shutdown, and each client gets a response.
        if error != DispatchError::GoingAway && gets_line(&self.refusals, "requests refused") {
            tracing::warn!(channel = %id, %peer, %code, opaque, "{what}: {why}");
        } else {
            tracing::debug!(channel = %id, %peer, %code, opaque, "{what}: {why}");
        }
    }

    /// Returns the response to a request that failed in a hook, the request pipeline or the processor.
    #[cold]
    pub(crate) fn failed(
        &self,
        channel: &Channel,
        info: RequestInfo,
        error: ProcessorError,
    ) -> RemotingCommand {
        let (id, peer, code, opaque) = (channel.id(), channel.peer_addr(), info.code(), info.opaque);
        if let Some(refusal) = error.as_refusal() {
            // A refusal is a response, not a failure.
            tracing::debug!(channel = %id, %peer, %code, opaque, "request refused by its processor: {refusal}");
            return RemotingCommand::response(refusal.code).with_remark(refusal.remark.clone());
        }
        // `Display` and `Drop` of the error are user code.
        let texts = catch_panic(|| {
            let (chain, remark) = (chain(&error), error.remark());
            drop(error);
            (chain, remark)
        });
        let (chain, remark) = match texts {
            Ok(texts) => texts,
            Err(panic) => return self.panicked(channel, info, &panic),
        };
        count(&self.counters.failed);
        if gets_line(&self.errors, "requests failed") {
            tracing::warn!(channel = %id, %peer, %code, opaque, "request failed: {chain}");
        } else {
            tracing::debug!(channel = %id, %peer, %code, opaque, "request failed: {chain}");
        }
        self.system_error(|| remark)
    }

    /// Returns the response to a request that panicked.
    #[cold]
    pub(crate) fn panicked(&self, channel: &Channel, info: RequestInfo, panic: &str) -> RemotingCommand {
        let (id, peer, code, opaque) = (channel.id(), channel.peer_addr(), info.code(), info.opaque);
        count(&self.counters.panicked);
        if gets_line(&self.errors, "requests failed") {
            tracing::error!(channel = %id, %peer, %code, opaque, "a request processor panicked: {panic}");
        } else {
            tracing::debug!(channel = %id, %peer, %code, opaque, "a request processor panicked: {panic}");
        }
        self.system_error(|| format!("request processor panicked: {panic}"))
    }

    /// Returns the substitute for a response that cannot be encoded.
    #[cold]
    pub(crate) fn unencodable(
        &self,
        channel: &Channel,
        response: &RemotingCommand,
        error: &EncodeError,
    ) -> RemotingCommand {
        let (id, peer, code, opaque) =
            (channel.id(), channel.peer_addr(), response.response_code(), response.opaque());
        count(&self.counters.failed);
        let chain = ErrorChain(error);
        if gets_line(&self.errors, "requests failed") {
            tracing::error!(channel = %id, %peer, %code, opaque, "response cannot be encoded: {chain}");
        } else {
            tracing::debug!(channel = %id, %peer, %code, opaque, "response cannot be encoded: {chain}");
        }
        self.system_error(|| format!("response cannot be encoded: {chain}"))
    }

    /// Logs that a blocking executor could not start its first thread.
    #[cold]
    pub(crate) fn no_thread(&self, error: &io::Error) {
        if gets_line(&self.errors, "requests failed") {
            tracing::error!("no thread for a blocking executor: {error}");
        }
    }

    /// Counts a request dropped because its caller has disconnected.
    #[cold]
    pub(crate) fn abandoned(&self, channel: &Channel, info: RequestInfo) {
        count(&self.counters.abandoned);
        tracing::debug!(
            channel = %channel.id(), peer = %channel.peer_addr(), code = %info.code(), opaque = info.opaque,
            "request dropped: its caller has disconnected"
        );
    }

    /// Counts a channel closed because its peer reads its responses too slowly.
    #[cold]
    pub(crate) fn too_slow(&self, channel: &Channel, why: &str) {
        count(&self.counters.slow_channels);
        let (id, peer) = (channel.id(), channel.peer_addr());
        if gets_line(&self.slow_channels, "channels closed as too slow") {
            tracing::warn!(channel = %id, %peer, "closing the channel: {why}");
        } else {
            tracing::debug!(channel = %id, %peer, "closing the channel: {why}");
        }
    }

    fn system_error(&self, remark: impl FnOnce() -> String) -> RemotingCommand {
        let remark = if self.withhold_errors { WITHHELD.to_owned() } else { remark() };
        RemotingCommand::response(ResponseCode::SYSTEM_ERROR).with_remark(remark)
    }
}

/// Returns whether to log an event above DEBUG. Also logs how many events of the previous interval were suppressed.
fn gets_line(limiter: &LogLimiter, what: &str) -> bool {
    let admission = limiter.admit(tokio::time::Instant::now().into_std());
    if let Some(suppressed) = admission.suppressed {
        tracing::warn!("... and {what}: {suppressed}");
    }
    admission.line
}

impl Drop for RequestLog {
    fn drop(&mut self) {
        let now = tokio::time::Instant::now().into_std();
        for (limiter, what) in [
            (&self.refusals, "requests refused"),
            (&self.errors, "requests failed"),
            (&self.slow_channels, "channels closed as too slow"),
        ] {
            if let Some(suppressed) = limiter.flush(now) {
                tracing::warn!("... and {what}: {suppressed}");
            }
        }
    }
}

fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
