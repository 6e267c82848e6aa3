//! A running driver.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, anyhow, ensure};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// The number of the last lines of standard error that are kept for a report.
const ERROR_LINES: usize = 20;

/// A driver process and its standard output. Dropping it kills the process; so does the end of its standard input,
/// should this process die without a drop.
pub(super) struct JavaProcess {
    child: Child,
    stdout: Lines<BufReader<ChildStdout>>,
    stderr: Tail,
}

impl JavaProcess {
    pub(super) fn spawn(mut command: Command) -> anyhow::Result<Self> {
        let mut child = command.spawn().context("starting java")?;
        let stdout = child.stdout.take().ok_or_else(|| anyhow!("java has no standard output"))?;
        let stderr = child.stderr.take().ok_or_else(|| anyhow!("java has no standard error"))?;
        Ok(Self { child, stdout: BufReader::new(stdout).lines(), stderr: Tail::of(stderr) })
    }

    /// Returns the next line of standard output, or `None` at its end.
    pub(super) async fn line(&mut self) -> anyhow::Result<Option<String>> {
        Ok(self.stdout.next_line().await?)
    }

    /// Writes a line to standard input.
    pub(super) async fn say(&mut self, line: &str) -> anyhow::Result<()> {
        let stdin = self.child.stdin.as_mut().context("java has no standard input")?;
        stdin.write_all(format!("{line}\n").as_bytes()).await.context("telling java")?;
        stdin.flush().await.context("telling java")
    }

    /// Waits for the exit of a driver whose standard output has ended. The driver exits with 0 or 1 by its own will.
    pub(super) async fn exited(&mut self) -> anyhow::Result<()> {
        let status = timeout(Duration::from_secs(5), self.child.wait())
            .await
            .context("the driver does not exit")??;
        let regular = matches!(status.code(), Some(0 | 1));
        ensure!(regular, "the driver ended before its last case, with {status}\n{}", self.complaint());
        Ok(())
    }

    /// Closes standard input, which makes the driver exit, and waits for it. Kills a driver that does not exit.
    pub(super) async fn end(&mut self) {
        drop(self.child.stdin.take());
        if timeout(Duration::from_secs(5), self.child.wait()).await.is_err() {
            // Only fails if the process has ended meanwhile.
            let _ = self.child.kill().await;
        }
    }

    /// The end of standard error, for an error message.
    pub(super) fn complaint(&self) -> String {
        self.stderr.text()
    }
}

/// The last lines of a stream, which a separate task reads to its end.
struct Tail(Arc<Mutex<VecDeque<String>>>);

impl Tail {
    fn of(stream: impl AsyncRead + Unpin + Send + 'static) -> Self {
        let tail = Self(Arc::default());
        let lines = Arc::clone(&tail.0);
        tokio::spawn(async move {
            let mut stream = BufReader::new(stream).lines();
            while let Ok(Some(line)) = stream.next_line().await {
                let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
                if lines.len() == ERROR_LINES {
                    lines.pop_front();
                }
                lines.push_back(line);
            }
        });
        tail
    }

    fn text(&self) -> String {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().map(String::as_str).collect::<Vec<_>>().join("\n")
    }
}
