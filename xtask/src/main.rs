//! The project's own commands: `cargo xtask --help`.
//!
//! This program depends on no crate of the project, so it starts also when those do not compile.

mod cargo;
mod ci;
mod launch;
mod test;

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
    /// Run all tests with a limit for each: by cargo-nextest, or without it by `cargo test` with one limit for all.
    Test,
    /// Check all that a change must pass: the tests, format, clippy, docs, features, platforms, packages and more.
    Ci(ci::Arguments),
    /// Compare the public API of the crates with the recorded one, or record it anew.
    Api(ci::api::Arguments),
    /// Check vector files: recorded frames through the codec, malformed streams through a real server.
    Vectors(launch::Arguments),
    /// Run this project's server and client against the real Java ones, both ways.
    Interop(launch::Arguments),
    /// Measure this stack beside the limit and its peers.
    Bench(launch::Arguments),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Test => test::run(),
        Command::Api(arguments) => ci::api::run(&arguments),
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
