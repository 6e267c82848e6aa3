//! How brokers register, leave and expire.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod cluster;

use std::time::Duration;

use remoting::ResponseCode;
use remoting::model::body::{DataVersion, KVTable, TopicConfig};
use remoting::model::header::{
    AddWritePermOfBrokerRequestHeader, BrokerHeartbeatRequestHeader, PutKVConfigRequestHeader,
    QueryDataVersionRequestHeader, RegisterBrokerResponseHeader, WipeWritePermOfBrokerRequestHeader,
};
use remoting::model::operation::{
    AddWritePermOfBroker, BrokerHeartbeat, PutKVConfig, QueryDataVersion, WipeWritePermOfBroker,
};
use remoting_namesrv::NameServerConfig;
use tokio::time::{advance, sleep};

use self::cluster::{Broker, Cluster, code};

async fn heartbeat(broker: &Broker) {
    let header = BrokerHeartbeatRequestHeader {
        cluster_name: broker.header.cluster_name.clone(),
        broker_addr: broker.header.broker_addr.clone(),
        broker_name: broker.header.broker_name.clone(),
        ..Default::default()
    };
    broker.target.call(BrokerHeartbeat::from(header)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_broker_expires_after_its_own_time_without_a_heartbeat() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let mut broker = cluster.broker("broker-a", 0);
    broker.header.heartbeat_timeout_millis = Some(10_000);
    broker.add_topic(TopicConfig::new("orders"));
    broker.register().await.unwrap();

    for _ in 0..3 {
        sleep(Duration::from_secs(9)).await;
        heartbeat(&broker).await;
    }
    sleep(Duration::from_secs(9)).await;
    assert!(cluster.route("orders").await.is_some());
    // The next scan after the time is at most 5 s later.
    sleep(Duration::from_secs(7)).await;
    assert!(cluster.route("orders").await.is_none());
    assert_eq!(cluster.name_server.statistics().brokers, 0);
}

#[tokio::test(start_paused = true)]
async fn a_broker_without_a_time_of_its_own_expires_after_two_minutes() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    // Heartbeats of another broker keep the channel from being idle.
    let broker = cluster.registered("broker-a", 0, &["orders"]).await;
    let other = cluster.broker("broker-b", 0);
    let mut seconds = 0;
    while cluster.route("orders").await.is_some() {
        seconds += 1;
        sleep(Duration::from_secs(1)).await;
        broker
            .target
            .call(BrokerHeartbeat::from(BrokerHeartbeatRequestHeader {
                cluster_name: "cluster".to_owned(),
                broker_addr: other.addr().to_owned(),
                broker_name: "broker-b".to_owned(),
                ..Default::default()
            }))
            .await
            .ok();
    }
    assert!((120..=126).contains(&seconds), "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn a_broker_whose_channel_is_closed_leaves_at_once() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let broker = cluster.registered("broker-a", 0, &["orders"]).await;
    let staying = cluster.registered("broker-b", 0, &["orders"]).await;
    let before = tokio::time::Instant::now();
    broker.disconnect().await;
    while cluster.route("orders").await.unwrap().broker_datas.len() > 1 {
        tokio::task::yield_now().await;
    }
    assert!(before.elapsed() < Duration::from_secs(5), "before any scan");
    staying.disconnect().await;
    cluster.until_gone("orders").await;
}

#[tokio::test(start_paused = true)]
async fn all_brokers_of_a_container_leave_with_their_channel() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let first = cluster.registered("broker-a", 0, &["a"]).await;
    let mut second = cluster.broker("broker-b", 0);
    second.add_topic(TopicConfig::new("b"));
    second.target = first.target.clone();
    second.register().await.unwrap();
    first.disconnect().await;
    cluster.until_gone("a").await;
    cluster.until_gone("b").await;
}

#[tokio::test(start_paused = true)]
async fn a_broker_that_unregisters_leaves_the_routes_and_its_slave_stays() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let master = cluster.registered("broker-a", 0, &["orders"]).await;
    let slave = cluster.registered("broker-a", 1, &["orders"]).await;
    master.unregister().await;
    let route = cluster.route("orders").await.unwrap();
    assert_eq!(route.broker_datas[0].broker_addrs.keys().collect::<Vec<_>>(), [&1]);
    slave.unregister().await;
    assert!(cluster.route("orders").await.is_none());
    assert!(cluster.name_server.cluster_info().cluster_addr_table.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_slave_learns_the_addresses_of_its_master() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let master = cluster.registered("broker-a", 0, &["orders"]).await;
    let alone: RegisterBrokerResponseHeader = master.register().await.unwrap().header().unwrap();
    assert_eq!(alone, RegisterBrokerResponseHeader::default());
    let slave = cluster.registered("broker-a", 1, &["orders"]).await;
    let answer: RegisterBrokerResponseHeader = slave.register().await.unwrap().header().unwrap();
    assert_eq!(answer.master_addr.as_deref(), Some(master.addr()));
    assert_eq!(answer.ha_server_addr.as_deref(), Some("broker-a.0:10912"));
}

