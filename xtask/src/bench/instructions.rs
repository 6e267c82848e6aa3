//! User-space instructions for each request: a number that does not depend on how busy the machine is.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, bail};

use super::NOT_INSTALLED;
use super::process::Process;
use super::programs::Programs;
use crate::cargo::workspace_root;

/// Two runs of these lengths: what happens once cancels out.
const SHORT: u64 = 20_000;
const LONG: u64 = 60_000;

/// Requests in flight.
const WINDOW: &str = "64";

/// By which share a count may exceed the accepted one. How requests fall into batches varies a little.
const TOLERANCE: f64 = 0.03;

/// `server` or `client`, and the header encoding, to instructions for each request.
pub(super) type Counts = BTreeMap<String, f64>;

pub(super) fn run(accept: bool) -> anyhow::Result<ExitCode> {
    if !Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
    {
        eprintln!("valgrind is not installed: no instructions counted");
        return Ok(ExitCode::from(NOT_INSTALLED));
    }
    let program = Programs::load()?;
    let mut counts = Counts::new();
    for header in ["rocketmq", "json"] {
        for side in ["server", "client"] {
            let count = |requests| instructions(&program, side, header, requests);
            let each = (count(LONG)? - count(SHORT)?) / (LONG - SHORT) as f64;
            counts.insert(format!("{side} {header}"), each.round());
        }
    }
    if accept {
        let path = path();
        let text = serde_json::to_string_pretty(&counts).context("counts as JSON")?;
        fs::write(&path, text + "\n").with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(if compare(&counts, &accepted()?) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn path() -> PathBuf {
    workspace_root().join("benches/instructions.json")
}

/// The counts that were accepted last.
pub(super) fn accepted() -> anyhow::Result<Counts> {
    let path = path();
    let text = fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}; --instructions --accept writes it", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("not counts: {}", path.display()))
}

/// Prints the counts; false if one is higher than it may be.
fn compare(counts: &Counts, accepted: &Counts) -> bool {
    let mut all_accepted = true;
    println!("{:<20} {:>12} {:>10}", "instructions", "for each", "accepted");
    for (what, &count) in counts {
        let limit = accepted.get(what).copied();
        let verdict = match limit {
            Some(limit) if count > limit * (1.0 + TOLERANCE) => {
                all_accepted = false;
                "more than accepted"
            }
            Some(limit) if count < limit * (1.0 - TOLERANCE) => "less: accept it with --accept",
            Some(_) => "",
            None => {
                all_accepted = false;
                "not accepted yet: --accept"
            }
        };
        println!("{what:<20} {count:>12.0} {:>10.0} {verdict}", limit.unwrap_or_default());
    }
    all_accepted
}

/// All instructions of one side in a run of so many requests; the other side runs at its own speed.
fn instructions(program: &Path, counted: &str, header: &str, requests: u64) -> anyhow::Result<f64> {
    let output = std::env::temp_dir().join(format!("remoting-bench-{}.callgrind", std::process::id()));
    let command = |side: &str| {
        if side != counted {
            return Command::new(program);
        }
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=callgrind", "--quiet"]);
        valgrind.arg(format!("--callgrind-out-file={}", output.display())).arg(program);
        valgrind
    };
    let mut server = command("server");
    server.args(["server", "remoting"]);
    let server = Process::spawn(server)?;
    let addr = server.expect("listening")?;
    let mut client = command("client");
    client.args(["client", "remoting", "--server", &addr, "--window", WINDOW, "--header", header]);
    let mut client = Process::spawn(client)?;
    client.expect("ready")?;
    client.tell(&format!("count {requests}"))?;
    client.expect("report")?;
    client.end()?;
    server.end()?;
    let text = fs::read_to_string(&output).with_context(|| format!("cannot read {}", output.display()))?;
    fs::remove_file(&output).with_context(|| format!("cannot remove {}", output.display()))?;
    total(&text)
}

/// Callgrind's total, of the events that it was told to count: instructions.
fn total(profile: &str) -> anyhow::Result<f64> {
    let total = profile
        .lines()
        .find_map(|line| line.strip_prefix("totals:").or_else(|| line.strip_prefix("summary:")));
    let Some(total) = total else { bail!("callgrind wrote no total") };
    total.trim().parse().context("callgrind's total")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(count: f64) -> Counts {
        Counts::from([("server rocketmq".to_owned(), count)])
    }

    #[test]
    fn a_count_may_exceed_the_accepted_one_by_the_tolerance_alone() {
        assert!(compare(&counts(1_020.0), &counts(1_000.0)));
        assert!(!compare(&counts(1_040.0), &counts(1_000.0)));
        assert!(compare(&counts(500.0), &counts(1_000.0)));
        assert!(!compare(&counts(1.0), &Counts::new()), "what was never accepted");
    }

    #[test]
    fn the_total_of_a_profile_is_found() {
        let profile = "events: Ir\nfn=(0) main\n1 2\ntotals: 170953291\n";
        assert!((total(profile).unwrap() - 170_953_291.0).abs() < 0.5);
        assert!(total("events: Ir\n").is_err());
    }
}
