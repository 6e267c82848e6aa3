//! The project's own commands: `cargo xtask --help`.

mod bench;
mod cargo;
mod children;
mod ci;
mod interop;
mod vectors;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "The project's own commands.",
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Everything that a change must pass: format, clippy, tests, layers, docs, vectors, examples.
    Ci(ci::Arguments),
    /// Check vector files: recorded frames through the codec, malformed streams through a real server.
    Vectors(vectors::Arguments),
    /// Run this project's server and client against the real Java ones, both ways.
    Interop(interop::Arguments),
    /// Measure this stack beside the limit and its peers.
    Bench(bench::Arguments),
}

fn main() -> ExitCode {
    match dispatch(Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Ci(arguments) => ci::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Vectors(arguments) => vectors::run(&arguments),
        Command::Interop(arguments) => interop::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
    }
}
