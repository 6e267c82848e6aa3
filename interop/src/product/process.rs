//! A process that ends with this program, whatever happens.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::process::{Child, ChildStdin, Command};
use tokio::time::timeout;

/// Becomes the command that follows, in whose process group a subshell stays. It kills the group when its input ends: when
/// this program drops the other end of the pipe, or ends for whatever reason.
const GUARDED: &str =
    r#"exec 3<&0; (cat <&3; kill -s KILL 0) >/dev/null 2>&1 & exec "$0" "$@" 3<&- </dev/null"#;

/// The number of the last lines of output in an error.
const LINES: usize = 12;

/// A process in a process group of its own, which is killed when this value is dropped. Its output goes to a file.
pub(super) struct Process {
    name: String,
    child: Child,
    output: PathBuf,
    _guard: Option<ChildStdin>,
}

impl Process {
    pub(super) fn spawn(name: &str, command: &Command, output: PathBuf) -> anyhow::Result<Self> {
        let command = command.as_std();
        let file =
            File::options().create(true).append(true).open(&output).context("cannot write the output")?;
        let mut guarded = Command::new("sh");
        guarded.args(["-c", GUARDED]).arg(command.get_program()).args(command.get_args());
        guarded.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        guarded.stdin(Stdio::piped()).stdout(file.try_clone()?).stderr(file);
        guarded.process_group(0).kill_on_drop(true);
        let mut child = guarded.spawn().context("cannot start sh")?;
        let guard = child.stdin.take();
        Ok(Self { name: name.to_owned(), child, output, _guard: guard })
    }

    /// Fails if the process has ended.
    pub(super) fn check(&mut self) -> anyhow::Result<()> {
        match self.child.try_wait()? {
            Some(status) => bail!("{} ended with {status}\n{}", self.name, self.complaint()),
            None => Ok(()),
        }
    }

    /// Sends SIGTERM.
    pub(super) async fn terminate(&self) -> anyhow::Result<()> {
        let id = self.child.id().with_context(|| format!("{} has ended", self.name))?;
        let status = Command::new("kill").args(["-s", "TERM", &id.to_string()]).status().await?;
        anyhow::ensure!(status.success(), "kill ended with {status}");
        Ok(())
    }

    /// Waits for the end of the process.
    pub(super) async fn wait(&mut self, limit: Duration) -> anyhow::Result<ExitStatus> {
        let status = timeout(limit, self.child.wait()).await;
        Ok(status
            .with_context(|| format!("{} did not end within {limit:?}\n{}", self.name, self.complaint()))??)
    }

    /// Sends SIGKILL, and waits for the end of the process.
    pub(super) async fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill().await.with_context(|| format!("killing {}", self.name))
    }

    /// Returns the end of the output, for an error message.
    pub(super) fn complaint(&self) -> String {
        last_lines(&self.output)
    }
}

fn last_lines(path: &Path) -> String {
    let text = std::fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}
