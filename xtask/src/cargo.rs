//! Running cargo and other commands.

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

/// The root of the workspace.
pub(crate) fn workspace_root() -> &'static Path {
    let manifest_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest_dir.parent().unwrap_or(manifest_dir)
}

/// A cargo of the toolchain that runs this program.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Build scripts such as ring's depend on variables that cargo sets for the package of this program. With them, crates
    // would be built again whenever another program starts cargo.
    let names = std::env::vars_os().map(|(name, _)| name).filter(|name| {
        let name = name.to_string_lossy();
        name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
    });
    names.for_each(|name| {
        command.env_remove(name);
    });
    command
}

/// Whether `cargo NAME` is a command that is installed.
pub(crate) fn has_subcommand(name: &str) -> anyhow::Result<bool> {
    let output = cargo().arg("--list").output().context("cannot start cargo")?;
    let list = String::from_utf8_lossy(&output.stdout);
    Ok(list.lines().any(|line| line.split_whitespace().next() == Some(name)))
}

/// Runs a command in the root of the workspace to its end. A failure is an error that shows the command.
pub(crate) fn run_to_end(command: &mut Command) -> anyhow::Result<()> {
    let status = command.current_dir(workspace_root()).status();
    let status = status.with_context(|| format!("cannot start {command:?}"))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}

/// Becomes the command that follows, in whose process group a subshell stays. It kills the group when its input ends: when
/// this program drops the other end of the pipe, or ends for whatever reason.
const GUARDED: &str =
    r#"exec 3<&0; (cat <&3; kill -s KILL 0) >/dev/null 2>&1 & exec "$0" "$@" 3<&- </dev/null"#;

/// Does the same as [`run_to_end`], but kills the command, with all that it has started, when the time is over. That is an
/// error.
pub(crate) fn run_within(limit: Duration, command: &mut Command) -> anyhow::Result<()> {
    let until = Instant::now() + limit;
    let mut guarded = Command::new("sh");
    guarded.args(["-c", GUARDED]).arg(command.get_program()).args(command.get_args());
    guarded.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    guarded.current_dir(workspace_root()).stdin(Stdio::piped()).process_group(0);
    let mut child = guarded.spawn().context("cannot start sh")?;
    let guard = child.stdin.take();
    let status = loop {
        let status = child.try_wait().with_context(|| format!("waiting for {command:?}"))?;
        if status.is_some() || Instant::now() >= until {
            break status;
        }
        thread::sleep(Duration::from_millis(50));
    };
    drop(guard);
    if status.is_none() {
        child.wait().with_context(|| format!("waiting for {command:?}"))?;
    }
    let status = status.with_context(|| format!("{command:?} did not end within {limit:?}"))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}

/// Where cargo puts what it builds: this program is in a directory of its profile there.
pub(crate) fn target_directory() -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe().context("cannot find this program")?;
    let target = program.ancestors().nth(2).context("this program is not in a directory of cargo's")?;
    Ok(target.to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn cargo_does_not_inherit_what_it_has_set_for_this_program() {
        let command = cargo();
        for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME"] {
            assert!(command.get_envs().any(|variable| variable == (name.as_ref(), None)), "{name}");
        }
    }

    #[test]
    fn a_command_that_does_not_end_in_time_is_an_error_that_says_so() {
        let error = run_within(Duration::ZERO, Command::new("sleep").arg("600")).unwrap_err().to_string();
        assert!(error.contains("sleep") && error.ends_with("did not end within 0ns"), "{error}");
    }

    #[test]
    fn a_command_that_ends_in_time_is_judged_by_its_status() {
        run_within(HOUR, &mut shell("exit 0")).unwrap();
        let error = run_within(HOUR, &mut shell("exit 1")).unwrap_err().to_string();
        assert!(error.contains("exit status: 1"), "{error}");
    }

    #[test]
    fn what_a_command_has_started_ends_with_it() {
        let file = std::env::temp_dir().join(format!("xtask-guarded-{}", std::process::id()));
        let started = Instant::now();
        run_within(HOUR, &mut shell(&format!("sleep 600 & echo $! > {}", file.display()))).unwrap();
        let pid = fs::read_to_string(&file).unwrap();
        fs::remove_file(file).unwrap();
        // It is gone, or a zombie that waits for its parent.
        let words = || fs::read(format!("/proc/{}/cmdline", pid.trim())).unwrap_or_default();
        while !words().is_empty() {
            assert!(started.elapsed() < Duration::from_secs(60), "it goes on");
            thread::yield_now();
        }
    }
}
