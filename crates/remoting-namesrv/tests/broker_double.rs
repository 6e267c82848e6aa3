//! The broker double, used as a client's test would.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]
#![cfg(feature = "testing")]

use std::time::Duration;

use remoting::model::body::{ConsumerData, HeartbeatData};
use remoting::model::constants::PullSysFlag;
use remoting::model::header::{
    GetConsumerListByGroupRequestHeader, GetMaxOffsetRequestHeader, PullMessageRequestHeader,
    QueryConsumerOffsetRequestHeader, SendMessageRequestHeader, SendMessageRequestHeaderV2,
    UnregisterClientRequestHeader, UpdateConsumerOffsetRequestHeader,
};
use remoting::model::message::{Message, MessageBatch, MessageList};
use remoting::model::operation::{
    GetConsumerListByGroup, GetMaxOffset, GetRouteInfo, HeartBeat, PullMessage, QueryConsumerOffset,
    SendBatchMessage, SendMessage, SendMessageV2, UnregisterClient, UpdateConsumerOffset,
};
use remoting::transport::MemoryNetwork;
use remoting::{RemotingClient, ResponseCode, RpcError, Target};
use remoting_namesrv::NameServer;
use remoting_namesrv::testing::BrokerDouble;
use tokio::time::Instant;

const NAME_SERVER: &str = "10.0.0.9:9876";
const BROKER: &str = "10.0.0.1:10911";
const MINUTE: Duration = Duration::from_secs(60);

struct World {
    name_server: NameServer,
    broker: BrokerDouble,
    /// A client's connection to the broker, at the address of the route.
    target: Target,
}

impl World {
    async fn new() -> Self {
        let network = MemoryNetwork::new();
        let name_server =
            NameServer::builder().network(network.clone()).bind(NAME_SERVER).start().await.unwrap();
        let broker = BrokerDouble::builder("broker-a")
            .network(network.clone())
            .bind(BROKER)
            .name_servers(NAME_SERVER)
            .topic("orders", 2)
            .max_messages(4)
            .start()
            .await
            .unwrap();
        let client = RemotingClient::builder().network(network).build().unwrap();
        let route = client.call(NAME_SERVER, GetRouteInfo::topic("orders"), MINUTE).await.unwrap();
        assert_eq!(route.queue_datas[0].write_queue_nums, 2);
        let target = client.to(route.broker_datas[0].master_addr().unwrap()).timeout(10 * MINUTE);
        Self { name_server, broker, target }
    }

    async fn send(&self, topic: &str, body: &'static str) -> Result<i64, RpcError> {
        let header = SendMessageRequestHeaderV2 {
            topic: topic.to_owned(),
            properties: Some("TAGS\u{1}food\u{2}".to_owned()),
            ..Default::default()
        };
        let sent = self.target.call(SendMessageV2 { header, body: body.into() }).await?;
        Ok(sent.queue_offset)
    }

    async fn pull(&self, offset: i64, wait: Duration) -> (ResponseCode, i64, Vec<String>) {
        let header = PullMessageRequestHeader {
            consumer_group: "group".to_owned(),
            topic: "orders".to_owned(),
            queue_offset: offset,
            max_msg_nums: 32,
            sys_flag: if wait.is_zero() { 0 } else { PullSysFlag::SUSPEND.0 },
            suspend_timeout_millis: wait.as_millis().try_into().unwrap(),
            ..Default::default()
        };
        let response = self.target.call(PullMessage::from(header)).into_response().await.unwrap();
        let code = response.code();
        let (header, list): (_, MessageList) = response.into_content();
        let bodies = list.iter().map(|message| String::from_utf8(message.unwrap().body.to_vec()).unwrap());
        (code, header.next_begin_offset, bodies.collect())
    }
}

