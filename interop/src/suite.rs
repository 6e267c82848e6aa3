//! `cargo xtask interop`: runs this project's server and client against real Java peers, in both directions.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use crate::forwarder::Forwarder;
use crate::java::{Drivers, JavaServer, Toolchain};
use crate::outcome::CaseResult;
use crate::server::ServersUnderTest;
use crate::table::{Direction, Table};
use crate::verdict::Verdict;
use crate::{client, document, java, model, product, proxies, services, tls};

#[derive(Args)]
#[command(
    after_help = "Builds the driver programs in interop/ against the official artifacts and prints a table: case × version and direction.\n\
    Then official brokers and clients use this project's name server. Last, HAProxy is put before this project's server and\n\
    a SOCKS5 server before its client, and grpcurl calls its services.\n\
    Exit code: 0 all passed, 1 a case failed, 3 a program is missing: JDK (17 or newer), Maven, OpenSSL, HAProxy, microsocks, grpcurl."
)]
pub(crate) struct Arguments {
    /// RocketMQ versions to run against.
    #[arg(long, value_delimiter = ',', default_values = ["4.9.8", "5.3.3", "5.5.0", "5.5.1"])]
    versions: Vec<String>,
    /// Run only the cases whose names contain this.
    #[arg(long, default_value = "", value_name = "SUBSTRING")]
    only: String,
    /// Run only the cases with HAProxy and the SOCKS5 server.
    #[arg(long, conflicts_with_all = ["only", "versions", "write"])]
    proxies: bool,
    /// Run only the cases with grpcurl.
    #[arg(long, conflicts_with_all = ["only", "versions", "write", "proxies"])]
    grpcurl: bool,
    /// Only write the test data of remoting-model.
    #[arg(long, conflicts_with_all = ["only", "proxies", "write"])]
    record: bool,
    /// Run only the cases of official brokers and clients that use a name server.
    #[arg(long, conflicts_with_all = ["proxies", "record", "versions", "write"])]
    product: bool,
    /// The name server that brokers and clients use.
    #[arg(long, default_value = "ours", requires = "product")]
    name_server: product::Implementation,
    /// The number of random messages that are exchanged in each direction with each version.
    #[arg(long, default_value_t = 10_000)]
    messages: usize,
    /// Also write docs/interop.md after a complete run.
    #[arg(long, conflicts_with_all = ["only", "versions"])]
    write: bool,
}

/// The root of the workspace.
fn workspace_root() -> &'static Path {
    let manifest_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest_dir.parent().unwrap_or(manifest_dir)
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    if arguments.proxies {
        return Ok(runtime.block_on(proxies::run()).into());
    }
    if arguments.grpcurl {
        return Ok(runtime.block_on(services::run_grpcurl()).into());
    }
    let toolchain = match Toolchain::find() {
        Ok(toolchain) => toolchain,
        Err(missing) => {
            eprintln!("{missing}");
            return Ok(Verdict::Incomplete.into());
        }
    };
    if arguments.product {
        let tables = runtime.block_on(run_product(arguments, &toolchain))?;
        return Ok(verdict(&tables).into());
    }
    let table = runtime.block_on(run_versions(arguments, &toolchain))?;
    println!("{}", table.to_text());
    if !arguments.only.is_empty() || arguments.record {
        return Ok(verdict(&[table]).into());
    }
    let product = runtime.block_on(run_product(arguments, &toolchain))?;
    if arguments.write {
        document::write(workspace_root(), &arguments.versions, &table, &product)?;
    }
    let programs = runtime.block_on(async { proxies::run().await.max(services::run_grpcurl().await) });
    let verdicts = [verdict(&[table]), verdict(&product), programs];
    Ok(verdicts.into_iter().fold(Verdict::Passed, Verdict::max).into())
}

async fn run_product(arguments: &Arguments, toolchain: &Toolchain) -> anyhow::Result<[Table; 2]> {
    let tables =
        Box::pin(product::run(toolchain, workspace_root(), arguments.name_server, &arguments.only)).await?;
    for table in tables.iter().filter(|table| !table.is_empty()) {
        println!("{}", table.to_text());
    }
    Ok(tables)
}

/// A run without any case has failed.
fn verdict(tables: &[Table]) -> Verdict {
    let none = usize::from(tables.iter().all(Table::is_empty));
    Verdict::of(
        none + tables.iter().map(Table::failures).sum::<usize>(),
        tables.iter().map(Table::skips).sum(),
    )
}

async fn run_versions(arguments: &Arguments, toolchain: &Toolchain) -> anyhow::Result<Table> {
    let mut table = Table::default();
    let newest = arguments.versions.last();
    let mut versions: Vec<&String> = arguments.versions.iter().collect();
    if arguments.record {
        versions.reverse(); // older versions leave out what is the same in the newest
    }
    for version in versions {
        eprintln!("RocketMQ {version}: building the Java drivers");
        let mut drivers = java::build(toolchain, workspace_root(), version).await?;
        let is_model = arguments.only.starts_with(model::PREFIX);
        if is_model || arguments.only.is_empty() {
            let mut results =
                model::run(workspace_root(), &drivers, arguments.record, arguments.messages).await;
            results.retain(|case| case.name.contains(&arguments.only));
            table.add(version, model::KIND, results);
        }
        if is_model || arguments.record {
            continue;
        }
        run_both_ways(&mut table, version, &drivers, &arguments.only).await;
        if Some(version) == newest || !drivers.is_older_than(5, 5) {
            drivers.default_to_rocketmq();
            run_both_ways(&mut table, &format!("{version} ROCKETMQ"), &drivers, &arguments.only).await;
        }
    }
    Ok(table)
}

/// Adds two columns. If a driver cannot run, its column fails; the others still run.
async fn run_both_ways(table: &mut Table, title: &str, drivers: &Drivers, only: &str) {
    for direction in Direction::ALL {
        eprintln!("RocketMQ {title}: {}", direction.title());
        let results = run_all(direction, drivers, only).await;
        table.add(
            title,
            direction.title(),
            results.unwrap_or_else(|error| vec![CaseResult::run_failed(&error)]),
        );
    }
}

async fn run_all(direction: Direction, drivers: &Drivers, only: &str) -> anyhow::Result<Vec<CaseResult>> {
    let mut results = match direction {
        Direction::JavaCallsUs => java_calls_us(drivers, only).await?,
        Direction::WeCallJava => we_call_java(drivers, only).await?,
    };
    // TLS does not depend on the header encoding, so these cases run only with the default.
    if !drivers.defaults_to_rocketmq_headers() {
        results.extend(tls::run(direction, drivers, only).await?);
    }
    Ok(results)
}

async fn java_calls_us(drivers: &Drivers, only: &str) -> anyhow::Result<Vec<CaseResult>> {
    let servers = ServersUnderTest::start().await?;
    let addrs = servers.addrs();
    let forwarder = Forwarder::start(addrs.drain, addrs.main).await?;
    let results = java::run_client(drivers, addrs, forwarder.addr(), only).await;
    servers.end().await;
    let mut results = results?;
    results.extend(services::run(drivers, only).await?);
    Ok(results)
}

async fn we_call_java(drivers: &Drivers, only: &str) -> anyhow::Result<Vec<CaseResult>> {
    let server = JavaServer::start(drivers).await?;
    let addrs = server.addrs();
    let forwarder = Forwarder::start(addrs.drain, addrs.main).await?;
    let results = client::run(addrs, forwarder.addr(), only).await;
    server.end().await;
    let mut results = results?;
    results.extend(services::call_java(drivers, only).await?);
    Ok(results)
}
