//! A slave that acts as the master when the master is killed.

use std::time::Duration;

use anyhow::{Context, ensure};

use super::broker::{Broker, Settings};
use super::home::Homes;
use super::member::Member;
use super::name_server::NameServer;
use super::observer::{Observer, until};
use crate::client::Cases;
use crate::java::Servers;
use crate::outcome::CaseResult;

const LIMIT: Duration = Duration::from_secs(150);
const TAKES_OVER: Duration = Duration::from_secs(15);

/// Starts a master and its slave, of the release of these servers, and kills the master.
pub(super) async fn run(
    homes: &Homes,
    name_server: &NameServer,
    servers: &Servers,
    only: &str,
) -> anyhow::Result<Vec<CaseResult>> {
    let mut cases = Cases::new(only);
    cases.run_within(LIMIT, "acting-master", takes_over(homes, name_server, servers)).await;
    Ok(cases.into_results())
}

async fn takes_over(homes: &Homes, name_server: &NameServer, servers: &Servers) -> anyhow::Result<()> {
    let observer = Observer::of(name_server.addr())?;
    let start = |id, role| {
        let properties = [("enableSlaveActingMaster", "true"), ("brokerRole", role)];
        let settings = Settings { suffix: "m", id, properties: &properties, ..Settings::default() };
        Broker::start(servers, homes, &[name_server.addr()], &settings)
    };
    let (mut master, mut slave) = (start(0, "ASYNC_MASTER")?, start(1, "SLAVE")?);
    master.registered(&observer).await?;
    slave.registered(&observer).await?;
    let topic = master.name().to_owned();
    let slave_addr = slave.addr().to_string();
    until(TAKES_OVER, "the route has the slave", || async {
        let route = observer.route(&topic).await?.context("no route")?;
        let broker = route.broker_datas.first().context("no broker")?;
        Ok(broker.enable_acting_master && broker.broker_addrs.get(&1) == Some(&slave_addr))
    })
    .await?;
    let mut member = Member::join(name_server.addr(), &master, 2).await?;
    master.kill().await?;
    until(TAKES_OVER, "the route has the slave as the master, read-only", || async {
        let route = observer.route(&topic).await?.context("no route")?;
        let broker = route.broker_datas.first().context("no broker")?;
        let queues = route.queue_datas.first().context("no queues")?;
        let read_only = queues.is_readable() && !queues.is_writeable();
        Ok(broker.broker_addrs.get(&0) == Some(&slave_addr) && read_only)
    })
    .await?;
    let lowest = member.hears_of(master.addr()).await?;
    ensure!(lowest == ("1".to_owned(), slave_addr), "the lowest broker id is said to be {lowest:?}");
    Ok(())
}
