use std::borrow::Cow;
use std::time::Instant;

use remoting_transport::protocol::{RequestCode, ResponseCode};

use super::Outcome;

/// The name that Java's Prometheus exporter gives to `rocketmq_rpc_latency`, whose unit is milliseconds.
const NAME: &str = "rocketmq_rpc_latency_milliseconds";

/// The start of a timed request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Latency {
    at: Instant,
    code: i32,
    /// Whether the code has its own processor. Java labels with any number that a peer sends.
    known: bool,
    long_poll: bool,
}

impl Latency {
    pub(crate) fn start(now: Instant, code: i32, known: impl FnOnce() -> bool) -> Self {
        Self { at: now, code, known: known(), long_poll: false }
    }

    /// Returns when the request started.
    pub(crate) const fn started_at(self) -> Instant {
        self.at
    }

    /// Describes the histogram to the recorder. Repeated calls are harmless.
    pub(crate) fn describe() {
        metrics::describe_histogram!(
            NAME,
            metrics::Unit::Milliseconds,
            "Time from the decoding of a request to the queueing of its response"
        );
    }

    /// Marks the request as answered after its processor returned.
    pub(crate) fn of_long_poll(self) -> Self {
        Self { long_poll: true, ..self }
    }

    pub(crate) fn record(self, outcome: Outcome, response: Option<i32>) {
        let Self { at, code, known, long_poll } = self;
        let elapsed = tokio::time::Instant::now().into_std().saturating_duration_since(at);
        metrics::histogram!(
            NAME,
            "protocol_type" => "remoting",
            "request_code" => request_label(code, known),
            "response_code" => response.map_or(Cow::Borrowed("none"), response_label),
            "is_long_polling" => if long_poll { "true" } else { "false" },
            "result" => result_label(outcome),
        )
        .record(elapsed.as_secs_f64() * 1e3);
    }
}

fn request_label(code: i32, known: bool) -> Cow<'static, str> {
    match RequestCode(code).name() {
        Some(name) => name.to_ascii_lowercase().into(),
        None if known => code.to_string().into(),
        None => "unknown".into(),
    }
}

/// Response codes are chosen by this side, so their number is bounded.
fn response_label(code: i32) -> Cow<'static, str> {
    ResponseCode(code).name().map_or_else(|| code.to_string().into(), |name| name.to_ascii_lowercase().into())
}

const fn result_label(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Oneway => "oneway",
        Outcome::Success => "success",
        Outcome::Cancelled => "cancelled",
        Outcome::WriteChannelFailed => "write_channel_failed",
    }
}
