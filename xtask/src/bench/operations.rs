//! What is measured without a socket: criterion's times, and the count of allocations.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use serde::Deserialize;

use super::effort::Effort;
use super::results::OperationResult;
use crate::cargo::{cargo, run_to_end, target_directory};

/// The criterion suites, in the order of the table.
pub(super) const SUITES: [&str; 4] = ["codec", "pipeline", "response_table", "round_trip"];

/// `operations/codec`.
pub(super) fn name(suite: &str) -> String {
    format!("operations/{suite}")
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
    median_abs_dev: Estimate,
}

#[derive(Deserialize)]
struct Estimate {
    point_estimate: f64,
}

pub(super) fn measure(suites: &[&str], effort: &Effort) -> anyhow::Result<Vec<OperationResult>> {
    if suites.is_empty() {
        return Ok(Vec::new());
    }
    let home = target_directory()?.join("criterion");
    let mut criterion = bench(suites);
    criterion.args(["--", "--noplot", "--quiet"]).env("CRITERION_HOME", &home).stdout(Stdio::null());
    if effort.quick {
        criterion.args(["--warm-up-time", "0.1", "--measurement-time", "0.3", "--sample-size", "20"]);
    } else {
        criterion.args(["--warm-up-time", "0.5", "--measurement-time", "2"]);
    }
    eprintln!("operations: {}", suites.join(", "));
    run_to_end(&mut criterion)?;

    let mut times = HashMap::new();
    read_times(&home, &mut times)?;
    let results = count_allocations()?.into_iter().filter_map(|(id, allocations)| {
        let suite = id.split('/').next()?;
        let &(nanoseconds, deviation) = times.get(&id).filter(|_| suites.contains(&suite))?;
        Some(OperationResult { id, nanoseconds, deviation, allocations })
    });
    Ok(results.collect())
}

/// Builds what [`measure`] runs.
pub(super) fn build(suites: &[&str]) -> anyhow::Result<()> {
    if suites.is_empty() {
        return Ok(());
    }
    run_to_end(bench(&[suites, &["allocations"]].concat()).arg("--no-run"))
}

/// The suites with arguments of criterion's.
pub(super) fn run_criterion(arguments: &[String]) -> anyhow::Result<()> {
    run_to_end(bench(&SUITES).arg("--").args(arguments))
}

/// Built as the programs are, so that nothing is compiled twice.
fn bench(benches: &[&str]) -> Command {
    let mut command = cargo();
    command.args(["bench", "--profile", "release", "--package", "remoting-benches"]);
    command.args(benches.iter().flat_map(|bench| ["--bench", bench]));
    command
}

/// Criterion keeps what it found in files, in a directory of its own for each name: median and deviation.
fn read_times(directory: &Path, times: &mut HashMap<String, (f64, f64)>) -> anyhow::Result<()> {
    for entry in fs::read_dir(directory).with_context(|| format!("cannot list {}", directory.display()))? {
        let path = entry?.path();
        if path.ends_with("new") {
            let benchmark: Benchmark = read(&path.join("benchmark.json"))?;
            let estimates: Estimates = read(&path.join("estimates.json"))?;
            let elements = benchmark.throughput.and_then(|throughput| throughput.elements).unwrap_or(1.0);
            let each = |estimate: &Estimate| estimate.point_estimate / elements;
            times.insert(benchmark.full_id, (each(&estimates.median), each(&estimates.median_abs_dev)));
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
fn count_allocations() -> anyhow::Result<Vec<(String, f64)>> {
    let output =
        bench(&["allocations"]).stderr(Stdio::inherit()).output().context("cannot start cargo bench")?;
    ensure!(output.status.success(), "counting allocations ended with {}", output.status);
    let text = String::from_utf8(output.stdout).context("names of operations")?;
    let lines = text.lines().filter_map(|line| line.split_once('\t'));
    lines.map(|(id, count)| Ok((id.to_owned(), count.parse().context("a count of allocations")?))).collect()
}
