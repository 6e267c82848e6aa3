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
/// The id of the member of the group that only one of the name servers knows.
const MEMBER: i64 = 2;
const TAKES_OVER: Duration = Duration::from_secs(15);

/// Starts a master and its slave, of the release of these servers, and kills the master. The brokers register with Java's
/// name server too, whose routes must be the same.
pub(super) async fn run(
    homes: &Homes,
    name_server: &NameServer,
    java: &NameServer,
    servers: &Servers,
    only: &str,
) -> anyhow::Result<Vec<CaseResult>> {
    let mut cases = Cases::new(only);
    cases.run_within(LIMIT, "acting-master", takes_over(homes, name_server, java, servers)).await;
    Ok(cases.into_results())
}

async fn takes_over(
    homes: &Homes,
    name_server: &NameServer,
    java: &NameServer,
    servers: &Servers,
) -> anyhow::Result<()> {
    let observer = Observer::of(name_server.addr())?;
    let addrs = [name_server.addr(), java.addr()];
    let java = Observer::of(java.addr())?;
    let start = |id, role| {
        let properties = [("enableSlaveActingMaster", "true"), ("brokerRole", role)];
        let settings = Settings { suffix: "m", id, properties: &properties, ..Settings::default() };
        Broker::start(servers, homes, &addrs, &settings)
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
    same_routes(&observer, &java, &topic, "while the master lives").await?;
    let mut member = Member::join(name_server.addr(), &master, MEMBER).await?;
    master.kill().await?;
    until(TAKES_OVER, "the route has the slave as the master, read-only", || async {
        let route = observer.route(&topic).await?.context("no route")?;
        let broker = route.broker_datas.first().context("no broker")?;
        let queues = route.queue_datas.first().context("no queues")?;
        let read_only = queues.is_readable() && !queues.is_writeable();
        Ok(broker.broker_addrs.get(&0) == Some(&slave_addr) && read_only)
    })
    .await?;
    same_routes(&observer, &java, &topic, "once the slave acts as the master").await?;
    let lowest = member.hears_of(master.addr()).await?;
    ensure!(lowest == ("1".to_owned(), slave_addr), "the lowest broker id is said to be {lowest:?}");
    Ok(())
}

/// Waits until both name servers have the same route of a topic.
async fn same_routes(ours: &Observer, java: &Observer, topic: &str, when: &str) -> anyhow::Result<()> {
    until(TAKES_OVER, format_args!("the route is that of Java's name server {when}"), || async {
        let (mut ours, java) = (ours.route(topic).await?, java.route(topic).await?);
        for broker in ours.iter_mut().flat_map(|route| &mut route.broker_datas) {
            broker.broker_addrs.remove(&MEMBER);
        }
        ensure!(ours == java, "the route is {ours:?}, that of Java {java:?}");
        Ok(ours.is_some())
    })
    .await
}
