//! Registered topics and their routes.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod cluster;

use std::collections::BTreeMap;

use remoting::model::body::{TopicConfig, TopicQueueMappingInfo, TopicRouteData};
use remoting::model::header::PutKVConfigRequestHeader;
use remoting::model::operation::PutKVConfig;
use remoting::protocol::operation::Operation;
use remoting::{MqVersion, RemotingCommand, ResponseCode};
use remoting_namesrv::NameServerConfig;

use self::cluster::{Cluster, code, route_request};

fn names(route: &TopicRouteData) -> Vec<&str> {
    route.broker_datas.iter().map(|data| data.broker_name.as_str()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_route_has_the_queues_and_the_addresses_of_each_broker_of_the_topic() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let mut master = cluster.broker("broker-a", 0);
    master.add_topic(TopicConfig { read_queue_nums: 8, write_queue_nums: 4, ..TopicConfig::new("orders") });
    master.register().await.unwrap();
    let slave = cluster.registered("broker-a", 1, &["orders", "only-on-the-slave"]).await;
    let _broker_1 = cluster.registered("broker-b", 0, &["orders"]).await;

    let route = cluster.route("orders").await.unwrap();
    assert_eq!(names(&route), ["broker-a", "broker-b"]);
    let addrs = BTreeMap::from([(0, master.addr().to_owned()), (1, slave.addr().to_owned())]);
    assert_eq!(route.broker_datas[0].broker_addrs, addrs);
    assert_eq!(route.broker_datas[0].cluster, "cluster");
    let queues = &route.queue_datas[0];
    assert_eq!((queues.read_queue_nums, queues.write_queue_nums, queues.perm), (8, 4, 6));
    assert_eq!(cluster.name_server.route("orders"), Some(route));
    assert!(cluster.route("only-on-the-slave").await.is_none(), "a slave with a master registers no topics");
}

#[tokio::test(start_paused = true)]
async fn a_topic_without_a_route_is_refused_with_javas_code_and_remark() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let response = cluster.invoke(route_request("orders")).await;
    assert_eq!(response.response_code(), ResponseCode::TOPIC_NOT_EXIST);
    assert_eq!(
        response.remark(),
        Some(
            "No topic route info in name server for the topic: orders\n\
             See https://rocketmq.apache.org/docs/bestPractice/06FAQ for further details."
        )
    );
}

