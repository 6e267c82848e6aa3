//! What tools ask for: lists, topics, the KV configuration, the configuration.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod cluster;

use std::collections::BTreeSet;
use std::fs;

use remoting::model::body::{PropertiesText, QueueData, TopicConfig, TopicList, TopicRouteData};
use remoting::model::header::{
    DeleteKVConfigRequestHeader, DeleteTopicFromNamesrvRequestHeader, GetKVConfigRequestHeader,
    GetKVListByNamespaceRequestHeader, GetTopicsByClusterRequestHeader, PutKVConfigRequestHeader,
    RegisterTopicRequestHeader,
};
use remoting::model::operation::{
    DeleteKVConfig, DeleteTopicInNamesrv, GetAllTopicListFromNameserver, GetBrokerClusterInfo,
    GetHasUnitSubTopicList, GetHasUnitSubUnunitTopicList, GetKVConfig, GetKVListByNamespace,
    GetNamesrvConfig, GetSystemTopicListFromNs, GetTopicsByCluster, GetUnitTopicList, PutKVConfig,
    RegisterTopicInNamesrv, UpdateNamesrvConfig,
};
use remoting::{RemotingCommand, RequestCode, ResponseCode};
use remoting_namesrv::{JavaConfig, NameServer, NameServerConfig};

use self::cluster::{Cluster, code};

fn set(topics: &[&str]) -> BTreeSet<String> {
    topics.iter().map(|topic| (*topic).to_owned()).collect()
}

fn put(namespace: &str, key: &str, value: &str) -> PutKVConfig {
    PutKVConfigRequestHeader { namespace: namespace.to_owned(), key: key.to_owned(), value: value.to_owned() }
        .into()
}

fn get(namespace: &str, key: &str) -> GetKVConfig {
    GetKVConfigRequestHeader { namespace: namespace.to_owned(), key: key.to_owned() }.into()
}

fn list(namespace: &str) -> GetKVListByNamespace {
    GetKVListByNamespaceRequestHeader { namespace: namespace.to_owned() }.into()
}

#[tokio::test(start_paused = true)]
async fn the_kv_configuration_is_set_read_listed_and_deleted() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let missing = cluster.invoke(get("ns", "key")).await;
    assert_eq!(missing.response_code(), ResponseCode::QUERY_NOT_FOUND);
    assert_eq!(missing.remark(), Some("No config item, Namespace: ns Key: key"));
    let missing = cluster.invoke(list("ns")).await;
    assert_eq!(missing.remark(), Some("No config item, Namespace: ns"));

    cluster.client.call(put("ns", "key", "value")).await.unwrap();
    let value = cluster.client.call(get("ns", "key")).await.unwrap().value;
    assert_eq!(value.as_deref(), Some("value"));
    assert_eq!(cluster.client.call(list("ns")).await.unwrap().table["key"], "value");

    let header = DeleteKVConfigRequestHeader { namespace: "ns".to_owned(), key: "key".to_owned() };
    cluster.client.call(DeleteKVConfig::from(header)).await.unwrap();
    assert_eq!(cluster.invoke(get("ns", "key")).await.response_code(), ResponseCode::QUERY_NOT_FOUND);
    assert!(cluster.client.call(list("ns")).await.unwrap().table.is_empty(), "the namespace stays");
}

