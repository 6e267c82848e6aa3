//! Starting the programs of the project that need its crates.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use anyhow::Context;

use crate::cargo::cargo;

/// Anything, `--help` too: the program reads its arguments itself.
#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Arguments {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    _arguments: Vec<OsString>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Program {
    Vectors,
    Interop,
    Bench,
}

impl Program {
    /// Returns the command that builds and runs the program, in the directory of the caller.
    pub(crate) fn command(self) -> Command {
        let mut command = cargo();
        command.args(["run", "--quiet"]);
        match self {
            Self::Vectors => command.args(["--package", "remoting-interop", "--", "vectors"]),
            Self::Interop => command.args(["--package", "remoting-interop", "--", "interop"]),
            // In the profile of what it measures, so that the crates are built once.
            Self::Bench => {
                command.args(["--release", "--package", "remoting-benches", "--bin", "bench", "--"])
            }
        };
        command
    }

    /// Runs the program in the place of this one, so that it receives signals and its exit code is that of the command.
    /// Returns only if it cannot be started.
    pub(crate) fn launch(self) -> anyhow::Result<()> {
        let mut command = self.command();
        // The words behind the subcommand as they stand. Clap would drop a `--` that comes first.
        command.args(std::env::args_os().skip(2));
        Err(command.exec()).with_context(|| format!("cannot start {command:?}"))
    }
}
