//! The program `remoting-namesrv`: a RocketMQ name server.

#![forbid(unsafe_code)]

mod arguments;
mod credentials;
mod signals;
mod startup;
#[cfg(feature = "tls")]
mod tls;

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser as _;
use remoting::Address;
use remoting_namesrv::NameServer;
use tracing_subscriber::EnvFilter;

use self::arguments::Arguments;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // With its causes, in one line.
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    runtime.block_on(serve(arguments))
}

async fn serve(arguments: Arguments) -> anyhow::Result<()> {
    let print_config = arguments.print_config;
    let (builder, config) = startup::prepare(arguments)?;
    if print_config {
        print!("{config}");
        return Ok(());
    }
    // Before the start, so that no signal after the readiness is missed.
    let signals = signals::Signals::new().context("cannot wait for signals")?;
    let name_server = builder.start().await.context("cannot start")?;
    announce(&name_server)?;

    let signal = signals.stop().await;
    tracing::info!(signal, "shutting down");
    signals::notify_service_manager("STOPPING=1");
    let report = name_server.shutdown().await;
    if report.is_clean() {
        tracing::info!("shut down");
    } else {
        tracing::warn!(
            aborted_requests = report.aborted_requests,
            aborted_channels = report.aborted_channels,
            unconfirmed_channels = report.unconfirmed_channels,
            "shut down, but not all that was in flight has ended"
        );
    }
    Ok(())
}

/// Says that the name server is ready: on standard output, where programs wait for the line, and to systemd.
fn announce(name_server: &NameServer) -> anyhow::Result<()> {
    let addresses: Vec<_> = name_server.local_addrs().map(Address::to_string).collect();
    let mut output = std::io::stdout().lock();
    writeln!(output, "remoting-namesrv listening on {}", addresses.join(", "))
        .and_then(|()| output.flush())
        .context("cannot write to standard output")?;
    signals::notify_service_manager("READY=1");
    Ok(())
}
