//! Regions of a file as bodies: by `sendfile`, and by reading and writing them.

use anyhow::Context;
use serde::Deserialize;

use super::cases::Placement;
use super::process::Process;
use super::procfs;
use super::programs::Programs;
use super::results::RegionResult;
use super::statistics::Sample;
use super::turns::Turns;

/// What is served in each round, in MiB, of which each request gets one.
const SERVED: u32 = 1024;
const WARM_UP: u32 = 128;

/// How a body comes out of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// The kernel sends it: `sendfile`.
    Region,
    /// The processor reads it into memory, from where it is written.
    ReadWrite,
    /// As a region over TLS: read and encrypted piece by piece.
    RegionTls,
    /// Read into memory by the processor, over TLS.
    ReadWriteTls,
}

impl Mode {
    pub(super) const ALL: [Self; 4] = [Self::ReadWrite, Self::Region, Self::ReadWriteTls, Self::RegionTls];

    const fn name(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::ReadWrite => "read+write",
            Self::RegionTls => "region TLS",
            Self::ReadWriteTls => "read+write TLS",
        }
    }

    /// The option of the programs.
    pub(super) const fn option(self) -> &'static str {
        match self {
            Self::Region | Self::RegionTls => "region",
            Self::ReadWrite | Self::ReadWriteTls => "read",
        }
    }

    pub(super) const fn is_tls(self) -> bool {
        matches!(self, Self::RegionTls | Self::ReadWriteTls)
    }
}

/// `regions/read+write`.
pub(super) fn name(mode: Mode) -> String {
    format!("regions/{}", mode.name())
}

/// What a client says of one run.
#[derive(Deserialize)]
struct Report {
    requests: f64,
    seconds: f64,
}

/// One round of one mode.
struct Round {
    report: Report,
    server_cpu: f64,
    client_cpu: f64,
}

/// The modes, and what each did in all sweeps so far.
pub(super) struct RegionRun(Turns<Mode, Round>);

impl RegionRun {
    pub(super) fn new(modes: Vec<Mode>) -> Self {
        Self(Turns::new(modes))
    }

    /// Whether there is nothing, or nothing any more, to be measured.
    pub(super) fn is_over(&self) -> bool {
        self.0.is_over()
    }

    pub(super) fn sweep(&mut self, programs: &Programs, failed: &mut Vec<String>) {
        self.0.round(failed, |mode| name(*mode), |&mode| round(programs, mode).map(Some));
    }

    pub(super) fn results(&self) -> Vec<RegionResult> {
        let result = |(mode, rounds): (&Mode, &[Round])| {
            let of_rounds = |value: &dyn Fn(&Round) -> f64| Sample::of(rounds.iter().map(value));
            RegionResult {
                mode: mode.name().to_owned(),
                mib_per_second: of_rounds(&|round| round.report.requests / round.report.seconds),
                server_cpu: of_rounds(&|round| round.server_cpu / round.report.requests * 1024.0),
                client_cpu: of_rounds(&|round| round.client_cpu / round.report.requests * 1024.0),
            }
        };
        self.0.results().map(result).collect()
    }
}

fn round(programs: &Programs, mode: Mode) -> anyhow::Result<Round> {
    let server = Process::spawn(programs.region_server(mode, Placement::Free)?)?;
    let addr = server.expect("listening")?;
    let mut client = Process::spawn(programs.region_client(mode, Placement::Free, &addr)?)?;
    client.expect("ready")?;
    client.tell(&format!("count {WARM_UP}"))?;
    client.expect("report")?;
    client.tell(&format!("count {SERVED}"))?;
    client.expect("measuring")?;
    let before = (procfs::cpu_seconds(server.id())?, procfs::cpu_seconds(client.id())?);
    client.expect("measured")?;
    let after = (procfs::cpu_seconds(server.id())?, procfs::cpu_seconds(client.id())?);
    let report = serde_json::from_str(&client.expect("report")?).context("a client's report")?;
    client.end()?;
    server.end()?;
    Ok(Round { report, server_cpu: after.0 - before.0, client_cpu: after.1 - before.1 })
}
