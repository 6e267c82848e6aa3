//! Registrations of many topics do not stall the reads of routes.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod cluster;

use remoting::model::body::TopicConfig;
use remoting_namesrv::NameServerConfig;

use self::cluster::Cluster;

const TOPICS: usize = 10_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn routes_are_read_while_ten_thousand_topics_are_registered() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let _broker_1 = cluster.registered("broker-a", 0, &["orders"]).await;
    let mut large = cluster.broker("broker-b", 0);
    for topic in 0..TOPICS {
        large.add_topic(TopicConfig::new(format!("topic-{topic}")));
    }
    let registration = tokio::spawn(async move { large.register().await.map(|_| large) });
    let mut reads = 0;
    while !registration.is_finished() {
        assert!(cluster.route("orders").await.is_some());
        reads += 1;
    }
    let _large = registration.await.unwrap().unwrap();
    assert!(reads > 0, "no read was answered before the registration");
    assert!(cluster.route("topic-9999").await.is_some());
    assert_eq!(cluster.name_server.statistics().topics, TOPICS + 2);
}
