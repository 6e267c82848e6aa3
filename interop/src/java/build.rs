//! Compiles the driver programs against one RocketMQ version.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::process::Command;
use tokio::time::timeout;

use super::Toolchain;

/// Long enough for the first download of about a hundred jars.
const BUILD_TIMEOUT: Duration = Duration::from_secs(600);

/// The compiled drivers of one RocketMQ version and the jars they need.
pub(crate) struct Drivers {
    version: String,
    class_path: String,
    options: Vec<&'static str>,
    defaults_to_rocketmq: bool,
}

/// Runs Maven in `interop/`. Maven keeps its downloads in its own repository.
pub(crate) async fn build(_: &Toolchain, root: &Path, version: &str) -> anyhow::Result<Drivers> {
    let project = root.join("interop");
    let mut maven = Command::new("mvn");
    maven.args(["-q", "-B", &format!("-Drmq={version}"), "compile"]).current_dir(&project);
    maven.stdin(Stdio::null()).kill_on_drop(true);
    let output = timeout(BUILD_TIMEOUT, maven.output())
        .await
        .with_context(|| format!("building the drivers for {version} took more than {BUILD_TIMEOUT:?}"))?
        .context("starting mvn")?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stdout);
        bail!("mvn could not build the drivers for RocketMQ {version}:\n{text}");
    }
    let target = project.join("target").join(version);
    let jars: PathBuf = target.join("lib").join("*");
    let entries = std::env::join_paths([target.join("classes"), jars]).context("class path")?;
    let class_path =
        entries.into_string().map_err(|path| anyhow::anyhow!("not a UTF-8 path: {}", path.display()))?;
    let options = vec!["-Xmx256m", "-XX:TieredStopAtLevel=1"];
    Ok(Drivers { version: version.to_owned(), class_path, options, defaults_to_rocketmq: false })
}

impl Drivers {
    /// Makes Java write its own commands, and since 5.0 all its responses, with ROCKETMQ headers.
    pub(crate) fn default_to_rocketmq(&mut self) {
        self.options.push("-Drocketmq.serialize.type=ROCKETMQ");
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
    pub(super) fn command(&self, main_class: &str) -> Command {
        let mut java = Command::new("java");
        java.args(&self.options).args(["-cp", &self.class_path]);
        java.arg(format!("remoting.interop.{main_class}"));
        java.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        java
    }
}
