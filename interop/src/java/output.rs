//! A Java program that prints and ends.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::time::timeout;

use super::Drivers;

/// The time limit of a program.
const RUN_TIMEOUT: Duration = Duration::from_secs(180);

/// Runs a program to its end, without standard input, and returns what it printed.
pub(crate) async fn output(
    drivers: &Drivers,
    main_class: &str,
    arguments: &[&str],
) -> anyhow::Result<String> {
    let mut command = drivers.command(main_class);
    command.args(arguments).stdin(Stdio::null());
    let output = timeout(RUN_TIMEOUT, command.output())
        .await
        .with_context(|| format!("{main_class} was not done after {RUN_TIMEOUT:?}"))?
        .context("starting java")?;
    if !output.status.success() {
        bail!("{main_class} ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("{main_class} printed something that is not UTF-8"))
}
