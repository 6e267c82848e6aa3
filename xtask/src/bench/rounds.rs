//! One case: everyone's server and client, taking turns.

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

/// What one contestant did in all rounds so far, and with Java its processes, which have to stay warm. They are frozen
/// between their turns: a virtual machine is never quite at rest.
struct Turns {
    contestant: Contestant,
    warm: Option<Pair>,
    rounds: Vec<Round>,
}

pub(super) fn run(programs: &Programs, case: &Case, effort: &Effort) -> anyhow::Result<CaseResult> {
    let mut all = Vec::new();
    for &contestant in &case.contestants {
        let warm = match contestant.stack {
            Stack::Java => Some(warm_up(programs, case, contestant, effort)?),
            _ => None,
        };
        all.push(Turns { contestant, warm, rounds: Vec::new() });
    }
    for number in 1..=effort.rounds {
        eprintln!("{}, round {number}", case.name());
        for turns in &mut all {
            turns
                .take(programs, case, effort)
                .with_context(|| format!("{} in {}", turns.contestant.name(), case.name()))?;
        }
    }
    let raw = all.iter().find(|turns| turns.contestant.stack == Stack::Raw).map(Turns::rates);
    let raw = raw.context("a case without raw")?;
    let rows = all.iter().map(|turns| turns.row(&raw)).collect();
    for warm in all.into_iter().filter_map(|turns| turns.warm) {
        warm.thaw()?;
        warm.end()?;
    }
    Ok(CaseResult { name: case.name(), connections: case.connections, window: case.window, rows })
}

/// Processes whose code is compiled while it runs, once that is done.
fn warm_up(
    programs: &Programs,
    case: &Case,
    contestant: Contestant,
    effort: &Effort,
) -> anyhow::Result<Pair> {
    eprintln!("{}, {} warms up", case.name(), contestant.name());
    let mut pair = Pair::start(programs, case, contestant)?;
    pair.turn(effort.jit_warm_up.as_millis(), 100)?;
    pair.freeze()?;
    Ok(pair)
}

impl Turns {
    /// One round, in processes of its own: where memory comes to lie differs between processes, and is noise too.
    fn take(&mut self, programs: &Programs, case: &Case, effort: &Effort) -> anyhow::Result<()> {
        let (warm_up, measure) = (effort.warm_up.as_millis(), effort.measure.as_millis());
        let round = match &mut self.warm {
            Some(pair) => {
                pair.thaw()?;
                let round = pair.turn(warm_up, measure)?;
                pair.freeze()?;
                round
            }
            None => {
                let mut pair = Pair::start(programs, case, self.contestant)?;
                let round = pair.turn(warm_up, measure)?;
                pair.end()?;
                round
            }
        };
        self.rounds.push(round);
        Ok(())
    }

    fn of_rounds(&self, value: impl Fn(&Round) -> f64) -> Sample {
        Sample::of(self.rounds.iter().map(value))
    }

    fn rates(&self) -> Sample {
        self.of_rounds(|round| round.report.requests / round.report.seconds)
    }

    fn row(&self, raw: &Sample) -> Row {
        let requests_per_second = self.rates();
        Row {
            contestant: self.contestant.name(),
            stack: self.contestant.stack,
            ratio_to_raw: requests_per_second.ratio_to(raw),
            requests_per_second,
            p50_us: self.of_rounds(|round| round.report.p50_ns / 1e3),
            p99_us: self.of_rounds(|round| round.report.p99_ns / 1e3),
            p999_us: self.of_rounds(|round| round.report.p999_ns / 1e3),
            server_cpu: self.of_rounds(|round| round.server_cpu / round.report.requests * 1e6),
            client_cpu: self.of_rounds(|round| round.client_cpu / round.report.requests * 1e6),
            server_peak_mib: self.of_rounds(|round| round.server_peak as f64 / MIB),
            client_peak_mib: self.of_rounds(|round| round.client_peak as f64 / MIB),
        }
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

    fn turn(&mut self, warm_up_ms: u128, measure_ms: u128) -> anyhow::Result<Round> {
        self.client.tell(&format!("time {warm_up_ms} {measure_ms}"))?;
        self.client.expect("measuring")?;
        let before = self.cpu_seconds()?;
        self.client.expect("measured")?;
        let after = self.cpu_seconds()?;
        let report: Report =
            serde_json::from_str(&self.client.expect("report")?).context("a client's report")?;
        ensure!(report.requests > 0.0, "no request was answered within {measure_ms} ms");
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

    fn freeze(&self) -> anyhow::Result<()> {
        self.client.freeze()?;
        self.server.freeze()
    }

    fn thaw(&self) -> anyhow::Result<()> {
        self.server.thaw()?;
        self.client.thaw()
    }

    fn end(self) -> anyhow::Result<()> {
        self.client.end()?;
        self.server.end()
    }
}
