//! TLS, with certificates and settings of all kinds. Both sides are configured by the same `tls.properties`.

mod cases;
mod certificates;
mod java;
mod ours;
mod scenarios;
mod settings;
mod sides;

use self::certificates::Certificates;
use self::java::{JavaClients, JavaServer};
use self::ours::{OurClients, OurServer};
use super::client::Cases;
use super::java::Drivers;
use super::outcome::CaseResult;
use super::table::Direction;

/// Runs all cases whose names contain `only`. One Java process serves them all.
pub(super) async fn run(
    direction: Direction,
    drivers: &Drivers,
    only: &str,
) -> anyhow::Result<Vec<CaseResult>> {
    let mut cases = Cases::new(only);
    if !cases::any_named(only) {
        return Ok(cases.into_results());
    }
    let certificates = Certificates::make()?;
    match direction {
        Direction::JavaCallsUs => {
            let mut clients = JavaClients::spawn(drivers)?;
            cases::run(&mut cases, &certificates, &mut OurServer::default(), &mut clients).await;
            clients.end().await;
        }
        Direction::WeCallJava => {
            let mut server = JavaServer::spawn(drivers)?;
            cases::run(&mut cases, &certificates, &mut server, &mut OurClients::default()).await;
            server.end().await;
        }
    }
    Ok(cases.into_results())
}
