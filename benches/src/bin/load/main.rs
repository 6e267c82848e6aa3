//! Servers and load generators of `cargo xtask bench`: this stack, and the peers that only exchange bytes.

mod connect;
mod file;
mod name_server;
mod raw;
mod remoting;
mod service;
mod tls;
mod tokio_raw;
mod tokio_rustls;
mod typed;

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
        /// Use TLS with a self-signed certificate; `remoting` only.
        #[arg(long)]
        tls: bool,
        /// Answer with pieces of a file as well; `remoting` alone.
        #[arg(long, value_enum)]
        file: Option<file::Way>,
        /// Where requests are processed; `remoting` alone.
        #[arg(long, value_enum, default_value_t = Executor::Inline)]
        executor: Executor,
        /// Read a typed header of 13 fields from each request, and run a hook around it; `remoting` alone.
        #[arg(long)]
        typed: bool,
        /// Run channels on so many event loops; `remoting` alone.
        #[arg(long)]
        loops: Option<usize>,
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
        /// Use TLS, whatever the server's certificate is; `remoting` alone.
        #[arg(long)]
        tls: bool,
        /// Ask for pieces of the server's file; `remoting` alone.
        #[arg(long)]
        file: bool,
        /// Send a typed header of 13 fields with each request, and run a hook around it; `remoting` alone.
        #[arg(long)]
        typed: bool,
        /// Call the echo as a service, with a protobuf message; `remoting` alone.
        #[arg(long, conflicts_with_all = ["tls", "file", "typed"])]
        service: bool,
    },
    /// Open connections and leave them idle, or open and close them as fast as it goes, as standard input asks for it.
    Connect {
        stack: Stack,
        #[arg(long)]
        server: SocketAddr,
        /// Use TLS, whatever the server's certificate is; `remoting` alone.
        #[arg(long)]
        tls: bool,
    },
    /// Read routes from a name server as standard input asks for it.
    Routes {
        #[arg(long)]
        server: SocketAddr,
        #[command(flatten)]
        shape: Shape,
        #[command(flatten)]
        cluster: name_server::Cluster,
    },
    /// Register brokers with a name server as standard input asks for it.
    Brokers {
        #[arg(long)]
        server: SocketAddr,
        #[command(flatten)]
        cluster: name_server::Cluster,
    },
}

#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
enum Stack {
    /// This project.
    Remoting,
    /// An epoll loop: the limit.
    Raw,
    /// One tokio task for each connection.
    TokioRaw,
    /// One tokio task for each connection, over TLS.
    TokioRustls,
}

/// The executors that are compared.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
enum Executor {
    /// On the channel's own task.
    Inline,
    /// In tasks of the runtime.
    Runtime,
}

fn main() -> anyhow::Result<()> {
    match Program::parse() {
        Program::Server { stack, runtime, tls, file, executor, typed, loops } => match stack {
            Stack::Remoting => {
                remoting::serve(runtime, &remoting::Service { tls, file, executor, typed, loops })
            }
            Stack::Raw => raw::serve(),
            Stack::TokioRaw => tokio_raw::serve(runtime),
            Stack::TokioRustls => tokio_rustls::serve(runtime),
        },
        Program::Client { stack, server, shape, runtime, tls, file, typed, service } => match stack {
            Stack::Remoting if service => service::make_load(server, shape, runtime),
            Stack::Remoting => {
                remoting::make_load(server, shape, runtime, remoting::Callers { tls, file, typed })
            }
            Stack::Raw => raw::make_load(server, shape),
            Stack::TokioRaw => tokio_raw::make_load(server, shape, runtime),
            Stack::TokioRustls => tokio_rustls::make_load(server, shape, runtime),
        },
        Program::Connect { stack, server, tls } => connect::run(stack, server, tls),
        Program::Routes { server, shape, cluster } => name_server::read_routes(server, shape, cluster),
        Program::Brokers { server, cluster } => name_server::register(server, cluster),
    }
}