#[tokio::test(start_paused = true)]
async fn the_kv_configuration_outlives_a_restart_and_javas_file_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deeper").join("kvConfig.json");
    let config = || NameServerConfig::new().kv_config_path(path.clone());
    let first = Cluster::start(config()).await;
    first.client.call(put("ns", "key", "välue")).await.unwrap();
    first.name_server.shutdown().await;
    let second = Cluster::start(config()).await;
    assert_eq!(second.client.call(get("ns", "key")).await.unwrap().value.as_deref(), Some("välue"));
    let files: Vec<_> =
        fs::read_dir(path.parent().unwrap()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["kvConfig.json"], "no temporary file stays");

    fs::write(&path, r#"{"configTable":{"ORDER_TOPIC_CONFIG":{"orders":"a:4"}}}"#).unwrap();
    let third = Cluster::start(config()).await;
    let table = third.client.call(list("ORDER_TOPIC_CONFIG")).await.unwrap().table;
    assert_eq!(table["orders"], "a:4");

    fs::write(&path, "{").unwrap();
    let error = NameServer::builder().bind("memory:broken-kv").config(config()).start().await.unwrap_err();
    assert!(error.to_string().contains("kvConfig.json"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_change_that_cannot_be_written_or_exceeds_the_limit_has_no_effect() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kvConfig.json");
    let config = NameServerConfig::new().kv_config_path(path.clone()).max_kv_config_bytes(100_usize);
    let cluster = Cluster::start(config).await;
    let error = cluster.client.call(put("ns", "key", &"x".repeat(100))).await.unwrap_err();
    assert!(error.to_string().contains("maxKvConfigBytes"), "{error}");
    // A folder in place of the temporary file.
    fs::create_dir(folder.path().join("kvConfig.json.tmp")).unwrap();
    let error = cluster.client.call(put("ns", "key", "value")).await.unwrap_err();
    assert_eq!(code(&error), ResponseCode::SYSTEM_ERROR);
    assert_eq!(cluster.invoke(get("ns", "key")).await.response_code(), ResponseCode::QUERY_NOT_FOUND);
}

#[tokio::test(start_paused = true)]
async fn tools_list_the_topics_of_everything_of_a_cluster_and_of_the_system() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let broker = cluster.registered("broker-a", 0, &["orders"]).await;
    let mut elsewhere = cluster.broker("broker-b", 0);
    elsewhere.header.cluster_name = "other".to_owned();
    elsewhere.add_topic(TopicConfig::new("bills"));
    elsewhere.register().await.unwrap();

    let all = cluster.client.call(GetAllTopicListFromNameserver).await.unwrap();
    assert_eq!(all.topic_list, set(&["SELF_TEST_TOPIC", "bills", "orders"]));
    let of = async |cluster_name: &str| {
        let header = GetTopicsByClusterRequestHeader { cluster: cluster_name.to_owned() };
        cluster.client.call(GetTopicsByCluster::from(header)).await.unwrap().topic_list
    };
    assert_eq!(of("other").await, set(&["SELF_TEST_TOPIC", "bills"]));
    assert_eq!(of("unknown").await, set(&[]));
    let system = cluster.client.call(GetSystemTopicListFromNs).await.unwrap();
    let topic_list = set(&["broker-a", "broker-b", "cluster", "other"]);
    assert_eq!(system, TopicList { topic_list, broker_addr: Some(broker.addr().to_owned()) });
    let info = cluster.client.call(GetBrokerClusterInfo).await.unwrap();
    assert_eq!(info.cluster_addr_table["other"], set(&["broker-b"]));
    assert_eq!(info.broker_addr_table["broker-a"].broker_addrs[&0], broker.addr());
}

#[tokio::test(start_paused = true)]
async fn tools_list_the_topics_of_units() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let mut broker = cluster.broker("broker-a", 0);
    for (topic, topic_sys_flag) in [("unit", 1), ("sub", 2), ("both", 3)] {
        broker.add_topic(TopicConfig { topic_sys_flag, ..TopicConfig::new(topic) });
    }
    broker.register().await.unwrap();
    assert_eq!(cluster.client.call(GetUnitTopicList).await.unwrap().topic_list, set(&["both", "unit"]));
    assert_eq!(cluster.client.call(GetHasUnitSubTopicList).await.unwrap().topic_list, set(&["both", "sub"]));
    assert_eq!(cluster.client.call(GetHasUnitSubUnunitTopicList).await.unwrap().topic_list, set(&["sub"]));
}

#[tokio::test(start_paused = true)]
async fn lists_that_are_switched_off_are_refused_as_in_java() {
    let cluster =
        Cluster::start(NameServerConfig::new().enable_topic_list(false).enable_all_topic_list(false)).await;
    for response in [
        cluster.invoke(GetAllTopicListFromNameserver).await,
        cluster.invoke(GetUnitTopicList).await,
        cluster
            .invoke(GetTopicsByCluster::from(GetTopicsByClusterRequestHeader { cluster: "c".to_owned() }))
            .await,
    ] {
        assert_eq!(
            (response.response_code(), response.remark()),
            (ResponseCode::SYSTEM_ERROR, Some("disable"))
        );
    }
}

#[tokio::test(start_paused = true)]
async fn topics_are_registered_and_deleted_by_tools() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let _broker_1 = cluster.registered("broker-a", 0, &["any"]).await;
    let mut elsewhere = cluster.broker("broker-b", 0);
    elsewhere.header.cluster_name = "other".to_owned();
    elsewhere.add_topic(TopicConfig::new("bills"));
    elsewhere.register().await.unwrap();
    let register = async |topic: &str, brokers: &[&str]| {
        let queues = |name: &&str| QueueData {
            broker_name: (*name).to_owned(),
            perm: 6,
            read_queue_nums: 1,
            ..Default::default()
        };
        let body = TopicRouteData { queue_datas: brokers.iter().map(queues).collect(), ..Default::default() };
        let header = RegisterTopicRequestHeader { topic: topic.to_owned(), ..Default::default() };
        cluster.client.call(RegisterTopicInNamesrv { header, body }).await.unwrap();
    };
    register("orders", &["broker-a", "broker-b"]).await;
    register("nowhere", &["broker-a", "unknown"]).await;
    assert_eq!(cluster.route("orders").await.unwrap().queue_datas.len(), 2);
    assert!(cluster.route("nowhere").await.is_none());

    let delete = async |topic: &str, cluster_name: Option<&str>| {
        let header = DeleteTopicFromNamesrvRequestHeader {
            topic: topic.to_owned(),
            cluster_name: cluster_name.map(ToOwned::to_owned),
            ..Default::default()
        };
        cluster.client.call(DeleteTopicInNamesrv::from(header)).await.unwrap();
    };
    delete("orders", Some("other")).await;
    let route = cluster.route("orders").await.unwrap();
    assert_eq!(route.queue_datas[0].broker_name, "broker-a");
    delete("orders", None).await;
    assert!(cluster.route("orders").await.is_none());
}

