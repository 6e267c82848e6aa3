//! Each client release against each broker release.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::task::JoinSet;

use super::broker::Broker;
use super::home::Homes;
use crate::java::{Drivers, run_cases};
use crate::outcome::CaseResult;
use crate::table::Table;

/// The limit for all cases of a cell.
const CELL: Duration = Duration::from_secs(180);

/// Runs all cells. At any time no two clients use the same broker, because they change its permissions.
pub(super) async fn run(
    table: &mut Table,
    homes: &Homes,
    name_server: SocketAddr,
    brokers: &[Broker],
    clients: &[Drivers],
    only: &str,
) -> anyhow::Result<()> {
    let mut cells: Vec<Vec<Option<Vec<CaseResult>>>> =
        brokers.iter().map(|_| clients.iter().map(|_| None).collect()).collect();
    for round in 0..brokers.len().max(clients.len()) {
        let mut running = JoinSet::new();
        for client in 0..clients.len() {
            let broker = (client + round) % brokers.len().max(clients.len());
            if broker >= brokers.len() {
                continue;
            }
            let (drivers, at) = (&clients[client], &brokers[broker]);
            eprintln!("client {} on broker {}", drivers.version(), at.version());
            let name = format!("client-{}-{}", drivers.version(), at.name());
            let mut command =
                drivers.command_with(&homes.home(&name)?.jvm_options(), "product.ProductDriver");
            command.args(["--name-server", &name_server.to_string(), "--only", only]);
            command.args(at.driver_arguments());
            running.spawn(async move { (broker, client, run_cases(command, CELL).await) });
        }
        while let Some(done) = running.join_next().await {
            let (broker, client, results) = done?;
            let results = results.unwrap_or_else(|error| vec![CaseResult::run_failed(&error)]);
            cells[broker][client] = Some(results);
        }
    }
    for (broker, cells) in brokers.iter().zip(cells) {
        for (client, results) in clients.iter().zip(cells) {
            let title = format!("{} on {}", client.version(), broker.version());
            table.add(&title, "client on broker", results.unwrap_or_default());
        }
    }
    Ok(())
}