#[tokio::test(start_paused = true)]
async fn clients_before_4_9_4_get_integer_keys_without_quotes_unless_they_ask_for_standard_json() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let _broker_2 = cluster.registered("bröker", 0, &["orders"]).await;
    let ask = async |version, standard| {
        let mut operation = route_request("orders");
        operation.header.accept_standard_json_only = standard;
        let request = operation.into_request().unwrap().with_version(version);
        let response = cluster.client.invoke(request).await.unwrap();
        let route: TopicRouteData = response.json_body().unwrap();
        assert_eq!(Some(route), cluster.name_server.route("orders"));
        String::from_utf8(response.body().to_vec()).unwrap()
    };
    let legacy = ask(MqVersion::V4_9_0, None).await;
    assert!(
        legacy.starts_with(r#"{"brokerDatas":[{"brokerAddrs":{0:"bröker.0:10911"},"brokerName":"bröker","#),
        "{legacy}"
    );
    for standard in [ask(MqVersion::V4_9_4, None).await, ask(MqVersion::V4_9_0, Some(true)).await] {
        assert!(
            standard.starts_with(r#"{"brokerDatas":[{"brokerAddrs":{"0":"br\u00F6ker.0:10911"}"#),
            "{standard}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_repeated_registration_changes_topics_only_with_a_new_version() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let mut broker = cluster.registered("broker-a", 0, &["orders"]).await;
    let perm = async || cluster.route("orders").await.unwrap().queue_datas[0].perm;
    broker.topics.topic_config_table.get_mut("orders").unwrap().perm = 4;
    broker.register().await.unwrap();
    assert_eq!(perm().await, 6, "the version is the same");
    broker.topics.data_version.counter += 1;
    broker.register().await.unwrap();
    assert_eq!(perm().await, 4);
}

#[tokio::test(start_paused = true)]
async fn a_registration_deletes_missing_topics_only_if_the_configuration_says_so() {
    for delete in [false, true] {
        let config = NameServerConfig::new().delete_topic_with_broker_registration(delete);
        let cluster = Cluster::start(config).await;
        let mut broker = cluster.registered("broker-a", 0, &["kept", "dropped"]).await;
        broker.topics.topic_config_table.remove("dropped");
        broker.topics.data_version.counter += 1;
        broker.register().await.unwrap();
        assert_eq!(cluster.route("dropped").await.is_none(), delete);
        assert!(cluster.route("kept").await.is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn a_broker_that_is_not_registered_cannot_register_one_topic_alone() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let broker = cluster.broker("broker-a", 0);
    let error = broker.register().await.unwrap_err();
    assert_eq!(code(&error), ResponseCode::SYSTEM_ERROR);
    assert!(error.to_string().contains("register broker failed"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn routes_have_the_order_configuration_if_it_is_enabled() {
    for enabled in [false, true] {
        let cluster = Cluster::start(NameServerConfig::new().order_message_enable(enabled)).await;
        let _broker_3 = cluster.registered("broker-a", 0, &["orders"]).await;
        assert_eq!(cluster.route("orders").await.unwrap().order_topic_conf, None);
        let header = PutKVConfigRequestHeader {
            namespace: "ORDER_TOPIC_CONFIG".to_owned(),
            key: "orders".to_owned(),
            value: "broker-a:4".to_owned(),
        };
        cluster.client.call(PutKVConfig::from(header)).await.unwrap();
        let order = cluster.route("orders").await.unwrap().order_topic_conf;
        assert_eq!(order.as_deref(), enabled.then_some("broker-a:4"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_static_topic_has_its_mapping_in_the_route() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let mut broker = cluster.broker("broker-a", 0);
    broker.add_topic(TopicConfig::new("static"));
    let mapping = TopicQueueMappingInfo {
        bname: "broker-a".to_owned(),
        curr_id_map: BTreeMap::from([(0, 3), (1, 4)]),
        topic: "static".to_owned(),
        total_queues: 2,
        ..Default::default()
    };
    broker.topics.topic_queue_mapping_info_map.insert("static".to_owned(), mapping.clone());
    broker.register().await.unwrap();
    for version in [MqVersion::V4_9_0, MqVersion::V5_5_0] {
        let request = route_request("static").into_request().unwrap().with_version(version);
        let route: TopicRouteData = cluster.client.invoke(request).await.unwrap().json_body().unwrap();
        assert_eq!(route.topic_queue_mapping_by_broker["broker-a"], mapping);
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_with_a_zone_sees_its_brokers_and_those_without_a_master() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let mut registered = Vec::new();
    for (name, id, zone) in [("near", 0, "Z1"), ("far", 0, "z2"), ("slave-only", 1, "z2")] {
        let mut broker = cluster.broker(name, id);
        broker.header.enable_acting_master = Some(false);
        broker.zone = Some(zone);
        broker.add_topic(TopicConfig::new("orders"));
        broker.register().await.unwrap();
        registered.push(broker);
    }
    let ask = async |mode: &str, zone: &str| {
        let request = route_request("orders").into_request().unwrap();
        let with = |request: RemotingCommand, key, value: &str| request.with_ext_field(key, value).unwrap();
        let request = with(with(request, "__ZONE_MODE", mode), "__ZONE_NAME", zone);
        let route: TopicRouteData = cluster.client.invoke(request).await.unwrap().json_body().unwrap();
        let queues: Vec<_> = route.queue_datas.iter().map(|queues| queues.broker_name.clone()).collect();
        assert_eq!(names(&route), queues);
        queues
    };
    assert_eq!(ask("true", "z1").await, ["near", "slave-only"]);
    assert_eq!(ask("false", "z1").await, ["near", "far", "slave-only"]);
    assert_eq!(ask("true", " ").await, ["near", "far", "slave-only"]);
}

#[tokio::test(start_paused = true)]
async fn routes_are_refused_while_the_name_server_waits_for_brokers() {
    let wait = std::time::Duration::from_secs(45);
    let config = NameServerConfig::new().need_wait_for_service(true).wait_seconds_for_service(wait);
    let cluster = Cluster::start(config).await;
    let _broker_4 = cluster.registered("broker-a", 0, &["orders"]).await;
    let response = cluster.invoke(route_request("orders")).await;
    assert_eq!(response.remark(), Some("name server not ready"));
    tokio::time::advance(wait).await;
    assert!(cluster.route("orders").await.is_some());
}
