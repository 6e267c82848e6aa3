//! The driver programs, compiled against one RocketMQ version.

use std::path::Path;
use std::process::Stdio;

use anyhow::Context;
use tokio::process::Command;

use super::{Toolchain, maven};

/// The compiled drivers of one RocketMQ version and the jars they need.
pub(crate) struct Drivers {
    version: String,
    class_path: String,
    options: Vec<String>,
    defaults_to_rocketmq: bool,
}

/// Runs Maven in `interop/`.
pub(crate) async fn build(_: &Toolchain, root: &Path, version: &str) -> anyhow::Result<Drivers> {
    let project = root.join("interop");
    let class_path = maven::compile(&project, version).await?;
    // A driver that is killed leaves its certificates.
    let temporary = project.join("target").join(version).join("tmp");
    std::fs::create_dir_all(&temporary).with_context(|| format!("cannot create {}", temporary.display()))?;
    let options = vec![
        "-Xmx256m".to_owned(),
        "-XX:TieredStopAtLevel=1".to_owned(),
        format!("-Djava.io.tmpdir={}", temporary.display()),
    ];
    Ok(Drivers { version: version.to_owned(), class_path, options, defaults_to_rocketmq: false })
}

impl Drivers {
    /// Makes Java write its own commands, and since 5.0 all its responses, with ROCKETMQ headers.
    pub(crate) fn default_to_rocketmq(&mut self) {
        self.options.push("-Drocketmq.serialize.type=ROCKETMQ".to_owned());
        self.defaults_to_rocketmq = true;
    }

    pub(crate) const fn defaults_to_rocketmq_headers(&self) -> bool {
        self.defaults_to_rocketmq
    }

    /// The version of the artifacts.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// Whether the artifacts are of an earlier version than this.
    pub(crate) fn is_older_than(&self, major: u32, minor: u32) -> bool {
        let mut numbers = self.version.split('.').map_while(|number| number.parse::<u32>().ok());
        (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) < (major, minor)
    }

    /// Returns the command for a JVM that runs one of the drivers. The JVM is killed when the child is dropped.
    pub(crate) fn command(&self, main_class: &str) -> Command {
        self.command_with(&[], main_class)
    }

    /// Returns the same command with more options of the JVM.
    pub(crate) fn command_with(&self, options: &[String], main_class: &str) -> Command {
        let mut java = Command::new("java");
        java.args(&self.options).args(options).args(["-cp", &self.class_path]);
        java.arg(format!("remoting.interop.{main_class}"));
        java.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        java
    }
}
