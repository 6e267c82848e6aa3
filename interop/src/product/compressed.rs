//! Brokers that compress their registration.

use std::time::Duration;

use anyhow::{Context, ensure};

use super::broker::{Broker, Settings};
use super::home::Homes;
use super::name_server::NameServer;
use super::observer::Observer;
use crate::client::{Cases, NotApplicable};
use crate::java::Servers;
use crate::outcome::CaseResult;

const CASE: &str = "compressed-registration";
const LIMIT: Duration = Duration::from_secs(150);

/// Starts a broker of each release, and compares what its registration brought.
pub(super) async fn run(
    homes: &Homes,
    name_server: &NameServer,
    servers: &[Servers],
    is_java: bool,
    only: &str,
) -> anyhow::Result<Vec<Vec<CaseResult>>> {
    if !CASE.contains(only) {
        return Ok(Vec::new());
    }
    let settings =
        Settings { suffix: "z", properties: &[("compressedRegister", "true")], ..Settings::default() };
    let observer = Observer::of(name_server.addr())?;
    let mut brokers = Vec::new();
    for servers in servers {
        brokers.push(Broker::start(servers, homes, &[name_server.addr()], &settings)?);
    }
    let mut all = Vec::new();
    for mut broker in brokers {
        let mut cases = Cases::new(only);
        let case = async {
            if is_java && !broker.is_before_5() {
                let why = "Java's name server cannot read what 5.x brokers compress";
                return Err(NotApplicable(why).into());
            }
            registered(&mut broker, &observer).await
        };
        cases.run_within(LIMIT, CASE, case).await;
        all.push(cases.into_results());
    }
    Ok(all)
}

async fn registered(broker: &mut Broker, observer: &Observer) -> anyhow::Result<()> {
    broker.registered(observer).await?;
    // Each broker registers a topic of its name.
    let route = observer.route(broker.name()).await?.context("the broker's own topic has no route")?;
    let queues = route.queue_datas.first().context("no queues")?;
    ensure!(queues.broker_name == broker.name(), "the queues are those of {}", queues.broker_name);
    ensure!(queues.read_queue_nums == 1, "{} queues", queues.read_queue_nums);
    Ok(())
}
