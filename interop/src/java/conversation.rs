//! A driver that does what it is told.

use std::time::Duration;

use anyhow::{Context, bail, ensure};
use tokio::time::timeout;

use super::Drivers;
use super::process::JavaProcess;

/// More than starting and one answer may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// A driver that answers each line with one, as `Lines.java` has it.
pub(crate) struct Conversation {
    process: JavaProcess,
    /// Whether an answer is due that nobody awaits any more: then the next would be taken for another's.
    behind: bool,
}

impl Conversation {
    pub(crate) fn start(drivers: &Drivers, main_class: &str) -> anyhow::Result<Self> {
        Ok(Self { process: JavaProcess::spawn(drivers.command(main_class))?, behind: false })
    }

    /// What the driver answered, or why it could not do it. The outer error is that there is no answer.
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
