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

/// How long a server gets to come to rest before its memory is read.
const REST: Duration = Duration::from_millis(300);

/// Files beside the connections that a process may have open: libraries, pollers, the jars of Java.
const OTHER_FILES: usize = 500;

/// Connections that are opened and closed for the rate. Each leaves a port that cannot be used for a while.
const CONNECTS: usize = 2_000;

pub(super) fn contestants() -> Vec<Contestant> {
    let remoting = Contestant::new(Stack::Remoting);
    let others = [Stack::Tarpc, Stack::Tonic, Stack::Java].map(Contestant::new);
    let bytes = [Stack::Raw, Stack::TokioRaw].map(Contestant::new);
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

pub(super) fn idle(
    programs: &Programs,
    contestants: &[Contestant],
    effort: &Effort,
) -> anyhow::Result<Vec<IdleResult>> {
    let connections = effort.idle_connections.min(procfs::most_open_files()?.saturating_sub(OTHER_FILES));
    let memory = in_rounds(contestants, effort.idle_rounds, idle_name, |contestant| {
        memory_of_each(programs, contestant, connections)
    })?;
    let result = |(contestant, rounds): (&Contestant, &Vec<Memory>)| IdleResult {
        contestant: contestant.name(),
        connections,
        fresh_bytes: Sample::of(rounds.iter().map(|memory| memory.fresh)),
        used_bytes: Sample::of(rounds.iter().map(|memory| memory.used)),
    };
    Ok(contestants.iter().zip(&memory).map(result).collect())
}

pub(super) fn connects(
    programs: &Programs,
    contestants: &[Contestant],
    effort: &Effort,
) -> anyhow::Result<Vec<ConnectResult>> {
    let rates =
        in_rounds(contestants, effort.rounds, connect_name, |contestant| connect_rate(programs, contestant))?;
    let result = |(contestant, rates): (&Contestant, Vec<f64>)| ConnectResult {
        contestant: contestant.name(),
        connects_per_second: Sample::of(rates),
    };
    Ok(contestants.iter().zip(rates).map(result).collect())
}

/// Measures all of them in turn, round by round.
fn in_rounds<T>(
    contestants: &[Contestant],
    rounds: usize,
    name: impl Fn(&Contestant) -> String,
    measure: impl Fn(Contestant) -> anyhow::Result<T>,
) -> anyhow::Result<Vec<Vec<T>>> {
    let mut measured: Vec<Vec<T>> = contestants.iter().map(|_| Vec::new()).collect();
    for round in 1..=rounds {
        for (contestant, measured) in contestants.iter().zip(&mut measured) {
            eprintln!("{}, round {round}", name(contestant));
            measured.push(measure(*contestant).with_context(|| name(contestant))?);
        }
    }
    Ok(measured)
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
