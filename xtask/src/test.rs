//! `cargo xtask test`: runs all tests within a time limit.

use std::time::Duration;

use anyhow::Context;

use crate::cargo::{cargo, has_subcommand, run_to_end, run_within};

/// How long all tests may take once they are built: some twenty times what they need on a machine with two cores. The
/// tests of the documentation are built meanwhile.
const LIMIT: Duration = Duration::from_secs(1_200);

/// Builds everything, with all features.
const EVERYTHING: [&str; 2] = ["--workspace", "--all-features"];

/// Runs all tests: with nextest, which limits the time of each, if it is installed; otherwise with cargo.
pub(crate) fn run() -> anyhow::Result<()> {
    if !has_subcommand("nextest")? {
        println!(
            "cargo-nextest is not installed, so the tests have one limit together and none for each; \
             `cargo install --locked cargo-nextest` installs it"
        );
        run_to_end(cargo().arg("test").args(EVERYTHING).arg("--no-run"))?;
        return run_within(LIMIT, cargo().arg("test").args(EVERYTHING)).context(
            "if the time is over, the test hangs of which it says last \"has been running for over 60 seconds\"",
        );
    }
    run_to_end(cargo().args(["nextest", "run"]).args(EVERYTHING).arg("--no-run"))?;
    run_within(LIMIT, cargo().args(["nextest", "run"]).args(EVERYTHING))?;
    // Nextest does not run doc tests.
    run_within(LIMIT, cargo().args(["test", "--doc"]).args(EVERYTHING))
}
