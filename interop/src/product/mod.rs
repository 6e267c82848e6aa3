//! Official brokers and clients that use a name server: this project's, or Java's.

mod acting_master;
mod broker;
mod cells;
mod compressed;
mod home;
mod killed;
mod member;
mod name_server;
mod observer;
mod ports;
mod process;
mod report;
mod stop;
mod tls;

use std::path::Path;

use anyhow::Context;

use self::broker::Broker;
use self::home::Homes;
pub(crate) use self::name_server::Implementation;
use self::name_server::{NameServer, Program, Settings};
use self::observer::Observer;
use self::report::Report;
use crate::client::Cases;
use crate::java::{self, Drivers, Servers, Toolchain};
use crate::outcome::CaseResult;
use crate::table::Table;

/// The official name server.
const JAVA_NAME_SERVER: &str = "5.5.0";
/// The releases of the broker.
pub(crate) const BROKERS: [&str; 3] = ["4.9.7", "5.3.3", "5.5.0"];
/// The releases of the client. There is none of 5.5.1.
pub(crate) const CLIENTS: [&str; 3] = ["4.9.8", "5.3.3", "5.5.0"];

/// The cases of [`Suite::run_apart`].
const APART: [&str; 4] = ["compressed-registration", "acting-master", "tls", "tls-refuses-plaintext"];

/// Runs all cases whose names contain `only`. Returns the table of clients on brokers, and that of what concerns one program.
pub(crate) async fn run(
    toolchain: &Toolchain,
    root: &Path,
    implementation: Implementation,
    only: &str,
) -> anyhow::Result<[Table; 2]> {
    let homes = Homes::create(root)?;
    let suite = Suite::prepare(toolchain, root, implementation, only).await?;
    let mut report = Report::default();
    let ran = suite.run(&homes, &mut report).await;
    if let Err(error) = &ran {
        report.add_name_server(vec![CaseResult::run_failed(error)]);
    }
    let tables = report.into_tables();
    if tables.iter().all(|table| table.failures() == 0) {
        homes.remove();
    } else {
        eprintln!("what the processes printed and logged is in {}", homes.path().display());
    }
    Ok(tables)
}

/// All programs, ready to be started.
struct Suite<'a> {
    program: Program,
    servers: Vec<Servers>,
    clients: Vec<Drivers>,
    only: &'a str,
}

impl<'a> Suite<'a> {
    async fn prepare(
        toolchain: &Toolchain,
        root: &Path,
        implementation: Implementation,
        only: &'a str,
    ) -> anyhow::Result<Self> {
        eprintln!("brokers and clients: fetching and building");
        let mut servers = Vec::new();
        for version in BROKERS {
            servers.push(java::fetch_servers(toolchain, root, version).await?);
        }
        let mut clients = Vec::new();
        for version in CLIENTS {
            clients.push(java::build(toolchain, root, version).await?);
        }
        let program = match implementation {
            Implementation::Ours => Program::build().await?,
            Implementation::Java => {
                Program::Java(java::fetch_servers(toolchain, root, JAVA_NAME_SERVER).await?)
            }
        };
        Ok(Self { program, servers, clients, only })
    }

    async fn run(&self, homes: &Homes, report: &mut Report) -> anyhow::Result<()> {
        let apart = APART.iter().any(|case| case.contains(self.only));
        if self.only.is_empty() || !apart {
            self.run_cluster(homes, report).await.context("brokers of all releases")?;
        }
        if apart {
            self.run_apart(homes, report).await.context("brokers with settings of their own")?;
        }
        Ok(())
    }

    /// One cluster for each broker release, on two name servers; the clients use the first.
    async fn run_cluster(&self, homes: &Homes, report: &mut Report) -> anyhow::Result<()> {
        let (only, is_java) = (self.only, self.program.is_java());
        let settings = Settings::default();
        let mut first = NameServer::start(&self.program, homes, "name-server", &settings).await?;
        let second = NameServer::start(&self.program, homes, "name-server-2", &settings).await?;
        let name_servers = [first.addr(), second.addr()];
        let observer = Observer::of(first.addr())?;
        let mut brokers = Vec::new();
        for servers in &self.servers {
            brokers.push(Broker::start(servers, homes, &name_servers, &broker::Settings::default())?);
        }
        let mut registered = Vec::new();
        for broker in &mut brokers {
            registered.push(self.registers(broker, &observer).await?);
        }
        report.add_brokers(&self.servers, registered);
        cells::run(report.cells(), homes, first.addr(), &brokers, &self.clients, only).await?;
        eprintln!("the name server is stopped and started again");
        let stopped =
            stop::run(homes, (&mut first, &second), &mut brokers, &self.clients, is_java, only).await?;
        report.add_brokers(&self.servers, stopped.brokers);
        report.add_clients(&self.clients, stopped.clients);
        report.add_name_server(stopped.name_server);
        let observer = Observer::of(first.addr())?;
        report.add_brokers(&self.servers, killed::run(&observer, brokers, only).await?);
        Ok(())
    }

    /// Waits for the registration, without which no other case can run.
    async fn registers(&self, broker: &mut Broker, observer: &Observer) -> anyhow::Result<Vec<CaseResult>> {
        broker.registered(observer).await?;
        let mut cases = Cases::new(self.only);
        cases.run("registers", async { Ok(()) }).await;
        Ok(cases.into_results())
    }

    /// Compressed registrations, a master with its slave, and TLS. They share no process, and run at the same time.
    async fn run_apart(&self, homes: &Homes, report: &mut Report) -> anyhow::Result<()> {
        eprintln!("compressed registrations, a slave that acts as the master, TLS");
        let only = self.only;
        let acting = Settings { supports_acting_master: true, ..Settings::default() };
        let enforcing = Settings { enforces_tls: true, ..Settings::default() };
        let plain = NameServer::start(&self.program, homes, "name-server-acting", &acting).await?;
        let tls = NameServer::start(&self.program, homes, "name-server-tls", &enforcing).await?;
        let newest = self.servers.last().context("no broker release")?;
        let java = Program::Java(newest.clone());
        let java = NameServer::start(&java, homes, "name-server-java", &acting).await?;
        let (compressed, acting, tls) = tokio::join!(
            compressed::run(homes, &plain, &self.servers, self.program.is_java(), only),
            acting_master::run(homes, &plain, &java, newest, only),
            tls::run(homes, &tls, newest, &self.clients, only),
        );
        report.add_brokers(&self.servers, compressed?);
        report.add_name_server(acting?);
        let (clients, name_server) = tls?;
        report.add_clients(&self.clients, clients);
        report.add_name_server(name_server);
        Ok(())
    }
}
