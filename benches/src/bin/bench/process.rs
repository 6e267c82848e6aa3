//! A benchmark program that runs, and what it says.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::programs;

/// Longer than anything takes that does not hang.
const PATIENCE: Duration = Duration::from_secs(180);

/// A child process, line by line. It is killed when dropped. Ctrl-C at the terminal reaches it as it reaches this program;
/// if this program is killed alone, the child sees the end of its standard input and ends.
pub(super) struct Process {
    child: Child,
    stdin: Option<ChildStdin>,
    what: String,
    lines: Receiver<String>,
}

impl Process {
    pub(super) fn spawn(mut command: Command) -> anyhow::Result<Self> {
        let what = programs::describe(&command);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().with_context(|| format!("cannot start {what}"))?;
        let stdin = child.stdin.take();
        let stdout = child.stdout.take().context("a child without standard output")?;
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Self { child, stdin, what, lines })
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the line that begins so, and gives the rest of it. Lines before it are noise.
    pub(super) fn expect(&self, beginning: &str) -> anyhow::Result<String> {
        let until = Instant::now() + PATIENCE;
        loop {
            match self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    if let Some(rest) = line.strip_prefix(beginning) {
                        return Ok(rest.trim().to_owned());
                    }
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    bail!("no {beginning:?} within {PATIENCE:?} from {}", self.what)
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => {
                    bail!("it ended where it should have said {beginning:?} (run {})", self.what)
                }
            }
        }
    }

    pub(super) fn tell(&mut self, line: &str) -> anyhow::Result<()> {
        let stdin = self.stdin.as_mut().context("standard input is closed")?;
        writeln!(stdin, "{line}")
            .and_then(|()| stdin.flush())
            .with_context(|| format!("cannot tell {}", self.what))
    }

    /// Waits until a process that needs no telling has done its work, and gives what it said.
    pub(super) fn run_to_end(self) -> anyhow::Result<Vec<String>> {
        let mut said = Vec::new();
        let until = Instant::now() + PATIENCE;
        loop {
            match self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => said.push(line),
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    bail!("{} did not end within {PATIENCE:?}", self.what)
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
            }
        }
        self.end()?;
        Ok(said)
    }

    /// Ends the process in the orderly way, by the end of its input, and waits for that.
    pub(super) fn end(mut self) -> anyhow::Result<()> {
        drop(self.stdin.take());
        let status = self.wait()?;
        anyhow::ensure!(status.success(), "{} ended with {status}", self.what);
        Ok(())
    }

    /// Sends SIGTERM, and waits for the end of the process. Its status is not looked at: Java's is that of a failure.
    pub(super) fn terminate(mut self) -> anyhow::Result<()> {
        let pid = self.child.id().to_string();
        let status = Command::new("kill").arg(&pid).status().context("cannot start kill")?;
        anyhow::ensure!(status.success(), "kill {pid} ended with {status}");
        self.wait().map(drop)
    }

    fn wait(&mut self) -> anyhow::Result<ExitStatus> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().context("waiting for a child")? {
                return Ok(status);
            }
            thread::sleep(Duration::from_millis(5));
        }
        bail!("{} did not end within {PATIENCE:?}", self.what)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only if it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_ends_when_it_is_dropped() {
        let mut command = Command::new("sleep");
        command.arg("600");
        let process = Process::spawn(command).unwrap();
        let directory = std::path::PathBuf::from(format!("/proc/{}", process.id()));
        assert!(directory.exists());
        drop(process);
        assert!(!directory.exists());
    }
}
