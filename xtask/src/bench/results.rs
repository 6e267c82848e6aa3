//! What a run found: what is printed, written as JSON, drawn and judged.

use serde::Serialize;

use super::contestant::Stack;
use super::instructions::Counts;
use super::marks::Mark;

#[derive(Debug, Serialize)]
pub(super) struct Results {
    pub(super) machine: Vec<(String, String)>,
    pub(super) effort: String,
    pub(super) operations: Vec<OperationResult>,
    pub(super) echo: Vec<CaseResult>,
    pub(super) idle: Vec<IdleResult>,
    /// Accepted counts, not of this run.
    pub(super) instructions: Counts,
    pub(super) marks: Vec<Mark>,
}

/// One operation in memory.
#[derive(Debug, Serialize)]
pub(super) struct OperationResult {
    pub(super) id: String,
    pub(super) nanoseconds: f64,
    /// Of each operation, on average; none if not counted.
    pub(super) allocations: Option<f64>,
}

/// One load, with everyone who bore it.
#[derive(Debug, Serialize)]
pub(super) struct CaseResult {
    pub(super) name: String,
    pub(super) connections: usize,
    pub(super) window: usize,
    pub(super) rows: Vec<Row>,
}

/// How one contestant bore it: medians over the rounds.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) contestant: String,
    pub(super) stack: Stack,
    pub(super) requests_per_second: f64,
    /// Of requests per second, in each round.
    pub(super) ratio_to_raw: f64,
    /// Between the rounds' requests per second.
    pub(super) spread: f64,
    pub(super) p50_us: f64,
    pub(super) p99_us: f64,
    pub(super) p999_us: f64,
    /// CPU seconds for a million requests.
    pub(super) server_cpu: f64,
    pub(super) client_cpu: f64,
    pub(super) server_peak_mib: f64,
    pub(super) client_peak_mib: f64,
}

/// What idle connections cost a server, and how fast they come.
#[derive(Debug, Serialize)]
pub(super) struct IdleResult {
    pub(super) contestant: String,
    pub(super) connections: usize,
    /// Connected and silent; none where a connection is not there before its first request.
    pub(super) fresh_bytes: Option<f64>,
    /// After one request on each.
    pub(super) used_bytes: f64,
    /// Connections opened, used for one request and closed, in a second.
    pub(super) connects_per_second: f64,
}

impl Results {
    pub(super) fn new(machine: Vec<(String, String)>, effort: String) -> Self {
        Self {
            machine,
            effort,
            operations: Vec::new(),
            echo: Vec::new(),
            idle: Vec::new(),
            instructions: Counts::new(),
            marks: Vec::new(),
        }
    }

    pub(super) fn row(&self, case: &str, contestant: &str) -> Option<&Row> {
        let case = self.echo.iter().find(|result| result.name == case)?;
        case.rows.iter().find(|row| row.contestant == contestant)
    }
}
