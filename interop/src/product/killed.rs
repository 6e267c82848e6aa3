//! Brokers that are killed.

use std::time::Duration;

use super::broker::Broker;
use super::observer::{Observer, until};
use crate::client::Cases;
use crate::outcome::CaseResult;

/// Much less than the 120 s after which a silent broker is removed: the end of its connection removes it.
const LIMIT: Duration = Duration::from_secs(10);

/// Kills each broker. Its routes go with its connection.
pub(super) async fn run(
    observer: &Observer,
    brokers: Vec<Broker>,
    only: &str,
) -> anyhow::Result<Vec<Vec<CaseResult>>> {
    let mut all = Vec::new();
    for mut broker in brokers {
        let mut cases = Cases::new(only);
        cases.run("killed-broker-leaves-routes", leaves(observer, &mut broker)).await;
        all.push(cases.into_results());
    }
    Ok(all)
}

async fn leaves(observer: &Observer, broker: &mut Broker) -> anyhow::Result<()> {
    let name = broker.name().to_owned();
    anyhow::ensure!(observer.route(&name).await?.is_some(), "the broker's own topic has no route");
    broker.kill().await?;
    until(LIMIT, "neither the broker nor its topic is known", || async {
        Ok(observer.broker(&name, 0).await?.is_none() && observer.route(&name).await?.is_none())
    })
    .await
}
