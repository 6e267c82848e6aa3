//! Servers and load generators of the RPC stacks that this project is compared with.

mod tarpc;
mod tonic;

use std::net::SocketAddr;

use clap::{Parser, ValueEnum};
use remoting_benches::control::{RuntimeOptions, Shape};

#[derive(Parser)]
enum Program {
    /// Echo until standard input ends.
    Server {
        stack: Stack,
        #[command(flatten)]
        runtime: RuntimeOptions,
        /// Read a header of 13 fields from each request; `tarpc` alone.
        #[arg(long)]
        typed: bool,
    },
    /// Make load as standard input asks for it.
    Client {
        stack: Stack,
        #[arg(long)]
        server: SocketAddr,
        #[command(flatten)]
        shape: Shape,
        #[command(flatten)]
        runtime: RuntimeOptions,
        /// Send a header of 13 fields with each request; `tarpc` alone.
        #[arg(long)]
        typed: bool,
    },
    /// Open connections and leave them idle, or open and close them as fast as it goes, as standard input asks for it.
    Connect {
        stack: Stack,
        #[arg(long)]
        server: SocketAddr,
    },
}

#[derive(ValueEnum, Debug, Clone, Copy)]
enum Stack {
    /// tarpc over TCP, bincode.
    Tarpc,
    /// gRPC: HTTP/2 and protobuf.
    Tonic,
}

fn main() -> anyhow::Result<()> {
    match Program::parse() {
        Program::Server { stack, runtime, typed } => match stack {
            Stack::Tarpc => tarpc::serve(runtime, typed),
            Stack::Tonic => tonic::serve(runtime),
        },
        Program::Client { stack, server, shape, runtime, typed } => match stack {
            Stack::Tarpc => tarpc::make_load(server, shape, runtime, typed),
            Stack::Tonic => tonic::make_load(server, shape, runtime),
        },
        Program::Connect { stack, server } => match stack {
            Stack::Tarpc => tarpc::connect(server),
            Stack::Tonic => tonic::connect(server),
        },
    }
}