#[tokio::test(start_paused = true)]
async fn the_configuration_is_read_and_changed_and_the_change_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("namesrv.properties");
    let mut java = JavaConfig::read(b"listenPort=9999\nsupportActingMaster=true\n").unwrap();
    java.name_server = java.name_server.config_store_path(path.clone());
    let cluster = Cluster::start_with(|builder| builder.java_config(java)).await;
    let config = cluster.client.call(GetNamesrvConfig).await.unwrap();
    assert_eq!(config.get("supportActingMaster"), Some("true"));
    assert_eq!(config.get("orderMessageEnable"), Some("false"));
    assert_eq!(config.get("listenPort"), Some("9999"), "keys that only the start reads are there too");

    let update = async |key: &str, value: &str| {
        let body: PropertiesText = [(key, value)].into_iter().collect();
        cluster.invoke(UpdateNamesrvConfig::from(body)).await
    };
    assert!(update("orderMessageEnable", "true").await.response_code().is_success());
    assert_eq!(cluster.client.call(GetNamesrvConfig).await.unwrap().get("orderMessageEnable"), Some("true"));
    let stored = JavaConfig::read(&fs::read(&path).unwrap()).unwrap();
    assert_eq!(stored.name_server, cluster.name_server.config());
    assert_eq!(stored.address().unwrap().to_string(), "0.0.0.0:9999");

    assert!(update("serverChannelMaxIdleTimeSeconds", "77").await.response_code().is_success());
    let config = cluster.client.call(GetNamesrvConfig).await.unwrap();
    assert_eq!(config.get("serverChannelMaxIdleTimeSeconds"), Some("77"), "the next start reads it");
    let refused = update("serverChannelMaxIdleTimeSeconds", "soon").await;
    assert_eq!(refused.response_code(), ResponseCode::SYSTEM_ERROR, "the next start would fail");
    assert_eq!(cluster.client.call(GetNamesrvConfig).await.unwrap(), config);

    for key in ["kvConfigPath", "rocketmqHome"] {
        let refused = update(key, "/etc/passwd").await;
        assert_eq!(refused.response_code(), ResponseCode::NO_PERMISSION);
        assert_eq!(refused.remark(), Some("Can not update config in black list."));
    }
    let refused = update("scanNotActiveBrokerInterval", "0").await;
    assert_eq!(refused.response_code(), ResponseCode::SYSTEM_ERROR);
    assert!(update("unknown", "1").await.response_code().is_success(), "as in Java");
}

#[tokio::test(start_paused = true)]
async fn the_configuration_has_every_key_that_javas_name_server_returns() {
    /// Of Java's, without a configuration file. Paths are set by the program.
    const JAVA: &str = include_str!("java/namesrv-config-5.5.0.properties");
    /// Defaults that differ: see docs/java-parity.md.
    const DIFFERENT: [&str; 5] = [
        "defaultThreadPoolNums",
        "enableShutdownGracefully",
        "shutdownWaitTimeSeconds",
        "writeBufferHighWaterMark",
        "writeBufferLowWaterMark",
    ];
    let config = NameServerConfig::new()
        .kv_config_path(Some("/h/namesrv/kvConfig.json".into()))
        .config_store_path(Some("/h/namesrv/namesrv.properties".into()));
    let cluster = Cluster::start(config).await;
    let config = cluster.client.call(GetNamesrvConfig).await.unwrap();
    let lines: Vec<_> = JAVA.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(lines.len(), 39);
    for line in lines {
        let (key, value) = line.split_once('=').unwrap();
        let ours = config.get(key).unwrap_or_else(|| panic!("{key} is missing"));
        assert_eq!(ours == value, !DIFFERENT.contains(&key), "{key} is {ours}, in Java {value}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_code_of_others_is_refused_as_in_java() {
    let cluster = Cluster::start(NameServerConfig::new()).await;
    let request = RemotingCommand::request(RequestCode::SEND_MESSAGE);
    let response = cluster.client.invoke(request).await.unwrap();
    assert_eq!(response.response_code(), ResponseCode::REQUEST_CODE_NOT_SUPPORTED);
    assert_eq!(response.remark(), Some(" request type 10 not supported"));
}
