//! A driver that is controlled by lines on its standard input.

use std::time::Duration;

use anyhow::{Context, bail, ensure};
use tokio::process::Command;
use tokio::time::timeout;

use super::Drivers;
use super::process::JavaProcess;

/// The time limit for the start and the first reply.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// A driver that replies to each line with one line, as `Lines.java` does.
pub(crate) struct Conversation {
    process: JavaProcess,
    /// Whether a reply is outstanding whose caller is gone. The next call would receive that reply.
    behind: bool,
}

impl Conversation {
    pub(crate) fn start(drivers: &Drivers, main_class: &str) -> anyhow::Result<Self> {
        Self::with(drivers.command(main_class))
    }

    /// Starts a driver by the command of [`Drivers::command_with`].
    pub(crate) fn with(command: Command) -> anyhow::Result<Self> {
        Ok(Self { process: JavaProcess::spawn(command)?, behind: false })
    }

    /// Returns the reply of the driver, or its error. The outer error means that there is no reply.
    pub(crate) async fn ask(&mut self, line: &str) -> anyhow::Result<Result<String, String>> {
        ensure!(!self.behind, "the driver has not answered what it was told before {line:?}");
        self.behind = true;
        let answer = timeout(ANSWER_TIMEOUT, self.exchange(line)).await;
        self.behind = answer.is_err();
        answer.with_context(|| format!("no answer to {line:?}\n{}", self.process.complaint()))?
    }

    async fn exchange(&mut self, line: &str) -> anyhow::Result<Result<String, String>> {
        self.process.say(line).await?;
        while let Some(answer) = self.process.line().await? {
            if let Some(reason) = answer.strip_prefix("FAILED ") {
                return Ok(Err(reason.to_owned()));
            }
            if let Some(text) = answer.strip_prefix("OK") {
                return Ok(Ok(text.trim().to_owned()));
            }
        }
        bail!("the driver ended at {line:?}\n{}", self.process.complaint())
    }

    pub(crate) async fn end(&mut self) {
        self.process.end().await;
    }
}
