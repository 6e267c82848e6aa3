//! What the stack is to reach, and whether it has.

use serde::{Deserialize, Serialize};

use super::results::{Along, Results, Row};
use super::statistics::{Sample, growth};

/// One thing to reach.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Mark {
    /// Stable, so that notes can refer to it: `echo/pinned/1x64/remoting/to raw`.
    pub(super) id: String,
    pub(super) wanted: f64,
    pub(super) measured: f64,
    /// How far the farthest round is from the median, as a share of it; none where there is but one.
    pub(super) noise: Option<f64>,
    /// Whether less is better.
    pub(super) at_most: bool,
}

/// What a run says about a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Reached,
    Missed,
    /// Neither: the next run may say something else.
    TooNoisy,
}

/// Rounds that are as far as this from their median say nothing about a mark.
const TOO_NOISY: f64 = 0.4;

impl Mark {
    fn of(id: String, wanted: f64, measured: &Sample, at_most: bool) -> Self {
        Self { id, wanted, measured: measured.median, noise: measured.noise(), at_most }
    }

    fn of_one(id: String, wanted: f64, measured: f64, at_most: bool) -> Self {
        Self { id, wanted, measured, noise: None, at_most }
    }

    pub(super) fn verdict(&self) -> Verdict {
        let is_reached =
            if self.at_most { self.measured <= self.wanted } else { self.measured >= self.wanted };
        match self.noise {
            Some(noise) if noise >= TOO_NOISY => Verdict::TooNoisy,
            _ if is_reached => Verdict::Reached,
            _ => Verdict::Missed,
        }
    }

    pub(super) fn is_reached(&self) -> bool {
        self.verdict() == Verdict::Reached
    }

    /// By which share of the mark it is missed.
    pub(super) fn missed_by(&self) -> f64 {
        if self.verdict() == Verdict::Missed { (self.measured / self.wanted - 1.0).abs() } else { 0.0 }
    }
}

/// What is taken from a row and set against the mark: ratios, which say the most on another machine.
#[derive(Clone, Copy)]
enum Measure {
    /// Requests per second against another contestant of the same case, at least.
    To(&'static str),
    /// The p99 of the latency against its median, at most.
    Tail,
}

impl Measure {
    fn name(self) -> String {
        match self {
            Self::To(peer) => format!("to {peer}"),
            Self::Tail => "p99 to p50".to_owned(),
        }
    }

    const fn is_at_most(self) -> bool {
        !matches!(self, Self::To(_))
    }

