//! `cargo xtask vectors`: recorded frames through the codec, malformed streams through a real server.

mod expectation;
mod golden;
mod line;
mod server;
mod stream;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use self::expectation::{End, Expectation};
use self::line::{Stream, Vector};
use self::server::Servers;

/// The number of streams sent concurrently, each on its own connection.
const CONCURRENT_STREAMS: usize = 16;

#[derive(clap::Args)]
#[command(
    after_help = "A line with `frame_hex` must decode to its fields, whole and byte by byte, and encode again: \
    ROCKETMQ to the same bytes, JSON to the same value, and to the same bytes where a Java encoder has no choice.\n\
    A line with `segments` is sent to a server on loopback, which must do what `robust` says, and serve new \
    connections afterwards.\n\
    Each miss is printed; the last line is `N passed, N failed`."
)]
pub(crate) struct Arguments {
    /// JSON Lines files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// A checked line: its name and its fault, if any.
struct Outcome {
    name: String,
    misses: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let mut outcomes = Vec::new();
    let mut streams = Vec::new();
    for file in &arguments.files {
        for (number, vector) in read(file)? {
            match vector {
                Ok(Vector::Frame(frame)) => {
                    let name = format!("{} ({})", frame.name, frame.source);
                    outcomes.push(Outcome::new(name, golden::check(&frame)));
                }
                Ok(Vector::Stream(stream)) => streams.push(stream),
                Err(error) => {
                    outcomes.push(Outcome::new(format!("{} line {number}", file.display()), Err(error)));
                }
            }
        }
    }
    if !streams.is_empty() {
        let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
        outcomes.extend(runtime.block_on(check_streams(streams))?);
    }
    Ok(report(&outcomes))
}

fn read(file: &Path) -> anyhow::Result<Vec<(usize, anyhow::Result<Vector>)>> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    Ok(lines.map(|(at, line)| (at + 1, Vector::parse(line))).collect())
}

async fn check_streams(streams: Vec<Stream>) -> anyhow::Result<Vec<Outcome>> {
    let servers = Servers::start().await?;
    let (patient, hasty) = (servers.patient(), servers.hasty());
    let permits = Arc::new(Semaphore::new(CONCURRENT_STREAMS));
    let mut running = JoinSet::new();
    for (place, stream) in streams.into_iter().enumerate() {
        let permit = Arc::clone(&permits).acquire_owned().await?;
        running.spawn(async move {
            let outcome = async {
                let expectation = Expectation::of(&stream, &stream::survey(&stream)?);
                let server = if expectation.end == End::ClosedInTime { hasty } else { patient };
                stream::check(&stream, &expectation, server).await
            };
            let outcome = outcome.await;
            drop(permit);
            (place, Outcome::new(stream.name, outcome))
        });
    }
    let mut outcomes = running.join_all().await;
    outcomes.sort_unstable_by_key(|(place, _)| *place);
    let mut outcomes: Vec<_> = outcomes.into_iter().map(|(_, outcome)| outcome).collect();
    // Only its faults are reported, because it is not a vector itself.
    let left = servers.stop().await;
    if !left.is_empty() {
        outcomes.push(Outcome { name: "the servers after all streams".into(), misses: left });
    }
    Ok(outcomes)
}

fn report(outcomes: &[Outcome]) -> ExitCode {
    let failed: Vec<_> = outcomes.iter().filter(|outcome| !outcome.misses.is_empty()).collect();
    for outcome in &failed {
        println!("MISS {}: {}", outcome.name, outcome.misses.join("; "));
    }
    println!("{} passed, {} failed", outcomes.len() - failed.len(), failed.len());
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

impl Outcome {
    fn new(name: String, checked: anyhow::Result<Vec<String>>) -> Self {
        let misses = checked.unwrap_or_else(|error| vec![format!("{error:#}")]);
        Self { name, misses }
    }
}
