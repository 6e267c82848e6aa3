//! What the numbers were measured on.

use std::fs;
use std::process::Command;

/// Name and value of each thing that matters.
pub(super) fn describe() -> Vec<(String, String)> {
    let cores =
        std::thread::available_parallelism().map_or_else(|_| "?".to_owned(), |cores| cores.to_string());
    [
        ("CPU", line_of("/proc/cpuinfo", "model name")),
        ("cores", cores),
        ("memory", line_of("/proc/meminfo", "MemTotal")),
        ("kernel", said_by("uname", &["-sr"])),
        ("rustc", said_by("rustc", &["--version"])),
        ("commit", said_by("git", &["describe", "--always", "--dirty"])),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

fn line_of(path: &str, key: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let value = text.lines().find_map(|line| line.strip_prefix(key)?.split_once(':'));
    value.map_or_else(|| "?".to_owned(), |(_, value)| value.trim().to_owned())
}

fn said_by(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(crate::cargo::workspace_root()).output();
    output.map_or_else(|_| "?".to_owned(), |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
