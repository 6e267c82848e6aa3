//! The project's own commands: `cargo xtask --help`.
//!
//! This program depends on no crate of the project, so it starts also when those do not compile.

mod cargo;
mod ci;
mod launch;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::launch::Program;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "The project's own commands. Each has a `--help` of its own.",
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check all that a change must pass: format, clippy, tests, layers, docs, vectors, examples.
    Ci(ci::Arguments),
    /// Check vector files: recorded frames through the codec, malformed streams through a real server.
    Vectors(launch::Arguments),
    /// Run this project's server and client against the real Java ones, both ways.
    Interop(launch::Arguments),
    /// Measure this stack beside the limit and its peers.
    Bench(launch::Arguments),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Ci(arguments) => ci::run(&arguments),
        Command::Vectors(_) => Program::Vectors.launch(),
        Command::Interop(_) => Program::Interop.launch(),
        Command::Bench(_) => Program::Bench.launch(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
