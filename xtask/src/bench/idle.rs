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
use super::results::IdleResult;

pub(super) const NAME: &str = "idle";

/// How long a server gets to come to rest before its memory is read.
const REST: Duration = Duration::from_millis(500);

/// Connections that are opened and closed for the rate.
const CONNECTS: usize = 5_000;

pub(super) fn measure(programs: &Programs, effort: &Effort) -> anyhow::Result<Vec<IdleResult>> {
    [Stack::Raw, Stack::TokioRaw, Stack::Remoting]
        .into_iter()
        .map(|stack| {
            eprintln!("{NAME}/{}", stack.name());
            of(programs, stack, effort.connections).with_context(|| {
                format!(
                    "idle connections of {}; `ulimit -n` must allow {} files",
                    stack.name(),
                    effort.connections
                )
            })
        })
        .collect()
}

fn of(programs: &Programs, stack: Stack, connections: usize) -> anyhow::Result<IdleResult> {
    Ok(IdleResult {
        stack,
        connections,
        fresh_bytes: memory_of_each(programs, stack, connections, false)?,
        used_bytes: memory_of_each(programs, stack, connections, true)?,
        connects_per_second: connect_rate(programs, stack)?,
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
