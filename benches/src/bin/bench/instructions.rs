//! User-space instructions for each request: a number that does not depend on how busy the machine is.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, bail};

use super::process::Process;
use super::{NOT_INSTALLED, build, selection};
use crate::cargo::workspace_root;

/// Requests in flight, and two runs of these lengths: what happens once cancels out.
const RUNS: [(usize, u64, u64); 2] = [(1, 5_000, 15_000), (64, 20_000, 60_000)];

/// By which share a count may exceed the accepted one. How requests fall into batches varies a little.
const TOLERANCE: f64 = 0.03;

/// The executor that is not part of a name.
const INLINE: &str = "inline";

/// `server rocketmq 1x64`, or the like, to instructions for each request.
type Counts = BTreeMap<String, f64>;

pub(super) fn run(only: &[String], accept: bool) -> anyhow::Result<ExitCode> {
    let names: Vec<String> = all().into_iter().map(|what| what.name()).collect();
    selection::check(only, &names)?;
    if !build::runs("valgrind") {
        eprintln!("valgrind is not installed: no instructions counted");
        return Ok(ExitCode::from(NOT_INSTALLED));
    }
    let program = build::load()?;
    let mut counts = Counts::new();
    for what in all() {
        let name = what.name();
        if only.is_empty() || only.iter().any(|part| name.contains(part)) {
            counts.insert(name, what.count(&program)?.round());
        }
    }
    if accept {
        // Those that were not counted now stay as they are.
        let mut all = accepted().unwrap_or_default();
        all.extend(counts.clone());
        let path = path();
        let text = serde_json::to_string_pretty(&all).context("counts as JSON")?;
        fs::write(&path, text + "\n").with_context(|| format!("cannot write {}", path.display()))?;
    }
    let comparison = compare(&counts, &accepted()?);
    print!("{}", comparison.report);
    Ok(if comparison.all_accepted { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// One side of one load.
struct Count {
    side: &'static str,
    header: &'static str,
    /// The server's executor.
    executor: &'static str,
    /// A typed header in each request, and a hook on each side.
    typed: bool,
    window: usize,
    short: u64,
    long: u64,
}

fn all() -> Vec<Count> {
    let mut all = Vec::new();
    for (window, short, long) in RUNS {
        for header in ["rocketmq", "json"] {
            let executor = INLINE;
            for (side, typed) in [("server", false), ("client", false), ("server", true), ("client", true)] {
                all.push(Count { side, header, executor, typed, window, short, long });
            }
        }
        let (side, header, executor) = ("server", "rocketmq", "runtime");
        all.push(Count { side, header, executor, typed: false, window, short, long });
    }
    all
}

impl Count {
    fn name(&self) -> String {
        let executor = if self.executor == INLINE { String::new() } else { format!(" {}", self.executor) };
        let typed = if self.typed { " typed + hook" } else { "" };
        format!("{} {} 1x{}{executor}{typed}", self.side, self.header, self.window)
    }

    fn count(&self, program: &Path) -> anyhow::Result<f64> {
        let instructions = self.instructions(program, self.long)? - self.instructions(program, self.short)?;
        Ok(instructions / (self.long - self.short) as f64)
    }

    /// All instructions of this side in a run of so many requests; the other side runs at its own speed.
    fn instructions(&self, program: &Path, requests: u64) -> anyhow::Result<f64> {
        let output = Output::new();
        let mut server = self.command(program, "server", &output);
        server.args(["server", "remoting", "--executor", self.executor]);
        server.args(self.typed.then_some("--typed"));
        let server = Process::spawn(server)?;
        let addr = server.expect("listening")?;
        let mut client = self.command(program, "client", &output);
        client.args(["client", "remoting", "--server", &addr, "--header", self.header]);
        client.args(["--window", &self.window.to_string()]);
        client.args(self.typed.then_some("--typed"));
        let mut client = Process::spawn(client)?;
        client.expect("ready")?;
        client.tell(&format!("count {requests}"))?;
        client.expect("report")?;
        client.end()?;
        server.end()?;
        let path = &output.0;
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        total(&text)
    }

    fn command(&self, program: &Path, side: &str, output: &Output) -> Command {
        if side != self.side {
            return Command::new(program);
        }
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=callgrind", "--quiet"]);
        valgrind.arg(format!("--callgrind-out-file={}", output.0.display())).arg(program);
        valgrind
    }
}

/// The file that callgrind writes; removed when dropped.
struct Output(PathBuf);

impl Output {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("remoting-bench-{}.callgrind", std::process::id())))
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // It is not there if callgrind did not come to its end.
        let _ = fs::remove_file(&self.0);
    }
}

fn path() -> PathBuf {
    workspace_root().join("benches/instructions.json")
}

/// The counts that were accepted last.
fn accepted() -> anyhow::Result<Counts> {
    let path = path();
    let text = fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}; --instructions --accept writes it", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("not counts: {}", path.display()))
}

struct Comparison {
    all_accepted: bool,
    report: String,
}

fn compare(counts: &Counts, accepted: &Counts) -> Comparison {
    let mut all_accepted = true;
    let mut report = format!("{:<34} {:>12} {:>10}\n", "instructions", "for each", "accepted");
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
        let line = format!("{what:<34} {count:>12.0} {:>10.0} {verdict}", limit.unwrap_or_default());
        report.push_str(line.trim_end());
        report.push('\n');
    }
    Comparison { all_accepted, report }
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
        Counts::from([("server rocketmq 1x64".to_owned(), count)])
    }

    #[test]
    fn a_count_may_exceed_the_accepted_one_by_the_tolerance_alone() {
        let is_accepted = |count, limit: f64| compare(&counts(count), &counts(limit)).all_accepted;
        assert!(is_accepted(1_020.0, 1_000.0));
        assert!(!is_accepted(1_040.0, 1_000.0));
        assert!(is_accepted(500.0, 1_000.0));
        assert!(!compare(&counts(1.0), &Counts::new()).all_accepted, "what was never accepted");
    }

    #[test]
    fn the_total_of_a_profile_is_found() {
        let profile = "events: Ir\nfn=(0) main\n1 2\ntotals: 170953291\n";
        assert!((total(profile).unwrap() - 170_953_291.0).abs() < 0.5);
        assert!(total("events: Ir\n").is_err());
    }
}
