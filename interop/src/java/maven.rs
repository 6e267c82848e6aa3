//! Maven.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::process::Command;
use tokio::time::timeout;

/// Long enough for the first download of about a hundred jars.
const BUILD_TIMEOUT: Duration = Duration::from_secs(600);

/// Compiles the project in this directory against a RocketMQ version, and returns the class path of what is in
/// `target/VERSION`. Maven keeps its downloads in its own repository.
pub(super) async fn compile(project: &Path, version: &str) -> anyhow::Result<String> {
    let mut maven = Command::new("mvn");
    maven.args(["-q", "-B", &format!("-Drmq={version}"), "compile"]).current_dir(project);
    maven.stdin(Stdio::null()).kill_on_drop(true);
    let output = timeout(BUILD_TIMEOUT, maven.output())
        .await
        .with_context(|| format!("Maven took more than {BUILD_TIMEOUT:?} for RocketMQ {version}"))?
        .context("starting mvn")?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stdout);
        bail!("mvn could not build {} for RocketMQ {version}:\n{text}", project.display());
    }
    let target = project.join("target").join(version);
    let entries = std::env::join_paths([target.join("classes"), target.join("lib").join("*")]);
    let entries = entries.context("class path")?.into_string();
    entries.map_err(|path| anyhow::anyhow!("not a UTF-8 path: {}", path.display()))
}
