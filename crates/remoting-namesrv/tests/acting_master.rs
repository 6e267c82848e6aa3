//! Slaves that act as masters, and the notices of the lowest broker id.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod cluster;

use std::sync::Arc;
use std::time::Duration;

use remoting::model::body::{BrokerMemberGroup, TopicConfig};
use remoting::model::header::{GetBrokerMemberGroupRequestHeader, NotifyMinBrokerIdChangeRequestHeader};
use remoting::model::operation::{GetBrokerMemberGroup, NotifyMinBrokerIdChange};
use remoting::{Executor, ProcessorSet, RemotingServer, Request};
use remoting_namesrv::NameServerConfig;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::timeout;

use self::cluster::{Broker, Cluster};

/// Collects the notices that a broker gets.
struct Notices(UnboundedSender<NotifyMinBrokerIdChangeRequestHeader>);

impl Notices {
    async fn collect(&self, request: Request<NotifyMinBrokerIdChange>) {
        assert!(request.is_oneway());
        self.0.send(request.into_operation().header).unwrap();
    }

    /// Listens at the address of a broker.
    async fn of(
        cluster: &Cluster,
        broker: &Broker,
    ) -> (RemotingServer, UnboundedReceiver<NotifyMinBrokerIdChangeRequestHeader>) {
        let (sender, receiver) = unbounded_channel();
        let handlers =
            ProcessorSet::with_state(Arc::new(Self(sender))).handle(Executor::inline(), Self::collect);
        let server = RemotingServer::builder()
            .network(cluster.network.clone())
            .bind(broker.addr())
            .processors(handlers)
            .start()
            .await
            .unwrap();
        (server, receiver)
    }
}

async fn acting(cluster: &Cluster, id: i64) -> Broker {
    let mut broker = cluster.broker("broker-a", id);
    broker.header.enable_acting_master = Some(true);
    broker.add_topic(TopicConfig::new("orders"));
    broker.add_topic(TopicConfig::new("rmq_sys_SYNC_BROKER_MEMBER_broker-a"));
    broker.register().await.unwrap();
    broker
}

#[tokio::test(start_paused = true)]
async fn the_slave_with_the_lowest_id_is_shown_as_a_read_only_master_if_that_is_supported() {
    for supported in [true, false] {
        let cluster = Cluster::start(NameServerConfig::new().support_acting_master(supported)).await;
        let master = acting(&cluster, 0).await;
        let slave = acting(&cluster, 2).await;
        let _broker_1 = acting(&cluster, 3).await;
        master.unregister().await;

        let route = cluster.route("orders").await.unwrap();
        let addrs = &route.broker_datas[0].broker_addrs;
        let shown = if supported { 0 } else { 2 };
        assert_eq!(addrs.first_key_value(), Some((&shown, &slave.addr().to_owned())));
        assert_eq!(addrs.len(), 2);
        assert_eq!(route.queue_datas[0].perm, 4, "nothing can be written to a slave");
        assert!(route.broker_datas[0].enable_acting_master);

        let true_ids = cluster.route("rmq_sys_SYNC_BROKER_MEMBER_broker-a").await.unwrap();
        assert!(true_ids.broker_datas[0].broker_addrs.contains_key(&2), "brokers see the true ids");

        let _broker_2 = acting(&cluster, 0).await;
        let route = cluster.route("orders").await.unwrap();
        assert_eq!((route.broker_datas[0].broker_addrs.len(), route.queue_datas[0].perm), (3, 6));
    }
}

#[tokio::test(start_paused = true)]
async fn a_slave_registers_read_only_topics_while_it_acts_as_the_master() {
    let cluster = Cluster::start(NameServerConfig::new().support_acting_master(true)).await;
    let slave = acting(&cluster, 1).await;
    let route = cluster.route("orders").await.unwrap();
    assert_eq!(route.broker_datas[0].broker_addrs[&0], slave.addr());
    assert_eq!(route.queue_datas[0].perm, 4);
}

#[tokio::test(start_paused = true)]
async fn the_brokers_that_stay_are_notified_when_the_one_with_the_lowest_id_leaves() {
    let config = NameServerConfig::new().notify_min_broker_id_changed(true).support_acting_master(true);
    let cluster = Cluster::start(config).await;
    let master = acting(&cluster, 0).await;
    let (slave, other) = (acting(&cluster, 1).await, acting(&cluster, 2).await);
    let (_server, mut notices) = Notices::of(&cluster, &slave).await;
    let (_other_server, mut other_notices) = Notices::of(&cluster, &other).await;

    let offline = master.addr().to_owned();
    master.disconnect().await;
    let notice = notices.recv().await.unwrap();
    let expected = NotifyMinBrokerIdChangeRequestHeader {
        min_broker_id: Some(1),
        broker_name: Some("broker-a".to_owned()),
        min_broker_addr: Some(slave.addr().to_owned()),
        offline_broker_addr: Some(offline),
        ha_broker_addr: None,
    };
    assert_eq!(notice, expected);
    assert_eq!(other_notices.recv().await, Some(expected));

    let master = acting(&cluster, 0).await;
    let notice = notices.recv().await.unwrap();
    assert_eq!((notice.min_broker_id, notice.offline_broker_addr), (Some(0), None));
    assert_eq!(notice.ha_broker_addr.as_deref(), Some("broker-a.0:10912"));
    assert_eq!(notice.min_broker_addr.as_deref(), Some(master.addr()));
}

#[tokio::test(start_paused = true)]
async fn nobody_is_notified_unless_the_configuration_says_so() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let master = acting(&cluster, 0).await;
    let slave = acting(&cluster, 1).await;
    let (_server, mut notices) = Notices::of(&cluster, &slave).await;
    master.unregister().await;
    let waited = timeout(Duration::from_secs(60), notices.recv()).await;
    assert!(waited.is_err(), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn the_members_of_a_group_have_their_true_ids() {
    let cluster = Cluster::start(NameServerConfig::new().support_acting_master(true)).await;
    let slave = acting(&cluster, 1).await;
    let ask = async |name: &str| {
        let header = GetBrokerMemberGroupRequestHeader {
            cluster_name: "cluster".to_owned(),
            broker_name: name.to_owned(),
        };
        cluster.client.call(GetBrokerMemberGroup::from(header)).await.unwrap().broker_member_group
    };
    let group = ask("broker-a").await.unwrap();
    assert_eq!(group.broker_addrs.iter().collect::<Vec<_>>(), [(&1, &slave.addr().to_owned())]);
    let unknown = BrokerMemberGroup {
        cluster: "cluster".to_owned(),
        broker_name: "unknown".to_owned(),
        ..Default::default()
    };
    assert_eq!(ask("unknown").await, Some(unknown));
}
