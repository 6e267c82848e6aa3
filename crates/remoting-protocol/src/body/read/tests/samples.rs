//! Bodies that Java servers and clients send.

use super::*;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TopicRouteData {
    broker_datas: Vec<BrokerData>,
    queue_datas: Vec<QueueData>,
    filter_server_table: HashMap<String, Vec<String>>,
    order_topic_conf: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct BrokerData {
    broker_addrs: BTreeMap<i64, String>,
    broker_name: String,
    cluster: String,
    #[serde(default)]
    enable_acting_master: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct QueueData {
    broker_name: String,
    perm: i32,
    read_queue_nums: i32,
}

#[test]
fn a_route_in_fastjsons_own_form_and_in_standard_json() {
    for (master, slave) in [("0", "1"), ("\"0\"", "\"1\"")] {
        let route: TopicRouteData = read(&format!(
            r#"{{"brokerDatas":[{{"brokerAddrs":{{{master}:"192.168.0.47:10911",{slave}:"192.168.0.48:10911"}},"brokerName":"broker-a","cluster":"C","enableActingMaster":false}}],"filterServerTable":{{}},"queueDatas":[{{"brokerName":"broker-a","perm":6,"readQueueNums":8,"topicSysFlag":0,"writeQueueNums":8}}]}}"#
        ));
        let broker = &route.broker_datas[0];
        assert_eq!(broker.broker_addrs[&0], "192.168.0.47:10911");
        assert_eq!((broker.broker_name.as_str(), broker.cluster.as_str()), ("broker-a", "C"));
        assert!(!broker.enable_acting_master && route.filter_server_table.is_empty());
        assert_eq!((route.queue_datas[0].perm, route.queue_datas[0].read_queue_nums), (6, 8));
        assert_eq!(route.queue_datas[0].broker_name, "broker-a");
        assert_eq!(route.order_topic_conf, None);
    }
}

#[test]
fn a_consumer_offset_table() {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct ConsumerOffsets {
        offset_table: HashMap<String, BTreeMap<i32, i64>>,
    }
    let offsets: ConsumerOffsets = read(r#"{"offsetTable":{"T@g":{0:7,1:0},"%RETRY%g@g":{}}}"#);
    assert_eq!(offsets.offset_table["T@g"], BTreeMap::from([(0, 7), (1, 0)]));
}

#[test]
fn a_heartbeat() {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Heartbeat {
        #[serde(rename = "clientID")]
        client_id: String,
        consumer_data_set: Vec<Consumer>,
        heartbeat_fingerprint: i32,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Consumer {
        message_model: MessageModel,
        subscription_data_set: Vec<Subscription>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Subscription {
        code_set: Vec<i32>,
        sub_string: String,
    }
    let heartbeat: Heartbeat = read(
        r#"{"clientID":"cid","consumerDataSet":[{"consumeFromWhere":"CONSUME_FROM_LAST_OFFSET","consumeType":"CONSUME_PASSIVELY","groupName":"CG","messageModel":"CLUSTERING","subscriptionDataSet":[{"classFilterMode":false,"codeSet":[2598919],"expressionType":"TAG","subString":"TagA||TagB","subVersion":1,"tagsSet":["TagA"],"topic":"T"}],"unitMode":false}],"heartbeatFingerprint":0,"producerDataSet":[{"groupName":"PG"}],"withoutSub":false}"#,
    );
    let consumer = &heartbeat.consumer_data_set[0];
    assert_eq!((heartbeat.client_id.as_str(), heartbeat.heartbeat_fingerprint), ("cid", 0));
    assert_eq!(consumer.message_model, MessageModel::Clustering);
    assert_eq!(consumer.subscription_data_set[0].code_set, [2_598_919]);
    assert_eq!(consumer.subscription_data_set[0].sub_string, "TagA||TagB");
}
