//! What connections cost a server that does nothing for them, and how fast they come and go.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;

use super::cases::{Case, Placement};
use super::contestant::{Contestant, Stack};
use super::effort::Effort;
use super::process::Process;
use super::procfs;
use super::programs::Programs;
use super::results::IdleResult;

pub(super) const NAME: &str = "idle";

/// How long a server gets to come to rest before its memory is read.
const REST: Duration = Duration::from_millis(500);

/// Connections that are opened and closed for the rate.
const CONNECTS: usize = 5_000;

pub(super) fn measure(programs: &Programs, effort: &Effort) -> anyhow::Result<Vec<IdleResult>> {
    let mut results = Vec::new();
    for stack in [Stack::Raw, Stack::TokioRaw, Stack::Remoting] {
        eprintln!("{NAME}/{}", stack.name());
        let result = plain(programs, stack, effort.connections).with_context(|| failed(stack, effort))?;
        results.push(result);
    }
    eprintln!("{NAME}/TLS");
    results.push(tls(programs, effort.connections).with_context(|| failed(Stack::Remoting, effort))?);
    Ok(results)
}

fn failed(stack: Stack, effort: &Effort) -> String {
    format!("idle connections of {}; `ulimit -n` must allow {} files", stack.name(), effort.connections)
}

fn plain(programs: &Programs, stack: Stack, connections: usize) -> anyhow::Result<IdleResult> {
    Ok(IdleResult {
        contestant: stack.name().to_owned(),
        connections,
        fresh_bytes: Some(memory_of_each(programs, stack, connections, false)?),
        used_bytes: memory_of_each(programs, stack, connections, true)?,
        connects_per_second: connect_rate(programs, stack)?,
    })
}

/// With this project's clients, since these connections are more than sockets.
fn tls(programs: &Programs, connections: usize) -> anyhow::Result<IdleResult> {
    let contestant = Contestant::new(Stack::Remoting).tls();
    let clients = |connections| Case {
        group: NAME,
        placement: Placement::Free,
        connections,
        window: 1,
        body: 128,
        contestants: vec![contestant],
    };
    let server = Process::spawn(programs.server(contestant, Placement::Free)?)?;
    let addr = server.expect("listening")?;
    let first = Process::spawn(programs.client(contestant, &clients(1), &addr)?)?;
    first.expect("ready")?;
    thread::sleep(REST);
    let before = procfs::memory(server.id())?;
    let started = Instant::now();
    let others = Process::spawn(programs.client(contestant, &clients(connections), &addr)?)?;
    others.expect("ready")?;
    let took = started.elapsed();
    thread::sleep(REST);
    let after = procfs::memory(server.id())?;
    others.end()?;
    first.end()?;
    server.end()?;
    Ok(IdleResult {
        contestant: contestant.name(),
        connections,
        fresh_bytes: None,
        used_bytes: after.saturating_sub(before) as f64 / connections as f64,
        connects_per_second: connections as f64 / took.as_secs_f64(),
    })
}

fn memory_of_each(
    programs: &Programs,
    stack: Stack,
    connections: usize,
    request: bool,
) -> anyhow::Result<f64> {
    let server = Process::spawn(programs.server(Contestant::new(stack), Placement::Free)?)?;
    let addr = server.expect("listening")?;
    // What the first connection makes a server set up for good is none of the others'.
    let mut first = programs.connect(stack, &addr, 1);
    first.arg("--request");
    let first = Process::spawn(first)?;
    first.expect("ready")?;
    thread::sleep(REST);
    let before = procfs::memory(server.id())?;
    let mut command = programs.connect(stack, &addr, connections);
    if request {
        command.arg("--request");
    }
    let client = Process::spawn(command)?;
    client.expect("ready")?;
    thread::sleep(REST);
    let after = procfs::memory(server.id())?;
    client.end()?;
    first.end()?;
    server.end()?;
    Ok(after.saturating_sub(before) as f64 / connections as f64)
}

fn connect_rate(programs: &Programs, stack: Stack) -> anyhow::Result<f64> {
    let server = Process::spawn(programs.server(Contestant::new(stack), Placement::Free)?)?;
    let addr = server.expect("listening")?;
    let mut command = programs.connect(stack, &addr, CONNECTS);
    command.args(["--request", "--close"]);
    let client = Process::spawn(command)?;
    let seconds: f64 = client.expect("ready")?.parse().context("how long the connections took")?;
    client.end()?;
    server.end()?;
    Ok(CONNECTS as f64 / seconds)
}
