//! `cargo xtask bench`.

use crate::cargo::{cargo, run_to_end};

#[derive(clap::Args)]
#[command(after_help = "Example: cargo xtask bench -- codec --save-baseline before\n\
    Compare two builds on the same machine, with nothing else running.")]
pub(crate) struct Arguments {
    /// Passed on to criterion, after `--`: a filter, `--save-baseline NAME`, `--baseline NAME`, …
    #[arg(last = true)]
    criterion: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    run_to_end(
        cargo()
            .args(["bench", "--package", "remoting-benches", "--benches", "--"])
            .args(&arguments.criterion),
    )
}
