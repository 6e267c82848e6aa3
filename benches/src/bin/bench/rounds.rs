//! One case: everyone's server and client, taking turns.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde::Deserialize;

use super::cases::Case;
use super::contestant::{Contestant, Stack};
use super::effort::Effort;
use super::process::Process;
use super::procfs;
use super::programs::Programs;
use super::results::{CaseResult, Row};
use super::statistics::Sample;
use super::turns::Turns;

const MIB: f64 = 1_048_576.0;

/// What a client says of one run.
#[derive(Deserialize)]
struct Report {
    requests: f64,
    seconds: f64,
    p50_ns: f64,
    p99_ns: f64,
    p999_ns: f64,
}

/// One round of one contestant.
struct Round {
    report: Report,
    server_cpu: f64,
    client_cpu: f64,
    server_peak: u64,
    client_peak: u64,
}

impl Round {
    fn rate(&self) -> f64 {
        self.report.requests / self.report.seconds
    }
}

/// A case, and what its contestants did in all rounds so far.
pub(super) struct CaseRun {
    case: Case,
    /// Each round with its rate as a share of raw's.
    turns: Turns<Contestant, (Round, f64)>,
}

impl CaseRun {
    pub(super) fn new(mut case: Case) -> Self {
        let turns = Turns::new(std::mem::take(&mut case.contestants));
        Self { case, turns }
    }

    pub(super) const fn case(&self) -> &Case {
        &self.case
    }

    /// Whether raw has failed: nothing could be set against it.
    pub(super) fn is_over(&self) -> bool {
        !self.turns.takers().any(|contestant| contestant.stack == Stack::Raw)
    }

    /// A round for each, and Java's share if the sweep, counted from 1, is one of Java's.
    pub(super) fn sweep(
        &mut self,
        number: usize,
        programs: &Programs,
        effort: &Effort,
        failed: &mut Vec<String>,
    ) {
        let Self { case, turns } = self;
        // Everyone is set against the round of raw before its own.
        let mut raw_rate = f64::NAN;
        let name = |contestant: &Contestant| format!("{} in {}", contestant.name(), case.name());
        turns.round(failed, name, |&contestant| {
            let rounds = match contestant.stack {
                Stack::Java if effort.java_rounds(number) == 0 => Vec::new(),
                Stack::Java => {
                    let warm_up = effort.java_warm_up + effort.warm_up;
                    rounds(programs, case, contestant, warm_up, effort.java_rounds(number), effort)?
                }
                _ => rounds(programs, case, contestant, effort.warm_up, 1, effort)?,
            };
            if let (Stack::Raw, [round]) = (contestant.stack, &rounds[..]) {
                raw_rate = round.rate();
            }
            let to_raw = |round: Round| {
                let to_raw = round.rate() / raw_rate;
                (round, to_raw)
            };
            Ok(rounds.into_iter().map(to_raw).collect::<Vec<_>>())
        });
    }

    /// None if there is nothing to set the others against.
    pub(super) fn result(&self) -> Option<CaseResult> {
        if self.is_over() {
            return None;
        }
        let rows = self.turns.results().map(|(contestant, rounds)| row(*contestant, rounds)).collect();
        let Case { connections, window, body, .. } = self.case;
        Some(CaseResult { name: self.case.name(), connections, window, body, rows })
    }
}

/// So many rounds in processes of their own: where memory comes to lie differs between processes, and is noise too.
fn rounds(
    programs: &Programs,
    case: &Case,
    contestant: Contestant,
    first_warm_up: Duration,
    number: usize,
    effort: &Effort,
) -> anyhow::Result<Vec<Round>> {
    let mut pair = Pair::start(programs, case, contestant)?;
    let mut warm_up = first_warm_up;
    let mut rounds = Vec::new();
    for _ in 0..number {
        rounds.push(pair.turn(warm_up, effort.measure)?);
        warm_up = effort.warm_up;
    }
    pair.end()?;
    Ok(rounds)
}

fn row(contestant: Contestant, rounds: &[(Round, f64)]) -> Row {
    let of_rounds = |value: &dyn Fn(&Round) -> f64| Sample::of(rounds.iter().map(|(round, _)| value(round)));
    Row {
        contestant: contestant.name(),
        stack: contestant.stack,
        requests_per_second: of_rounds(&Round::rate),
        ratio_to_raw: Sample::of(rounds.iter().map(|&(_, to_raw)| to_raw)),
        p50_us: of_rounds(&|round| round.report.p50_ns / 1e3),
        p99_us: of_rounds(&|round| round.report.p99_ns / 1e3),
        p999_us: of_rounds(&|round| round.report.p999_ns / 1e3),
        server_cpu: of_rounds(&|round| round.server_cpu / round.report.requests * 1e6),
        client_cpu: of_rounds(&|round| round.client_cpu / round.report.requests * 1e6),
        server_peak_mib: of_rounds(&|round| round.server_peak as f64 / MIB),
        client_peak_mib: of_rounds(&|round| round.client_peak as f64 / MIB),
    }
}

/// A server and its client.
struct Pair {
    server: Process,
    client: Process,
}

impl Pair {
    fn start(programs: &Programs, case: &Case, contestant: Contestant) -> anyhow::Result<Self> {
        let server = Process::spawn(programs.server(contestant, case.placement)?)?;
        let addr = server.expect("listening")?;
        let client = Process::spawn(programs.client(contestant, case, &addr)?)?;
        client.expect("ready")?;
        Ok(Self { server, client })
    }

    fn turn(&mut self, warm_up: Duration, measure: Duration) -> anyhow::Result<Round> {
        self.client.tell(&format!("time {} {}", warm_up.as_millis(), measure.as_millis()))?;
        self.client.expect("measuring")?;
        let before = self.cpu_seconds()?;
        self.client.expect("measured")?;
        let after = self.cpu_seconds()?;
        let report: Report =
            serde_json::from_str(&self.client.expect("report")?).context("a client's report")?;
        ensure!(report.p50_ns > 0.0, "no request was timed within {measure:?}: is the machine busy?");
        Ok(Round {
            report,
            server_cpu: after.0 - before.0,
            client_cpu: after.1 - before.1,
            server_peak: procfs::peak_memory(self.server.id())?,
            client_peak: procfs::peak_memory(self.client.id())?,
        })
    }

    /// Of the server and of the client.
    fn cpu_seconds(&self) -> anyhow::Result<(f64, f64)> {
        Ok((procfs::cpu_seconds(self.server.id())?, procfs::cpu_seconds(self.client.id())?))
    }

    fn end(self) -> anyhow::Result<()> {
        self.client.end()?;
        self.server.end()
    }
}

#[cfg(test)]
mod tests;