#[tokio::test(start_paused = true)]
async fn messages_are_sent_in_all_forms_and_pulled() {
    let world = World::new().await;
    assert_eq!(world.send("orders", "first").await.unwrap(), 0);
    let header = SendMessageRequestHeader { topic: "orders".to_owned(), ..Default::default() };
    let sent = world.target.call(SendMessage { header, body: "second".into() }).await.unwrap();
    assert_eq!((sent.queue_id, sent.queue_offset), (0, 1));
    let batch =
        MessageBatch::encode(&[Message::new("orders", "third"), Message::new("orders", "fourth")]).unwrap();
    let header =
        SendMessageRequestHeaderV2 { topic: "orders".to_owned(), batch: Some(true), ..Default::default() };
    let sent = world.target.call(SendBatchMessage { header, body: batch }).await.unwrap();
    assert_eq!((sent.queue_offset, sent.msg_id.split(',').count()), (2, 2));

    let (code, next, bodies) = world.pull(1, Duration::ZERO).await;
    assert_eq!((code, next), (ResponseCode::SUCCESS, 4));
    assert_eq!(bodies, ["second", "third", "fourth"]);
    assert_eq!(world.pull(4, Duration::ZERO).await.0, ResponseCode::PULL_NOT_FOUND);
    assert_eq!(world.pull(9, Duration::ZERO).await, (ResponseCode::PULL_OFFSET_MOVED, 4, vec![]));
    let stored = world.broker.messages("orders");
    assert_eq!((stored.len(), stored[0].properties.tags()), (4, Some("food")));
    let header = GetMaxOffsetRequestHeader { topic: "orders".to_owned(), ..Default::default() };
    assert_eq!(world.target.call(GetMaxOffset::from(header)).await.unwrap().offset, 4);
    assert!(world.send("orders", "one too many").await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_pull_waits_for_a_message_and_no_longer_than_it_may() {
    let world = World::new().await;
    let before = Instant::now();
    assert_eq!(world.pull(0, MINUTE).await.0, ResponseCode::PULL_NOT_FOUND);
    assert_eq!(before.elapsed(), MINUTE);
    let send = async {
        tokio::time::sleep(MINUTE / 2).await;
        world.send("orders", "late").await.unwrap();
    };
    let before = Instant::now();
    let (pulled, ()) = tokio::join!(world.pull(0, MINUTE), send);
    assert_eq!((pulled.2, before.elapsed()), (vec!["late".to_owned()], MINUTE / 2));
}

#[tokio::test(start_paused = true)]
async fn a_topic_exists_when_it_is_added_and_its_route_is_known_then() {
    let world = World::new().await;
    let error = world.send("bills", "body").await.unwrap_err();
    assert!(
        matches!(&error, RpcError::Response { error, .. } if error.code() == ResponseCode::TOPIC_NOT_EXIST)
    );
    world.broker.set_topic("bills", 1).await.unwrap();
    assert_eq!(world.send("bills", "body").await.unwrap(), 0);
    assert!(world.name_server.route("bills").is_some());
    world.broker.shutdown().await;
    while world.name_server.route("bills").is_some() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_group_has_offsets_a_retry_topic_and_the_clients_of_its_heartbeats() {
    let world = World::new().await;
    let body = HeartbeatData {
        client_id: "client".to_owned(),
        consumer_data_set: vec![ConsumerData { group_name: "group".to_owned(), ..Default::default() }],
        ..Default::default()
    };
    world.target.call(HeartBeat { header: Default::default(), body }).await.unwrap();
    assert!(world.name_server.route("%RETRY%group").is_some());
    let clients = async || {
        let header =
            GetConsumerListByGroupRequestHeader { consumer_group: "group".to_owned(), ..Default::default() };
        world.target.call(GetConsumerListByGroup::from(header)).await.unwrap().consumer_id_list
    };
    assert_eq!(clients().await, ["client"]);
    let header = UnregisterClientRequestHeader {
        client_id: "client".to_owned(),
        consumer_group: Some("group".to_owned()),
        ..Default::default()
    };
    world.target.call(UnregisterClient::from(header)).await.unwrap();
    assert!(clients().await.is_empty());

    let query = async |zero| {
        let header = QueryConsumerOffsetRequestHeader {
            consumer_group: "group".to_owned(),
            topic: "orders".to_owned(),
            queue_id: 1,
            set_zero_if_not_found: Some(zero),
            ..Default::default()
        };
        world.target.call(QueryConsumerOffset::from(header)).await.ok().map(|header| header.offset)
    };
    assert_eq!((query(true).await, query(false).await), (Some(0), None));
    let header = UpdateConsumerOffsetRequestHeader {
        consumer_group: "group".to_owned(),
        topic: "orders".to_owned(),
        queue_id: 1,
        commit_offset: 7,
        ..Default::default()
    };
    world.target.call_oneway(UpdateConsumerOffset::from(header)).await.unwrap();
    assert_eq!(query(false).await, Some(7));
    assert_eq!(world.broker.committed_offset("group", "orders", 1), Some(7));
}
