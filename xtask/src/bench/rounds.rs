//! One case: everyone's server and client side by side, taking turns.

use anyhow::Context;
use serde::Deserialize;

use super::cases::Case;
use super::contestant::{Contestant, Stack};
use super::effort::Effort;
use super::process::Process;
use super::procfs;
use super::programs::Programs;
use super::results::{CaseResult, Row};
use super::statistics::{median, spread};

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
}

impl Round {
    fn rate(&self) -> f64 {
        self.report.requests / self.report.seconds
    }
}

/// A server, its client, and their rounds. Between its turns it has nothing to do.
struct Pair {
    contestant: Contestant,
    server: Process,
    client: Process,
    rounds: Vec<Round>,
}

pub(super) fn run(
    programs: &Programs,
    case: &Case,
    peers: &[Stack],
    effort: &Effort,
) -> anyhow::Result<CaseResult> {
    eprintln!("{}", case.name());
    let takes_part = |contestant: &Contestant| {
        let wanted =
            matches!(contestant.stack, Stack::Raw | Stack::Remoting) || peers.contains(&contestant.stack);
        wanted && programs.has(*contestant, case)
    };
    let mut pairs = Vec::new();
    for contestant in case.contestants.iter().copied().filter(takes_part) {
        let pair = Pair::start(programs, case, contestant)
            .and_then(|mut pair| {
                if contestant.stack == Stack::Java {
                    pair.turn(effort.jit_warm_up.as_millis(), 1)?;
                }
                Ok(pair)
            })
            .with_context(|| format!("{} in {}", contestant.name(), case.name()))?;
        pairs.push(pair);
    }
    for _ in 0..effort.rounds {
        for pair in &mut pairs {
            let round = pair
                .turn(effort.warm_up.as_millis(), effort.measure.as_millis())
                .with_context(|| format!("{} in {}", pair.contestant.name(), case.name()))?;
            pair.rounds.push(round);
        }
    }
    let raw_rates: Vec<f64> =
        pairs.first().map_or_else(Vec::new, |raw| raw.rounds.iter().map(Round::rate).collect());
    let rows = pairs.into_iter().map(|pair| pair.finish(&raw_rates)).collect::<anyhow::Result<_>>()?;
    Ok(CaseResult { name: case.name(), connections: case.connections, window: case.window, rows })
}

impl Pair {
    fn start(programs: &Programs, case: &Case, contestant: Contestant) -> anyhow::Result<Self> {
        let server = Process::spawn(programs.server(contestant, case.placement)?)?;
        let addr = server.expect("listening")?;
        let client = Process::spawn(programs.client(contestant, case, &addr)?)?;
        client.expect("ready")?;
        Ok(Self { contestant, server, client, rounds: Vec::new() })
    }

    fn turn(&mut self, warm_up_ms: u128, measure_ms: u128) -> anyhow::Result<Round> {
        self.client.tell(&format!("time {warm_up_ms} {measure_ms}"))?;
        self.client.expect("measuring")?;
        let before = self.cpu_seconds()?;
        self.client.expect("measured")?;
        let after = self.cpu_seconds()?;
        let report = serde_json::from_str(&self.client.expect("report")?).context("a client's report")?;
        Ok(Round { report, server_cpu: after.0 - before.0, client_cpu: after.1 - before.1 })
    }

    /// Of the server and of the client.
    fn cpu_seconds(&self) -> anyhow::Result<(f64, f64)> {
        Ok((procfs::cpu_seconds(self.server.id())?, procfs::cpu_seconds(self.client.id())?))
    }

    fn finish(self, raw_rates: &[f64]) -> anyhow::Result<Row> {
        let of_rounds = |value: &dyn Fn(&Round) -> f64| median(self.rounds.iter().map(value));
        let rates: Vec<f64> = self.rounds.iter().map(Round::rate).collect();
        let megabytes = |pid| anyhow::Ok(procfs::peak_memory(pid)? as f64 / f64::from(1 << 20));
        let row = Row {
            contestant: self.contestant.name(),
            stack: self.contestant.stack,
            requests_per_second: median(rates.iter().copied()),
            ratio_to_raw: median(rates.iter().zip(raw_rates).map(|(rate, raw)| rate / raw)),
            spread: spread(&rates),
            p50_us: of_rounds(&|round| round.report.p50_ns / 1e3),
            p99_us: of_rounds(&|round| round.report.p99_ns / 1e3),
            p999_us: of_rounds(&|round| round.report.p999_ns / 1e3),
            server_cpu: of_rounds(&|round| round.server_cpu / round.report.requests * 1e6),
            client_cpu: of_rounds(&|round| round.client_cpu / round.report.requests * 1e6),
            server_peak_mib: megabytes(self.server.id())?,
            client_peak_mib: megabytes(self.client.id())?,
        };
        self.client.end()?;
        self.server.end()?;
        Ok(row)
    }
}
