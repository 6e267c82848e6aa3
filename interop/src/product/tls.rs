//! A name server that serves TLS only.

use std::time::Duration;

use anyhow::ensure;
use remoting::prelude::*;
use remoting::tls::{ClientTls, ClientTlsConfig};
use tokio::task::JoinSet;

use super::broker::{Broker, Settings};
use super::home::Homes;
use super::name_server::NameServer;
use super::observer::{Observer, request};
use crate::client::Cases;
use crate::java::{Drivers, Servers, run_cases};
use crate::outcome::CaseResult;

/// The cases of clients and of the name server.
const CLIENT: &str = "tls";
const PLAINTEXT: &str = "tls-refuses-plaintext";
/// The case that each client runs over TLS: a topic, its route, messages and their return.
const CONVERSATION: &str = "send-sync";
const LIMIT: Duration = Duration::from_secs(120);

/// The outcome for each client, and for the name server.
pub(super) type Results = (Vec<Vec<CaseResult>>, Vec<CaseResult>);

/// Starts a broker that uses TLS, and lets each client send through it.
pub(super) async fn run(
    homes: &Homes,
    name_server: &NameServer,
    servers: &Servers,
    clients: &[Drivers],
    only: &str,
) -> anyhow::Result<Results> {
    if ![CLIENT, PLAINTEXT].iter().any(|case| case.contains(only)) {
        return Ok(Results::default());
    }
    let mut cases = Cases::new(only);
    cases.run(PLAINTEXT, plaintext_is_refused(name_server)).await;
    let settings = Settings { suffix: "t", tls: true, ..Settings::default() };
    let mut broker = Broker::start(servers, homes, &[name_server.addr()], &settings)?;
    let tls = ClientTls::new(ClientTlsConfig::danger_accept_any_certificate())?;
    broker.registered(&Observer::with_tls(name_server.addr(), tls)?).await?;

    let mut running = JoinSet::new();
    for (client, drivers) in clients.iter().enumerate() {
        let home = homes.home(&format!("client-{}-tls", drivers.version()))?;
        let mut options = home.jvm_options();
        options.push("-Dtls.enable=true".to_owned());
        let mut command = drivers.command_with(&options, "product.ProductDriver");
        command.args(["--name-server", &name_server.addr().to_string(), "--only", CONVERSATION]);
        command.args(broker.driver_arguments());
        running.spawn(async move { (client, run_cases(command, LIMIT).await) });
    }
    let mut all: Vec<Vec<CaseResult>> = clients.iter().map(|_| Vec::new()).collect();
    while let Some(done) = running.join_next().await {
        let (client, results) = done?;
        let results = results.unwrap_or_else(|error| vec![CaseResult::run_failed(&error)]);
        all[client] =
            results.into_iter().map(|result| CaseResult { name: CLIENT.to_owned(), ..result }).collect();
    }
    Ok((all, cases.into_results()))
}

async fn plaintext_is_refused(name_server: &NameServer) -> anyhow::Result<()> {
    let observer = Observer::of(name_server.addr())?;
    let answer = observer.call(request(RequestCode::GET_BROKER_CLUSTER_INFO, &[])?).await;
    ensure!(answer.is_err(), "a request without TLS was answered");
    Ok(())
}
