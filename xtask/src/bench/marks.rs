//! What the stack is to reach, and whether it has.

use serde::Serialize;

use super::results::Results;

/// One thing to reach.
#[derive(Debug, Serialize)]
pub(super) struct Mark {
    pub(super) what: String,
    pub(super) wanted: f64,
    pub(super) measured: f64,
    /// Whether less is better.
    pub(super) at_most: bool,
}

impl Mark {
    pub(super) fn is_reached(&self) -> bool {
        if self.at_most { self.measured <= self.wanted } else { self.measured >= self.wanted }
    }

    /// By which share of the mark it is missed.
    pub(super) fn missed_by(&self) -> f64 {
        if self.is_reached() { 0.0 } else { (self.measured / self.wanted - 1.0).abs() }
    }
}

/// What is taken from a row and set against the mark.
#[derive(Clone, Copy)]
enum Measure {
    ToRaw,
    /// Requests per second against another contestant of the same case.
    To(&'static str),
    P99,
    ServerCpu,
    ClientCpu,
}

/// JSON headers are to reach this share of each mark against raw.
const JSON_SHARE: f64 = 0.6;

const OURS: &str = "remoting";

const ECHO: [(&str, &str, Measure, f64); 18] = [
    ("echo/pinned/1x1", OURS, Measure::ToRaw, 0.85),
    ("echo/pinned/1x64", OURS, Measure::ToRaw, 0.22),
    ("echo/pinned/1x64", OURS, Measure::To("tarpc"), 5.0),
    ("echo/pinned/1x256", OURS, Measure::ToRaw, 0.12),
    ("echo/pinned/1x256", OURS, Measure::To("tarpc"), 6.0),
    ("echo/pinned/50x1", OURS, Measure::ToRaw, 0.78),
    ("echo/pinned/8x64", OURS, Measure::ToRaw, 0.22),
    ("echo/pinned/8x64", OURS, Measure::To("tarpc"), 6.0),
    ("echo/free/1x64", "remoting 2 workers", Measure::ToRaw, 0.17),
    ("echo/free/8x64", "remoting 2 workers", Measure::ToRaw, 0.2),
    ("echo/pinned/4x8x64KiB", OURS, Measure::To("tokio-raw"), 0.75),
    ("echo/pinned/1x64", OURS, Measure::ServerCpu, 0.18),
    ("echo/pinned/1x64", OURS, Measure::ClientCpu, 0.31),
    ("echo/pinned/1x64", OURS, Measure::P99, 50.0),
    ("echo/pinned/1x1", "remoting JSON", Measure::ToRaw, 0.85 * JSON_SHARE),
    ("echo/pinned/1x64", "remoting JSON", Measure::ToRaw, 0.22 * JSON_SHARE),
    ("echo/pinned/1x256", "remoting JSON", Measure::ToRaw, 0.12 * JSON_SHARE),
    ("echo/pinned/8x64", "remoting JSON", Measure::ToRaw, 0.22 * JSON_SHARE),
];

/// Nanoseconds, at most.
const OPERATIONS: [(&str, f64); 6] = [
    ("codec/ROCKETMQ/send_1k/build+encode", 100.0),
    ("codec/ROCKETMQ/send_1k/decode", 50.0),
    ("codec/ROCKETMQ/send_1k/decode+typed", 180.0),
    ("codec/JSON/send_1k/build+encode", 200.0),
    ("codec/JSON/send_1k/decode", 300.0),
    ("codec/JSON/send_1k/decode+typed", 430.0),
];

/// For each request, at most.
const INSTRUCTIONS: [(&str, f64); 2] = [("server rocketmq", 1_400.0), ("client rocketmq", 2_200.0)];

/// Bytes of server memory for an idle connection, at most.
const IDLE: [(&str, f64); 2] = [(OURS, 3072.0), ("remoting TLS", 20_480.0)];

/// The marks for which this run has numbers.
pub(super) fn judge(results: &Results) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (case, contestant, measure, wanted) in ECHO {
        let Some(row) = results.row(case, contestant) else { continue };
        let (name, measured, at_most) = match measure {
            Measure::ToRaw => ("requests/s, ratio to raw".to_owned(), Some(row.ratio_to_raw), false),
            Measure::To(peer) => {
                let peers =
                    results.row(case, peer).map(|peer| row.requests_per_second / peer.requests_per_second);
                (format!("requests/s, ratio to {peer}"), peers, false)
            }
            Measure::P99 => ("p99, µs".to_owned(), Some(row.p99_us), true),
            Measure::ServerCpu => {
                ("server, CPU s for a million requests".to_owned(), Some(row.server_cpu), true)
            }
            Measure::ClientCpu => {
                ("client, CPU s for a million requests".to_owned(), Some(row.client_cpu), true)
            }
        };
        if let Some(measured) = measured {
            marks.push(Mark { what: format!("{case}, {contestant}: {name}"), wanted, measured, at_most });
        }
    }
    for (id, wanted) in OPERATIONS {
        if let Some(operation) = results.operations.iter().find(|operation| operation.id == id) {
            let what = format!("{id}, ns");
            marks.push(Mark { what, wanted, measured: operation.nanoseconds, at_most: true });
        }
    }
    for (side, wanted) in INSTRUCTIONS {
        if let Some(&measured) = results.instructions.get(side) {
            let what = format!("{side}: user-space instructions for each request, window 64");
            marks.push(Mark { what, wanted, measured, at_most: true });
        }
    }
    for (contestant, wanted) in IDLE {
        let found = results.idle.iter().filter(|idle| idle.contestant == contestant);
        for idle in found {
            let states = [("fresh", idle.fresh_bytes), ("after one request", Some(idle.used_bytes))];
            for (state, measured) in states.into_iter().filter_map(|(state, bytes)| Some((state, bytes?))) {
                let what = format!("idle connection, {contestant}, {state}: server memory in bytes");
                marks.push(Mark { what, wanted, measured, at_most: true });
            }
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(wanted: f64, measured: f64, at_most: bool) -> Mark {
        Mark { what: String::new(), wanted, measured, at_most }
    }

    #[test]
    fn a_mark_is_missed_by_a_share_of_it() {
        assert!(mark(0.22, 0.25, false).is_reached());
        assert!(!mark(50.0, 60.0, true).is_reached());
        assert!((mark(50.0, 60.0, true).missed_by() - 0.2).abs() < 1e-9);
        assert!((mark(0.2, 0.15, false).missed_by() - 0.25).abs() < 1e-9);
    }
}
