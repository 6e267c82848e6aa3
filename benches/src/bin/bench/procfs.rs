//! What the kernel tells of a process from outside.

use std::fs;

use anyhow::Context;

/// CPU seconds of all threads that the process has.
pub(super) fn cpu_seconds(pid: u32) -> anyhow::Result<f64> {
    let mut nanoseconds = 0_u64;
    let tasks = format!("/proc/{pid}/task");
    for task in fs::read_dir(&tasks).with_context(|| format!("cannot list {tasks}"))? {
        // A thread may end between being listed and being read; its time is lost with it.
        let Ok(text) = fs::read_to_string(task?.path().join("schedstat")) else { continue };
        let on_cpu = text.split_whitespace().next().context("an empty schedstat")?;
        nanoseconds += on_cpu.parse::<u64>().context("schedstat")?;
    }
    Ok(nanoseconds as f64 / 1e9)
}

/// The most bytes of memory that the process has had.
pub(super) fn peak_memory(pid: u32) -> anyhow::Result<u64> {
    status(pid, "VmHWM:")
}

/// The bytes of memory that the process has.
pub(super) fn memory(pid: u32) -> anyhow::Result<u64> {
    status(pid, "VmRSS:")
}

/// How many files this process, and those that it starts, could have open at most.
pub(super) fn most_open_files() -> anyhow::Result<usize> {
    let path = "/proc/self/limits";
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?;
    let limits = text.lines().find_map(|line| line.strip_prefix("Max open files"));
    let hard = limits.and_then(|limits| limits.split_whitespace().nth(1));
    let hard = hard.with_context(|| format!("{path} does not limit open files"))?;
    if hard == "unlimited" { Ok(usize::MAX) } else { hard.parse().context(path) }
}

fn status(pid: u32, key: &str) -> anyhow::Result<u64> {
    let path = format!("/proc/{pid}/status");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    let value = text
        .lines()
        .find_map(|line| line.strip_prefix(key))
        .with_context(|| format!("{path} has no {key}"))?;
    let kibibytes: u64 = value.trim().trim_end_matches("kB").trim().parse().context(key.to_owned())?;
    Ok(kibibytes << 10)
}
