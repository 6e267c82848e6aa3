//! A small name server: brokers register their topics, clients look up routes,
//! and a broker that disconnects leaves no routes behind.
//!
//! cargo run --example name_server

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use remoting::prelude::*;
use serde::{Deserialize, Serialize};

const REGISTER: RequestCode = RequestCode::REGISTER_BROKER;
const ROUTE: RequestCode = RequestCode::GET_ROUTEINFO_BY_TOPIC;

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RegisterBrokerHeader {
    cluster_name: String,
    broker_name: String,
    broker_addr: String,
    broker_id: i64,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RegisterBrokerBody {
    topic_config_serialize_wrapper: TopicConfigs,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct TopicConfigs {
    topic_config_table: BTreeMap<String, TopicConfig>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TopicConfig {
    read_queue_nums: i32,
    write_queue_nums: i32,
    perm: i32,
}

#[derive(Serialize, Deserialize)]
struct RouteHeader {
    topic: String,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct TopicRouteData {
    queue_datas: Vec<QueueData>,
    broker_datas: Vec<BrokerData>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct QueueData {
    broker_name: String,
    read_queue_nums: i32,
    write_queue_nums: i32,
    perm: i32,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct BrokerData {
    cluster: String,
    broker_name: String,
    broker_addrs: BTreeMap<i64, String>,
}

/// A registered broker, with the address of its connection.
struct Broker {
    peer: Address,
    header: RegisterBrokerHeader,
    topics: BTreeMap<String, TopicConfig>,
}

/// The registered brokers, by address.
#[derive(Default)]
struct Routes(Mutex<BTreeMap<String, Broker>>);

impl Routes {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Broker>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn register(
        self: Arc<Self>,
        ctx: RequestContext,
        request: RemotingCommand,
    ) -> Result<RemotingCommand, ProcessorError> {
        let header: RegisterBrokerHeader = request.header()?;
        let body: RegisterBrokerBody = request.json_body()?;
        let topics = body.topic_config_serialize_wrapper.topic_config_table;
        let peer = ctx.peer_addr().clone();
        let addr = header.broker_addr.clone();
        self.lock().insert(addr, Broker { peer, header, topics });
        Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
    }

    async fn route(
        self: Arc<Self>,
        _ctx: RequestContext,
        request: RemotingCommand,
    ) -> Result<RemotingCommand, ProcessorError> {
        let RouteHeader { topic } = request.header()?;
        let mut route = TopicRouteData::default();
        for Broker { header, topics, .. } in self.lock().values() {
            let Some(config) = topics.get(&topic) else { continue };
            route.queue_datas.push(QueueData {
                broker_name: header.broker_name.clone(),
                read_queue_nums: config.read_queue_nums,
                write_queue_nums: config.write_queue_nums,
                perm: config.perm,
            });
            let addr = header.broker_addr.clone();
            route.broker_datas.push(BrokerData {
                cluster: header.cluster_name.clone(),
                broker_name: header.broker_name.clone(),
                broker_addrs: BTreeMap::from([(header.broker_id, addr)]),
            });
        }
        if route.queue_datas.is_empty() {
            let code = ResponseCode::TOPIC_NOT_EXIST;
            let response = RemotingCommand::response_to(&request, code);
            return Ok(response.with_remark(format!("no topic {topic}")));
        }
        let response =
            RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
        Ok(response.with_json_body(&route)?)
    }

    fn disconnected(&self, peer: &Address) {
        self.lock().retain(|_, broker| broker.peer != *peer);
    }
}

/// Registers a broker with one topic.
async fn register(broker: &Target) -> Result<(), Box<dyn Error>> {
    let header = RegisterBrokerHeader {
        cluster_name: "DefaultCluster".to_owned(),
        broker_name: "broker-a".to_owned(),
        broker_addr: "10.0.0.1:10911".to_owned(),
        broker_id: 0,
    };
    let orders =
        TopicConfig { read_queue_nums: 4, write_queue_nums: 4, perm: 6 };
    let mut body = RegisterBrokerBody::default();
    let table = &mut body.topic_config_serialize_wrapper.topic_config_table;
    table.insert("orders".to_owned(), orders);
    let request = RemotingCommand::request(REGISTER)
        .with_header(&header)?
        .with_json_body(&body)?;
    broker.invoke(request).into_success().await?;
    Ok(())
}

/// Looks up the route of a topic and prints it.
async fn look_up(client: &Target) -> Result<(), Box<dyn Error>> {
    let header = RouteHeader { topic: "orders".to_owned() };
    let request = RemotingCommand::request(ROUTE).with_header(&header)?;
    let response = client.invoke(request).await?;
    if response.response_code() != ResponseCode::SUCCESS {
        println!("orders: {}", response.response_code());
        return Ok(());
    }
    let route: TopicRouteData = response.json_body()?;
    for (queue, broker) in route.queue_datas.iter().zip(&route.broker_datas) {
        let (queues, addrs) = (queue.write_queue_nums, &broker.broker_addrs);
        println!("orders: {queues} queues, {} {addrs:?}", queue.broker_name);
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let routes = Arc::new(Routes::default());
    let inline = Executor::inline();
    let processors = ProcessorSet::new()
        .on(REGISTER, inline.clone(), processor_with(&routes, Routes::register))
        .on(ROUTE, inline, processor_with(&routes, Routes::route));
    let closed = Arc::clone(&routes);
    let name_server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .processors(processors)
        .on_event(move |event: ChannelEvent| {
            if let ChannelEventKind::Close(_) = event.kind {
                closed.disconnected(event.channel.peer_addr());
            }
        })
        .start()
        .await?;
    let addr = name_server.local_addr();

    let broker = RemotingClient::builder().build()?;
    register(&broker.to(addr)).await?;
    let client = RemotingClient::builder().build()?;
    look_up(&client.to(addr)).await?;

    broker.shutdown().await;
    while !routes.lock().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    println!("the broker has disconnected");
    look_up(&client.to(addr)).await?;

    client.shutdown().await;
    name_server.shutdown().await;
    Ok(())
}
