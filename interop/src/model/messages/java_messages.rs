//! The driver around Java's message codec.

use std::path::PathBuf;
use std::{env, fs, process};

use anyhow::{Context, anyhow};
use bytes::Bytes;

use crate::java::{Conversation, Drivers};

/// A `MessageDriver`, with the folder by which it exchanges files.
pub(super) struct JavaMessages {
    driver: Conversation,
    folder: PathBuf,
    is_v5: bool,
}

impl JavaMessages {
    pub(super) fn start(drivers: &Drivers) -> anyhow::Result<Self> {
        let folder = env::temp_dir().join(format!("remoting-interop-messages-{}", process::id()));
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let driver = Conversation::start(drivers, "model.MessageDriver")?;
        Ok(Self { driver, folder, is_v5: !drivers.is_older_than(5, 0) })
    }

    /// Whether Java has the second version of messages, inner batches and POP, and clears the bit of a body that it has
    /// decompressed.
    pub(super) const fn is_v5(&self) -> bool {
        self.is_v5
    }

    /// Executes a command, followed by the folder and arguments.
    pub(super) async fn execute(&mut self, command: &str, arguments: &str) -> anyhow::Result<()> {
        let line = format!("{command} {} {arguments}", self.folder.display());
        let answer = self.driver.ask(line.trim_end()).await?;
        answer.map(drop).map_err(|why| anyhow!("{command}: {why}"))
    }

    pub(super) fn write(&self, file: &str, content: &[u8]) -> anyhow::Result<()> {
        let path = self.folder.join(file);
        fs::write(&path, content).with_context(|| path.display().to_string())
    }

    pub(super) fn read(&self, file: &str) -> anyhow::Result<Bytes> {
        let path = self.folder.join(file);
        Ok(fs::read(&path).with_context(|| path.display().to_string())?.into())
    }

    /// Reads the file of lines.
    pub(super) fn lines(&self) -> anyhow::Result<Vec<String>> {
        Ok(std::str::from_utf8(&self.read("lines")?)?.lines().map(str::to_owned).collect())
    }

    pub(super) async fn end(mut self) {
        self.driver.end().await;
        // What stays behind is in the folder for temporary files.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