    /// None if the peer did not take part, or its numbers are not to be quoted.
    fn of(self, row: &Row, results: &Results, case: &str) -> Option<Sample> {
        Some(match self {
            Self::To(peer) => {
                row.requests_per_second.ratio_to(&results.sound_row(case, peer)?.requests_per_second)
            }
            Self::Tail => row.p99_us.ratio_to(&row.p50_us),
        })
    }
}

/// Of this project with ROCKETMQ headers; the second is its form. tarpc spawns a task for each request, so what is set
/// against it does, too.
const ECHO: [(&str, &str, Measure, f64); 10] = [
    ("echo/pinned/1x1", "", Measure::To("raw"), 0.85),
    ("echo/pinned/1x64", "", Measure::To("raw"), 0.22),
    ("echo/pinned/1x64", " runtime", Measure::To("tarpc"), 3.0),
    ("echo/pinned/1x256", "", Measure::To("raw"), 0.12),
    ("echo/pinned/1x256", " runtime", Measure::To("tarpc"), 3.0),
    ("echo/pinned/50x1", "", Measure::To("raw"), 0.78),
    ("echo/pinned/8x64", "", Measure::To("raw"), 0.22),
    ("echo/pinned/8x64", " runtime", Measure::To("tarpc"), 3.0),
    ("echo/pinned/4x8x64KiB", "", Measure::To("tokio-raw"), 0.75),
    ("echo/pinned/1x64", "", Measure::Tail, 2.0),
];

/// With JSON headers, this share of each mark is to be reached.
const JSON_SHARE: f64 = 0.6;

/// Nanoseconds, at most.
const OPERATIONS: [(&str, f64); 6] = [
    ("codec/ROCKETMQ/send_1k/build+encode", 100.0),
    ("codec/ROCKETMQ/send_1k/decode", 50.0),
    ("codec/ROCKETMQ/send_1k/decode+typed", 180.0),
    ("codec/JSON/send_1k/build+encode", 200.0),
    ("codec/JSON/send_1k/decode", 300.0),
    ("codec/JSON/send_1k/decode+typed", 430.0),
];

/// Operations that are to allocate nothing, but for one allocation for each read buffer of 32 commands.
const ALLOCATION_FREE: [&str; 2] = ["codec/ROCKETMQ/send_1k/encode", "codec/ROCKETMQ/send_1k/decode"];
const PER_READ_BUFFER: f64 = 1.0 / 32.0;

/// For each request with 64 in flight, at most.
const INSTRUCTIONS: [(&str, f64); 2] = [("server", 1_400.0), ("client", 2_200.0)];

/// Bytes of server memory for an idle connection, at most.
const IDLE: [(&str, f64); 2] = [("remoting", 3072.0), ("remoting TLS", 20_480.0)];

/// By which factor the cost of a request may grow along a curve.
const GROWTH: f64 = 1.2;

/// The marks for which this run has numbers.
pub(super) fn judge(results: &Results) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (json, share) in [(false, 1.0), (true, JSON_SHARE)] {
        for (case, form, measure, wanted) in ECHO {
            let contestant = format!("remoting{}{form}", if json { " JSON" } else { "" });
            let at_most = measure.is_at_most();
            let measured =
                results.sound_row(case, &contestant).and_then(|row| measure.of(row, results, case));
            let wanted = if at_most { wanted / share } else { wanted * share };
            let id = format!("{case}/{contestant}/{}", measure.name());
            marks.extend(measured.map(|measured| Mark::of(id, wanted, &measured, at_most)));
        }
        for (side, wanted) in INSTRUCTIONS {
            let header = if json { "json" } else { "rocketmq" };
            let count = results.instructions.get(&format!("{side} {header} 1x64"));
            let id = format!("instructions/{side} {header} 1x64");
            marks.extend(count.map(|&count| Mark::of_one(id, wanted / share, count, true)));
        }
    }
    marks.extend(curves(results));
    marks.extend(operations(results));
    for (contestant, wanted) in IDLE {
        if let Some(idle) = results.idle.iter().find(|idle| idle.contestant == contestant) {
            for (state, bytes) in [("fresh", &idle.fresh_bytes), ("used", &idle.used_bytes)] {
                marks.push(Mark::of(format!("idle/{contestant}/{state} bytes"), wanted, bytes, true));
            }
        }
    }
    marks
}

fn operations(results: &Results) -> Vec<Mark> {
    let find = |id: &str| results.operations.iter().find(|operation| operation.id == id);
    let times = OPERATIONS
        .iter()
        .filter_map(|&(id, wanted)| Some(Mark::of(format!("{id}/ns"), wanted, &find(id)?.nanoseconds, true)));
    let allocations = ALLOCATION_FREE.iter().filter_map(|id| {
        Some(Mark::of_one(format!("{id}/allocations"), PER_READ_BUFFER, find(id)?.allocations, true))
    });
    times.chain(allocations).collect()
}

/// Whether the cost of a request grows with the number of connections, or of requests in flight.
fn curves(results: &Results) -> Vec<Mark> {
    let mut marks = Vec::new();
    for along in [Along::Connections, Along::InFlight] {
        let costs: Vec<f64> = results.curve("remoting", along).into_iter().map(|(_, cost)| cost).collect();
        if costs.len() > 1 {
            let id = format!("scaling/{}/growth of CPU s/M", along.name());
            marks.push(Mark::of_one(id, GROWTH, growth(&costs), true));
        }
    }
    marks
}

#[cfg(test)]
mod tests;
