//! What is measured without a socket: criterion's times, and the count of allocations.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, ensure};
use serde::Deserialize;

use super::effort::Effort;
use super::programs::target_directory;
use super::results::OperationResult;
use crate::cargo::{cargo, run_to_end};

pub(super) const NAME: &str = "operations";

/// The criterion suites, in the order of the table.
const SUITES: [&str; 3] = ["codec", "pipeline", "round_trip"];

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

pub(super) fn measure(effort: &Effort) -> anyhow::Result<Vec<OperationResult>> {
    let home = target_directory()?.join("criterion");
    let mut criterion = cargo();
    criterion.args(["bench", "--package", "remoting-benches"]);
    criterion.args(SUITES.iter().flat_map(|suite| ["--bench", suite]));
    criterion.args(["--", "--noplot", "--quiet"]).env("CRITERION_HOME", &home).stdout(Stdio::null());
    if effort.quick {
        criterion.args(["--warm-up-time", "0.2", "--measurement-time", "0.5", "--sample-size", "20"]);
    } else {
        criterion.args(["--warm-up-time", "1", "--measurement-time", "2"]);
    }
    eprintln!("{NAME}");
    run_to_end(&mut criterion)?;

    let mut times = HashMap::new();
    read_times(&home, &mut times)?;
    let results = count_allocations()?.into_iter().filter_map(|(id, allocations)| {
        let nanoseconds = *times.get(&id)?;
        Some(OperationResult { id, nanoseconds, allocations: Some(allocations) })
    });
    Ok(results.collect())
}

/// Criterion keeps what it found in files, in a directory of its own for each name.
fn read_times(directory: &Path, times: &mut HashMap<String, f64>) -> anyhow::Result<()> {
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
fn count_allocations() -> anyhow::Result<Vec<(String, f64)>> {
    let mut command = cargo();
    command.args(["bench", "--quiet", "--package", "remoting-benches", "--bench", "allocations"]);
    let output = command.stderr(Stdio::inherit()).output().context("cannot start cargo bench")?;
    ensure!(output.status.success(), "counting allocations ended with {}", output.status);
    let text = String::from_utf8(output.stdout).context("names of operations")?;
    let lines = text.lines().filter_map(|line| line.split_once('\t'));
    lines.map(|(id, count)| Ok((id.to_owned(), count.parse().context("a count of allocations")?))).collect()
}
