//! Runs this project's server and client against real Java peers, and recorded frames through the codec.
//!
//! `cargo xtask interop` and `cargo xtask vectors` start this program.

mod client;
mod contract;
mod digest;
mod document;
mod forwarder;
mod header;
mod java;
mod model;
mod outcome;
mod product;
mod proxies;
mod seen;
mod server;
mod services;
mod suite;
mod table;
mod tls;
mod vectors;
mod verdict;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    bin_name = "cargo xtask",
    about = "Compares this project with what Java sends, and with Java itself.",
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run this project's server and client against real Java peers, in both directions.
    Interop(suite::Arguments),
    /// Check vector files: recorded frames through the codec, malformed streams through a real server.
    Vectors(vectors::Arguments),
}

fn main() -> anyhow::Result<ExitCode> {
    match Arguments::parse().command {
        Command::Interop(arguments) => suite::run(&arguments),
        Command::Vectors(arguments) => vectors::run(&arguments),
    }
}
