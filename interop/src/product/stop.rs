//! A name server that is stopped and started again, below brokers and clients that use two of them.

use std::time::Duration;

use anyhow::{Context, anyhow, ensure};
use remoting::prelude::*;
use tokio::time::Instant;

use super::broker::Broker;
use super::home::Homes;
use super::name_server::NameServer;
use super::observer::{Observer, request};
use crate::client::{Cases, NotApplicable};
use crate::java::{Conversation, Drivers};
use crate::outcome::CaseResult;

/// For what brokers do every 10 s.
const LIMIT: Duration = Duration::from_secs(60);

/// The outcome for each client, for each broker, and for the name server.
#[derive(Default)]
pub(super) struct Results {
    pub(super) clients: Vec<Vec<CaseResult>>,
    pub(super) brokers: Vec<Vec<CaseResult>>,
    pub(super) name_server: Vec<CaseResult>,
}

/// Stops the first of two name servers, which brokers and clients use, and starts it again.
pub(super) async fn run(
    homes: &Homes,
    (first, second): (&mut NameServer, &NameServer),
    brokers: &mut [Broker],
    clients: &[Drivers],
    is_java: bool,
    only: &str,
) -> anyhow::Result<Results> {
    let observer = Observer::of(first.addr())?;
    observer.put_kv("restart", "key", "value").await?;
    let mut sending = Vec::new();
    for (number, drivers) in clients.iter().enumerate() {
        let broker = &brokers[number % brokers.len()];
        let home = homes.home(&format!("client-{}-stop", drivers.version()))?;
        let mut command = drivers.command_with(&home.jvm_options(), "product.SendingDriver");
        command.args(["--name-server", &format!("{};{}", first.addr(), second.addr())]);
        command.args(broker.driver_arguments());
        let mut driver = Conversation::with(command)?;
        let started = driver.ask("START").await;
        sending.push((driver, started));
    }

    let mut cases = Cases::new(only);
    first.terminate().await?;
    cases.run("go-away", go_away(&observer, is_java)).await;
    cases.run_within(LIMIT, "clean-exit", clean_exit(first, is_java)).await;

    let mut results = Results::default();
    for (mut driver, started) in sending {
        let mut cases = Cases::new(only);
        let case = async {
            started?.map_err(|why| anyhow!("before the stop: {why}"))?;
            driver.ask("CHECK").await?.map_err(|why| anyhow!(why)).map(drop)
        };
        cases.run_within(LIMIT, "name-server-stops", case).await;
        driver.end().await;
        results.clients.push(cases.into_results());
    }

    first.start_again().await?;
    let observer = Observer::of(first.addr())?;
    for broker in brokers {
        let mut cases = Cases::new(only);
        cases.run_within(LIMIT, "registers-again", broker.registered(&observer)).await;
        results.brokers.push(cases.into_results());
    }
    cases.run("kv-config-survives", survives(&observer)).await;
    results.name_server = cases.into_results();
    Ok(results)
}

/// Over a connection that was there before, the name server answers `GO_AWAY` once it ends.
async fn go_away(observer: &Observer, is_java: bool) -> anyhow::Result<()> {
    if is_java {
        return Err(NotApplicable("Java's name server sends it only where it is configured").into());
    }
    let end = Instant::now() + Duration::from_secs(5);
    loop {
        let response = observer.call(request(RequestCode::GET_BROKER_CLUSTER_INFO, &[])?).await?;
        if response.response_code() == ResponseCode::GO_AWAY {
            return Ok(());
        }
        ensure!(Instant::now() < end, "it answers {}", response.response_code());
    }
}

async fn clean_exit(server: &mut NameServer, is_java: bool) -> anyhow::Result<()> {
    let status = server.wait().await?;
    // A JVM that SIGTERM ends says so.
    let expected = if is_java { 128 + 15 } else { 0 };
    ensure!(status.code() == Some(expected), "the name server ended with {status}");
    Ok(())
}

async fn survives(observer: &Observer) -> anyhow::Result<()> {
    let value = observer.kv("restart", "key").await.context("after the restart")?;
    ensure!(value == "value", "the value is {value:?}");
    Ok(())
}
