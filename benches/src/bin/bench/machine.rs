//! What the numbers were measured on.

use std::fs::{self, File};
use std::io::Read as _;
use std::process::Command;
use std::time::Instant;

use super::build::ROCKETMQ;
use crate::cargo::workspace_root;

/// Readings of which the fastest tells what a system call costs.
const BATCHES: usize = 100;
const CALLS: usize = 1_000;

/// Name and value of each thing that matters and is known before anything is measured.
pub(super) fn describe() -> Vec<(String, String)> {
    let cores =
        std::thread::available_parallelism().map_or_else(|_| "?".to_owned(), |cores| cores.to_string());
    let busy = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let busy = busy.split_whitespace().next().unwrap_or("?").to_owned();
    let peers = format!("tarpc {}, tonic {}, Java module {ROCKETMQ}", locked("tarpc"), locked("tonic"));
    [
        ("CPU", line_of("/proc/cpuinfo", "model name")),
        ("cores", cores),
        ("memory", line_of("/proc/meminfo", "MemTotal")),
        ("kernel", said_by("uname", &["-sr"])),
        ("system call: reading a byte of /dev/zero", system_call()),
        ("load average before the run", busy),
        ("rustc", said_by("rustc", &["--version"])),
        ("JDK", said_by("java", &["--version"]).lines().next().unwrap_or("none").to_owned()),
        ("peers", peers),
        ("commit", said_by("git", &["describe", "--always", "--dirty"])),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

fn system_call() -> String {
    let Ok(mut zero) = File::open("/dev/zero") else { return "?".to_owned() };
    let batches = (0..BATCHES).map(|_| {
        let started = Instant::now();
        for _ in 0..CALLS {
            let _ = zero.read(&mut [0]);
        }
        started.elapsed().as_nanos() as f64 / CALLS as f64
    });
    format!("{:.0} ns", batches.fold(f64::INFINITY, f64::min))
}

/// The version of a peer that its lock file names.
fn locked(package: &str) -> String {
    let lock = fs::read_to_string(workspace_root().join("benches/peers/Cargo.lock")).unwrap_or_default();
    version_in(&lock, package).unwrap_or("?").to_owned()
}

fn version_in<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let (_, rest) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    rest.split('"').next()
}

fn line_of(path: &str, key: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let value = text.lines().find_map(|line| line.strip_prefix(key)?.split_once(':'));
    value.map_or_else(|| "?".to_owned(), |(_, value)| value.trim().to_owned())
}

fn said_by(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(workspace_root()).output();
    output.map_or_else(
        |_| "none".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::version_in;

    #[test]
    fn the_version_of_a_package_is_found_in_a_lock_file() {
        let lock = "[[package]]\nname = \"tarpc-plugins\"\nversion = \"0.14.0\"\n\n\
                    [[package]]\nname = \"tarpc\"\nversion = \"0.37.0\"\n";
        assert_eq!(version_in(lock, "tarpc"), Some("0.37.0"));
        assert_eq!(version_in(lock, "tonic"), None);
    }
}
