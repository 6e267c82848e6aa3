//! What connections cost a server that does nothing for them, and how fast they come and go.

use std::thread;
use std::time::Duration;

use anyhow::Context;

use super::cases::Placement;
use super::contestant::{Contestant, Stack};
use super::effort::Effort;
use super::process::Process;
use super::procfs;
use super::programs::Programs;
use super::results::{ConnectResult, IdleResult};
use super::statistics::Sample;
use super::turns::Turns;

/// How long a server gets to come to rest before its memory is read.
pub(super) const REST: Duration = Duration::from_millis(300);

/// Files beside the connections that a process may have open: libraries, pollers, the jars of Java.
const OTHER_FILES: usize = 500;

/// Connections that are opened and closed for the rate. Each leaves a port that cannot be used for a while.
pub(super) const CONNECTS: usize = 2_000;

pub(super) fn contestants() -> Vec<Contestant> {
    let remoting = Contestant::new(Stack::Remoting);
    let others = [Stack::Tarpc, Stack::Tonic, Stack::Java].map(Contestant::new);
    let bytes = [Stack::Raw, Stack::TokioRaw, Stack::TokioRustls].map(Contestant::new);
    [&bytes[..], &[remoting, remoting.tls()], &others].concat()
}

/// `idle/remoting TLS`.
pub(super) fn idle_name(contestant: &Contestant) -> String {
    format!("idle/{}", contestant.name())
}

/// `connect/remoting TLS`.
pub(super) fn connect_name(contestant: &Contestant) -> String {
    format!("connect/{}", contestant.name())
}

/// The servers, and what one connection cost each of them in all sweeps so far.
pub(super) struct IdleRun {
    connections: usize,
    turns: Turns<Contestant, Memory>,
}

impl IdleRun {
    pub(super) fn new(contestants: Vec<Contestant>, effort: &Effort) -> anyhow::Result<Self> {
        let most = procfs::most_open_files()?.saturating_sub(OTHER_FILES);
        Ok(Self { connections: effort.idle_connections.min(most), turns: Turns::new(contestants) })
    }

    /// Whether there is nothing, or nothing any more, to be measured.
    pub(super) fn is_over(&self) -> bool {
        self.turns.is_over()
    }

    pub(super) fn sweep(&mut self, programs: &Programs, failed: &mut Vec<String>) {
        let connections = self.connections;
        self.turns.round(failed, idle_name, |&contestant| {
            memory_of_each(programs, contestant, connections).map(Some)
        });
    }

    pub(super) fn results(&self) -> Vec<IdleResult> {
        let result = |(contestant, rounds): (&Contestant, &[Memory])| IdleResult {
            contestant: contestant.name(),
            connections: self.connections,
            fresh_bytes: Sample::of(rounds.iter().map(|memory| memory.fresh)),
            used_bytes: Sample::of(rounds.iter().map(|memory| memory.used)),
        };
        self.turns.results().map(result).collect()
    }
}

/// The servers, and how fast connections came and went in all sweeps so far.
pub(super) struct ConnectRun(Turns<Contestant, f64>);

impl ConnectRun {
    pub(super) fn new(contestants: Vec<Contestant>) -> Self {
        Self(Turns::new(contestants))
    }

    /// Whether there is nothing, or nothing any more, to be measured.
    pub(super) fn is_over(&self) -> bool {
        self.0.is_over()
    }

    pub(super) fn sweep(&mut self, programs: &Programs, failed: &mut Vec<String>) {
        self.0.round(failed, connect_name, |&contestant| connect_rate(programs, contestant).map(Some));
    }

    pub(super) fn results(&self) -> Vec<ConnectResult> {
        let result = |(contestant, rates): (&Contestant, &[f64])| ConnectResult {
            contestant: contestant.name(),
            connects_per_second: Sample::of(rates.iter().copied()),
        };
        self.0.results().map(result).collect()
    }
}

/// Bytes for each connection.
struct Memory {
    fresh: f64,
    used: f64,
}

fn memory_of_each(programs: &Programs, contestant: Contestant, connections: usize) -> anyhow::Result<Memory> {
    let server = Process::spawn(programs.server(contestant, Placement::Free)?)?;
    let addr = server.expect("listening")?;
    let mut client = Process::spawn(programs.connect(contestant, &addr)?)?;
    client.expect("ready")?;
    // What the first connection makes a server set up for good is none of the others'.
    client.tell("open 1")?;
    client.expect("opened")?;
    client.tell("use")?;
    client.expect("used")?;
    let at_rest = || {
        thread::sleep(REST);
        procfs::memory(server.id())
    };
    let before = at_rest()?;
    let each = |now: u64| now.saturating_sub(before) as f64 / connections as f64;
    client.tell(&format!("open {connections}"))?;
    client.expect("opened")?;
    let fresh = each(at_rest()?);
    client.tell("use")?;
    client.expect("used")?;
    let used = each(at_rest()?);
    client.end()?;
    server.end()?;
    Ok(Memory { fresh, used })
}

fn connect_rate(programs: &Programs, contestant: Contestant) -> anyhow::Result<f64> {
    let server = Process::spawn(programs.server(contestant, Placement::Free)?)?;
    let addr = server.expect("listening")?;
    let mut client = Process::spawn(programs.connect(contestant, &addr)?)?;
    client.expect("ready")?;
    let mut churn = |connections: usize| -> anyhow::Result<f64> {
        client.tell(&format!("churn {connections}"))?;
        client.expect("churned")?.parse().context("how long the connections took")
    };
    // The first ones warm up.
    churn(CONNECTS / 10)?;
    let seconds = churn(CONNECTS)?;
    client.end()?;
    server.end()?;
    Ok(CONNECTS as f64 / seconds)
}