#[tokio::test(start_paused = true)]
async fn a_slave_that_becomes_the_master_has_one_address() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let mut broker = cluster.registered("broker-a", 1, &["orders"]).await;
    broker.header.broker_id = 0;
    broker.register().await.unwrap();
    let addrs = &cluster.name_server.cluster_info().broker_addr_table["broker-a"].broker_addrs;
    assert_eq!(addrs.iter().collect::<Vec<_>>(), [(&0, &broker.addr().to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn a_broker_with_an_older_state_does_not_displace_one_with_a_newer_state() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let mut elected = cluster.broker("broker-a", 0);
    elected.topics.data_version.state_version = 2;
    elected.add_topic(TopicConfig::new("orders"));
    elected.register().await.unwrap();
    let mut deposed = cluster.broker("broker-a", 0);
    deposed.header.broker_addr = "deposed:10911".to_owned();
    deposed.topics.data_version.state_version = 1;
    deposed.add_topic(TopicConfig::new("orders"));
    deposed.register().await.unwrap();
    let master = |info: &remoting::model::body::ClusterInfo| {
        info.broker_addr_table["broker-a"].broker_addrs[&0].clone()
    };
    assert_eq!(master(&cluster.name_server.cluster_info()), elected.addr());
    deposed.topics.data_version.state_version = 3;
    deposed.register().await.unwrap();
    assert_eq!(master(&cluster.name_server.cluster_info()), "deposed:10911");
}

#[tokio::test(start_paused = true)]
async fn a_registration_with_a_wrong_checksum_is_refused() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let mut broker = cluster.broker("broker-a", 0);
    broker.add_topic(TopicConfig::new("orders"));
    let request = broker.request().with_ext_field("bodyCrc32", "1").unwrap();
    let error = broker.target.invoke(request).into_success().await.unwrap_err();
    assert_eq!(code(&error), ResponseCode::SYSTEM_ERROR);
    assert!(error.to_string().contains("crc32 not match"), "{error}");
    assert!(cluster.route("orders").await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_registering_broker_gets_the_order_configuration_unless_it_is_switched_off() {
    for given in [true, false] {
        let config = NameServerConfig::new().return_order_topic_config_to_broker(given);
        let cluster = Cluster::start(config).await;
        let broker = cluster.registered("broker-a", 0, &["orders"]).await;
        assert!(broker.register().await.unwrap().body().is_empty());
        let header = PutKVConfigRequestHeader {
            namespace: "ORDER_TOPIC_CONFIG".to_owned(),
            key: "orders".to_owned(),
            value: "broker-a:4".to_owned(),
        };
        cluster.client.call(PutKVConfig::from(header)).await.unwrap();
        let response = broker.register().await.unwrap();
        assert_eq!(response.body().is_empty(), !given);
        if given {
            let table: KVTable = response.json_body().unwrap();
            assert_eq!(table.table["orders"], "broker-a:4");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_broker_asks_whether_its_topics_have_changed() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let broker = cluster.registered("broker-a", 0, &["orders"]).await;
    let ask = async |addr: &str, body: DataVersion| {
        let header = QueryDataVersionRequestHeader {
            broker_name: "broker-a".to_owned(),
            broker_addr: addr.to_owned(),
            cluster_name: "cluster".to_owned(),
            broker_id: 0,
        };
        let response = cluster.invoke(QueryDataVersion { header, body }).await;
        let known = (!response.body().is_empty()).then(|| response.json_body::<DataVersion>().unwrap());
        (response.ext_field("changed").unwrap().to_owned(), known)
    };
    let version = broker.topics.data_version.clone();
    assert_eq!(ask(broker.addr(), version.clone()).await, ("false".to_owned(), Some(version.clone())));
    let newer = DataVersion { counter: version.counter + 1, ..version.clone() };
    assert_eq!(ask(broker.addr(), newer).await, ("true".to_owned(), Some(version.clone())));
    assert_eq!(ask("unknown:1", version).await, ("true".to_owned(), None));
}

#[tokio::test(start_paused = true)]
async fn the_write_permission_of_a_broker_is_wiped_and_added_for_all_its_topics() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let _broker_1 = cluster.registered("broker-a", 0, &["orders", "bills"]).await;
    let _broker_2 = cluster.registered("broker-b", 0, &["orders"]).await;
    let perms = async || -> Vec<_> {
        cluster.route("orders").await.unwrap().queue_datas.iter().map(|queues| queues.perm).collect()
    };
    let header = WipeWritePermOfBrokerRequestHeader { broker_name: "broker-a".to_owned() };
    let wiped = cluster.client.call(WipeWritePermOfBroker::from(header)).await.unwrap();
    assert_eq!((wiped.wipe_topic_count, perms().await), (3, vec![4, 6]));
    let header = AddWritePermOfBrokerRequestHeader { broker_name: "broker-a".to_owned() };
    let added = cluster.client.call(AddWritePermOfBroker::from(header)).await.unwrap();
    assert_eq!((added.add_topic_count, perms().await), (3, vec![6, 6]));
    let header = AddWritePermOfBrokerRequestHeader { broker_name: "unknown".to_owned() };
    assert_eq!(cluster.client.call(AddWritePermOfBroker::from(header)).await.unwrap().add_topic_count, 0);
}

#[tokio::test(start_paused = true)]
async fn further_brokers_and_topics_are_refused_at_the_limits() {
    let cluster = Cluster::start(NameServerConfig::new().max_brokers(1_usize).max_topics(3_usize)).await;
    let mut broker = cluster.registered("broker-a", 0, &["orders", "bills"]).await;
    broker.add_topic(TopicConfig::new("one-too-many"));
    let error = broker.register().await.unwrap_err();
    assert!(error.to_string().contains("maxTopics"), "{error}");
    broker.topics.topic_config_table.remove("one-too-many");
    broker.register().await.unwrap();
    let mut second = cluster.broker("broker-b", 0);
    second.add_topic(TopicConfig::new("orders"));
    let error = second.register().await.unwrap_err();
    assert!(error.to_string().contains("maxBrokers"), "{error}");
    advance(Duration::from_secs(1)).await;
    assert_eq!(cluster.name_server.statistics().topics, 3);
}

#[tokio::test(start_paused = true)]
async fn a_compressed_registration_is_read_whatever_its_header_says() {
    for compressed in [true, false] {
        let cluster = Cluster::start(NameServerConfig::new()).await;
        let mut broker = cluster.broker("broker-a", 0);
        broker.add_topic(TopicConfig { perm: 4, ..TopicConfig::new("orders") });
        broker.header.compressed = true;
        let request = broker.request();
        assert_eq!(request.body()[0], 0x78, "a zlib stream");
        let request = request.with_ext_field("compressed", &compressed.to_string()).unwrap();
        broker.target.invoke(request).into_success().await.unwrap();
        assert_eq!(cluster.route("orders").await.unwrap().queue_datas[0].perm, 4);
    }
}

#[tokio::test(start_paused = true)]
async fn a_registration_with_a_wrong_checksum_is_refused_with_javas_remark() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let broker = cluster.broker("broker-a", 0);
    let mut request = broker.request();
    request.set_ext_field("bodyCrc32", "7").unwrap();
    let response = broker.target.invoke(request).await.unwrap();
    assert_eq!(response.response_code(), ResponseCode::SYSTEM_ERROR);
    assert_eq!(response.remark(), Some("crc32 not match"));
    assert_eq!(cluster.name_server.statistics().brokers, 0);
}

#[tokio::test(start_paused = true)]
async fn brokers_that_expire_and_those_that_disconnect_are_counted() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let mut silent = cluster.broker("broker-a", 0);
    silent.header.heartbeat_timeout_millis = Some(30_000);
    silent.add_topic(TopicConfig::new("orders"));
    silent.register().await.unwrap();
    let closed = cluster.registered("broker-b", 0, &["payments"]).await;
    closed.disconnect().await;
    sleep(Duration::from_secs(10)).await;
    let statistics = cluster.name_server.statistics();
    assert_eq!((statistics.brokers, statistics.brokers_disconnected), (1, 1));
    sleep(Duration::from_secs(30)).await;
    let statistics = cluster.name_server.statistics();
    assert_eq!((statistics.brokers, statistics.brokers_expired), (0, 1));
    assert_eq!(statistics.brokers_disconnected, 1);
}
