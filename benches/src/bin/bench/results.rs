//! What a run found: what is printed, kept as JSON, drawn and compared with another run.

use std::fs;
use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::contestant::Stack;
use super::delayed_ack;
use super::statistics::Sample;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Results {
    /// Name and value of what matters about the machine.
    pub(super) machine: Vec<(String, String)>,
    pub(super) effort: String,
    /// Who did not take part, and why.
    pub(super) left_out: Vec<String>,
    /// What went wrong. The rest of the run is none the worse for it.
    pub(super) failed: Vec<String>,
    pub(super) operations: Vec<OperationResult>,
    pub(super) echo: Vec<CaseResult>,
    pub(super) idle: Vec<IdleResult>,
    pub(super) connects: Vec<ConnectResult>,
    pub(super) regions: Vec<RegionResult>,
    /// Empty in results of before name servers were measured.
    #[serde(default)]
    pub(super) name_servers: Vec<NameServerResult>,
}

/// One operation in memory.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct OperationResult {
    pub(super) id: String,
    /// Criterion's median in each process.
    pub(super) nanoseconds: Sample,
    /// Of each operation, on average.
    pub(super) allocations: f64,
}

/// One load, with everyone who bore it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CaseResult {
    pub(super) name: String,
    pub(super) connections: usize,
    pub(super) window: usize,
    /// Bytes of a body; 0 in results of before it was kept.
    #[serde(default)]
    pub(super) body: usize,
    pub(super) rows: Vec<Row>,
}

/// How one contestant bore it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) contestant: String,
    pub(super) stack: Stack,
    pub(super) requests_per_second: Sample,
    /// Of requests per second, in each round.
    pub(super) ratio_to_raw: Sample,
    pub(super) p50_us: Sample,
    pub(super) p99_us: Sample,
    pub(super) p999_us: Sample,
    /// CPU seconds for a million requests.
    pub(super) server_cpu: Sample,
    pub(super) client_cpu: Sample,
    pub(super) server_peak_mib: Sample,
    pub(super) client_peak_mib: Sample,
}

/// What idle connections cost a server: bytes of memory for each.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct IdleResult {
    pub(super) contestant: String,
    pub(super) connections: usize,
    /// Connected and silent.
    pub(super) fresh_bytes: Sample,
    /// After one request on each.
    pub(super) used_bytes: Sample,
}

/// How fast connections come and go.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ConnectResult {
    pub(super) contestant: String,
    /// Opened, used for one request and closed.
    pub(super) connects_per_second: Sample,
}

/// Serving a file, one MiB for each request.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RegionResult {
    pub(super) mode: String,
    pub(super) mib_per_second: Sample,
    /// CPU seconds for a GiB.
    pub(super) server_cpu: Sample,
    pub(super) client_cpu: Sample,
}

/// A name server with 10 000 topics and 100 brokers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct NameServerResult {
    pub(super) server: String,
    /// Routes read, each of a topic on four brokers, with 64 reads in flight.
    pub(super) reads_per_second: Sample,
    /// CPU microseconds for a read.
    pub(super) server_cpu: Sample,
    pub(super) p50_us: Sample,
    pub(super) p99_us: Sample,
    /// The same while brokers register changed topics one after the other.
    pub(super) reads_during_registrations: Sample,
    pub(super) p99_during_registrations_us: Sample,
    pub(super) registrations_per_second: Sample,
    /// Seconds for the first registration of all brokers, 400 topics each.
    pub(super) register_seconds: Sample,
    /// MiB of memory with all topics on all brokers.
    pub(super) memory_mib: Sample,
}

impl Results {
    pub(super) fn new(machine: Vec<(String, String)>, effort: String) -> Self {
        Self {
            machine,
            effort,
            left_out: Vec::new(),
            failed: Vec::new(),
            operations: Vec::new(),
            echo: Vec::new(),
            idle: Vec::new(),
            connects: Vec::new(),
            regions: Vec::new(),
            name_servers: Vec::new(),
        }
    }

    /// Those of an earlier run, as `--json` printed or `--write` kept them.
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("not what --json prints: {}", path.display()))
    }

    /// Returns what a contestant did in a case, unless its numbers are not to be quoted.
    pub(super) fn sound_row(&self, case: &str, contestant: &str) -> Option<&Row> {
        let case = self.echo.iter().find(|result| result.name == case)?;
        let row = case.rows.iter().find(|row| row.contestant == contestant)?;
        delayed_ack::of(case, row).is_none().then_some(row)
    }
}

/// Results for the tests of what is made of them.
#[cfg(test)]
pub(super) mod samples {
    use super::*;

    pub(crate) fn row(stack: Stack, contestant: &str, rate: f64, raw: f64) -> Row {
        let around = |middle: f64| Sample::of([middle * 0.99, middle, middle * 1.01]);
        Row {
            contestant: contestant.to_owned(),
            stack,
            requests_per_second: around(rate),
            ratio_to_raw: around(rate).ratio_to(&around(raw)),
            p50_us: around(30.0),
            p99_us: around(60.0),
            p999_us: around(90.0),
            server_cpu: around(0.2),
            client_cpu: around(0.3),
            server_peak_mib: around(5.0),
            client_peak_mib: around(6.0),
        }
    }

    pub(crate) fn case(connections: usize, window: usize, name: &str, rows: Vec<Row>) -> CaseResult {
        CaseResult { name: name.to_owned(), connections, window, body: 128, rows }
    }

    /// One case with raw, remoting and tarpc; an operation; a server's idle connections.
    pub(crate) fn results() -> Results {
        let mut results = Results::new(vec![("CPU".to_owned(), "a slow one".to_owned())], "short".to_owned());
        results.echo.push(case(
            1,
            64,
            "echo/pinned/1x64",
            vec![
                row(Stack::Raw, "raw", 1_000_000.0, 1_000_000.0),
                row(Stack::Remoting, "remoting", 250_000.0, 1_000_000.0),
                row(Stack::Remoting, "remoting runtime", 200_000.0, 1_000_000.0),
                row(Stack::Tarpc, "tarpc", 100_000.0, 1_000_000.0),
            ],
        ));
        results.operations.push(OperationResult {
            id: "codec/ROCKETMQ/send_1k/decode".to_owned(),
            nanoseconds: Sample::of([59.0, 60.0, 61.0]),
            allocations: 0.0,
        });
        results.idle.push(IdleResult {
            contestant: "remoting".to_owned(),
            connections: 10_000,
            fresh_bytes: Sample::of([2_000.0, 2_010.0]),
            used_bytes: Sample::of([4_000.0, 4_010.0]),
        });
        results
    }
}
