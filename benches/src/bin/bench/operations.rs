//! What is measured without a socket: criterion's times, and the count of allocations.

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde::Deserialize;

use super::build;
use super::effort::Effort;
use super::process::Process;
use super::results::OperationResult;
use super::statistics::Sample;
use super::turns::Turns;
use crate::cargo::target_directory;

/// The criterion suites, in the order of the table.
pub(super) const SUITES: [&str; 4] = ["codec", "pipeline", "response_table", "round_trip"];

/// The program that counts allocations.
const ALLOCATIONS: &str = "allocations";

/// Does nothing but take room: its length moves the stack of a process, and what lies on it.
const PADDING: &str = "REMOTING_BENCH_PADDING";

/// By how many bytes the padding of one process exceeds that of the one before: no multiple of a cache line.
const PADDING_STEP: usize = 72;

/// `operations/codec`.
pub(super) fn name(suite: &str) -> String {
    format!("operations/{suite}")
}

/// The suites with arguments of criterion's.
pub(super) fn run_criterion(arguments: &[String]) -> anyhow::Result<()> {
    let mut command = build::bench(&SUITES);
    let status = command.arg("--").args(arguments).status().context("cannot start cargo bench")?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}

/// Nanoseconds of each operation, by its name.
type Times = HashMap<String, f64>;

/// The suites, and what each process of them found in all sweeps so far.
pub(super) struct SuiteRun {
    programs: HashMap<String, PathBuf>,
    /// Where criterion keeps what it finds.
    home: PathBuf,
    /// How many of each suite there were so far.
    processes: usize,
    turns: Turns<&'static str, Times>,
}

impl SuiteRun {
    /// Builds the suites.
    pub(super) fn build(suites: Vec<&'static str>) -> anyhow::Result<Self> {
        let programs = if suites.is_empty() {
            HashMap::new()
        } else {
            build::benches(&[&suites[..], &[ALLOCATIONS]].concat())?
        };
        let home = target_directory()?.join("bench-criterion");
        Ok(Self { programs, home, processes: 0, turns: Turns::new(suites) })
    }

    /// Whether there is nothing, or nothing any more, to be measured.
    pub(super) fn is_over(&self) -> bool {
        self.turns.is_over()
    }

    pub(super) fn sweep(&mut self, effort: &Effort, failed: &mut Vec<String>) {
        let Self { programs, home, processes, turns } = self;
        *processes += 1;
        let padding = *processes * PADDING_STEP;
        turns.round(
            failed,
            |suite| name(suite),
            |suite| times(program(programs, suite)?, home, padding, effort).map(Some),
        );
    }

    /// Counts the allocations as well.
    pub(super) fn results(&self) -> anyhow::Result<Vec<OperationResult>> {
        if self.is_over() {
            return Ok(Vec::new());
        }
        let result = |(id, allocations): (String, f64)| {
            let suite = id.split('/').next()?;
            let (_, processes) = self.turns.results().find(|(found, _)| **found == suite)?;
            let nanoseconds = Sample::of(processes.iter().filter_map(|times| times.get(&id).copied()));
            Some(OperationResult { id, nanoseconds, allocations })
        };
        let counts = count_allocations(program(&self.programs, ALLOCATIONS)?)?;
        Ok(counts.into_iter().filter_map(result).collect())
    }
}

fn program<'a>(programs: &'a HashMap<String, PathBuf>, name: &str) -> anyhow::Result<&'a Path> {
    let program = programs.get(name).with_context(|| format!("cargo bench built no program {name:?}"))?;
    Ok(program)
}

/// Runs a suite in a process of its own. Where its code, stack and heap come to lie is decided once in each, by the kernel
/// and by the padding, and an operation of some nanoseconds depends on it.
fn times(program: &Path, home: &Path, padding: usize, effort: &Effort) -> anyhow::Result<Times> {
    // Criterion would compare with what is there, and what another run left there could be taken for this one's.
    if home.exists() {
        fs::remove_dir_all(home).with_context(|| format!("cannot remove {}", home.display()))?;
    }
    let seconds = |duration: Duration| duration.as_secs_f64().to_string();
    let mut command = Command::new(program);
    command.args(["--bench", "--noplot", "--quiet", "--sample-size", "20"]);
    // The median alone is taken, and needs no resampling.
    command.args(["--nresamples", "1000"]);
    command.args(["--warm-up-time", &seconds(effort.operation_warm_up)]);
    command.args(["--measurement-time", &seconds(effort.operation_measure)]);
    command.env("CRITERION_HOME", home).env(PADDING, "x".repeat(padding));
    // It tells of every step.
    let log = home.with_extension("log");
    let file = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
    command.stderr(file);
    let ended = Process::spawn(command).and_then(Process::run_to_end);
    ended.with_context(|| format!("what it said is in {}", log.display()))?;
    let mut times = Times::new();
    read_times(home, &mut times)?;
    Ok(times)
}

#[derive(Deserialize)]
struct Benchmark {
    full_id: String,
    throughput: Option<Throughput>,
}

#[derive(Deserialize)]
struct Throughput {
    #[serde(rename = "Elements")]
    elements: Option<f64>,
}

#[derive(Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    point_estimate: f64,
}

/// Criterion keeps what it found in files, in a directory of its own for each name.
fn read_times(directory: &Path, times: &mut Times) -> anyhow::Result<()> {
    for entry in fs::read_dir(directory).with_context(|| format!("cannot list {}", directory.display()))? {
        let path = entry?.path();
        if path.ends_with("new") {
            let benchmark: Benchmark = read(&path.join("benchmark.json"))?;
            let estimates: Estimates = read(&path.join("estimates.json"))?;
            let elements = benchmark.throughput.and_then(|throughput| throughput.elements).unwrap_or(1.0);
            times.insert(benchmark.full_id, estimates.median.point_estimate / elements);
        } else if path.is_dir() {
            read_times(&path, times)?;
        }
    }
    Ok(())
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> anyhow::Result<T> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("not what criterion writes: {}", path.display()))
}

/// Name and count, in the order of the operations.
fn count_allocations(program: &Path) -> anyhow::Result<Vec<(String, f64)>> {
    let lines = Process::spawn(Command::new(program))?.run_to_end()?;
    let lines = lines.iter().filter_map(|line| line.split_once('\t'));
    lines.map(|(id, count)| Ok((id.to_owned(), count.parse().context("a count of allocations")?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_criterion_keeps_is_read_for_each_element() {
        let home = std::env::temp_dir().join(format!("remoting-criterion-{}", std::process::id()));
        for (directory, id, throughput, median) in [
            ("codec/decode/new", "codec/decode", r#"{"Elements":32}"#, 3200.0),
            ("codec/encode/new", "codec/encode", "null", 7.0),
        ] {
            let directory = home.join(directory);
            fs::create_dir_all(&directory).unwrap();
            let benchmark = format!(r#"{{"full_id":"{id}","throughput":{throughput}}}"#);
            fs::write(directory.join("benchmark.json"), benchmark).unwrap();
            let estimates = format!(r#"{{"median":{{"point_estimate":{median}}}}}"#);
            fs::write(directory.join("estimates.json"), estimates).unwrap();
        }
        let mut times = Times::new();
        read_times(&home, &mut times).unwrap();
        fs::remove_dir_all(&home).unwrap();
        assert_eq!(
            times,
            Times::from([("codec/decode".to_owned(), 100.0), ("codec/encode".to_owned(), 7.0)])
        );
    }
}
