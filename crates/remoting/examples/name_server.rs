//! A small name server: brokers register their topics, clients look up routes,
//! and a broker that disconnects leaves no routes behind.
//!
//! cargo run --example name_server

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use remoting::model::body::{
    BrokerData, KVTable, QueueData, RegisterBrokerBody, TopicConfig,
    TopicRouteData,
};
use remoting::model::header::{
    RegisterBrokerRequestHeader, RegisterBrokerResponseHeader,
};
use remoting::model::operation::{GetRouteInfo, RegisterBroker};
use remoting::prelude::*;

/// A registered broker, with the address of its connection.
struct Broker {
    peer: Address,
    header: RegisterBrokerRequestHeader,
    topics: BTreeMap<String, TopicConfig>,
}

/// The registered brokers, by address.
#[derive(Default)]
struct NameServer(Mutex<BTreeMap<String, Broker>>);

impl NameServer {
    fn brokers(&self) -> MutexGuard<'_, BTreeMap<String, Broker>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn register(
        &self,
        request: Request<RegisterBroker>,
    ) -> Result<(RegisterBrokerResponseHeader, Option<KVTable>), Refusal> {
        let peer = request.peer_addr().clone();
        let RegisterBroker { header, body } = request.into_operation();
        let topics = body.topic_config_serialize_wrapper.topic_config_table;
        let addr = header.broker_addr.clone();
        self.brokers().insert(addr, Broker { peer, header, topics });
        Ok((RegisterBrokerResponseHeader::default(), None))
    }

    async fn route(
        &self,
        request: Request<GetRouteInfo>,
    ) -> Result<TopicRouteData, Refusal> {
        let topic = &request.header.topic;
        let mut route = TopicRouteData::default();
        for Broker { header, topics, .. } in self.brokers().values() {
            let Some(config) = topics.get(topic) else { continue };
            let broker_name = header.broker_name.clone();
            route.queue_datas.push(QueueData {
                broker_name: broker_name.clone(),
                perm: config.perm,
                read_queue_nums: config.read_queue_nums,
                write_queue_nums: config.write_queue_nums,
                ..QueueData::default()
            });
            let addr = header.broker_addr.clone();
            route.broker_datas.push(BrokerData {
                broker_addrs: BTreeMap::from([(header.broker_id, addr)]),
                broker_name,
                cluster: header.cluster_name.clone(),
                ..BrokerData::default()
            });
        }
        if route.queue_datas.is_empty() {
            let remark = format!("no topic {topic}");
            return Err(Refusal::new(ResponseCode::TOPIC_NOT_EXIST, remark));
        }
        Ok(route)
    }

    fn disconnected(&self, peer: &Address) {
        self.brokers().retain(|_, broker| broker.peer != *peer);
    }
}

/// Registers a broker with one topic.
async fn register(name_server: &Target) -> Result<(), RpcError> {
    let header = RegisterBrokerRequestHeader {
        broker_name: "broker-a".to_owned(),
        broker_addr: "10.0.0.1:10911".to_owned(),
        cluster_name: "DefaultCluster".to_owned(),
        ..Default::default()
    };
    let mut body = RegisterBrokerBody::default();
    let topics = &mut body.topic_config_serialize_wrapper.topic_config_table;
    topics.insert("orders".to_owned(), TopicConfig::new("orders"));
    name_server.call(RegisterBroker { header, body }).await?;
    Ok(())
}

/// Looks up the route of a topic and prints it.
async fn look_up(name_server: &Target) -> Result<(), RpcError> {
    match name_server.call(GetRouteInfo::topic("orders")).await {
        Ok(route) => {
            for QueueData { broker_name, write_queue_nums, .. } in
                &route.queue_datas
            {
                println!("orders: {write_queue_nums} queues on {broker_name}");
            }
        }
        Err(RpcError::Response { error, .. }) => println!("orders: {error}"),
        Err(error) => return Err(error),
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let state = Arc::new(NameServer::default());
    let handlers = ProcessorSet::with_state(Arc::clone(&state))
        .handle(Executor::inline(), NameServer::register)
        .handle(Executor::inline(), NameServer::route);
    let closed = Arc::clone(&state);
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .processors(handlers)
        .on_event(move |event: ChannelEvent| {
            if let ChannelEventKind::Close(_) = event.kind {
                closed.disconnected(event.channel.peer_addr());
            }
        })
        .start()
        .await?;

    let broker = RemotingClient::builder().build()?;
    register(&broker.to(server.local_addr())).await?;
    let client = RemotingClient::builder().build()?;
    look_up(&client.to(server.local_addr())).await?;

    broker.shutdown().await;
    while !state.brokers().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    println!("the broker has disconnected");
    look_up(&client.to(server.local_addr())).await?;

    client.shutdown().await;
    server.shutdown().await;
    Ok(())
}
