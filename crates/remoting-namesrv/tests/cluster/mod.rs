//! A name server on a network of its own, and brokers that register with it.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]
#![allow(dead_code, reason = "each test program uses a part")]

use std::time::Duration;

use remoting::model::body::{
    DataVersion, RegisterBrokerBody, TopicConfig, TopicConfigAndMappingSerializeWrapper, TopicRouteData,
};
use remoting::model::header::{
    GetRouteInfoRequestHeader, RegisterBrokerRequestHeader, UnRegisterBrokerRequestHeader,
};
use remoting::model::operation::{GetRouteInfo, RegisterBroker, UnregisterBroker};
use remoting::protocol::operation::Operation;
use remoting::transport::MemoryNetwork;
use remoting::{RemotingClient, RemotingCommand, ResponseCode, RpcError, Target};
use remoting_namesrv::{NameServer, NameServerBuilder, NameServerConfig};

pub(crate) const NAME_SERVER: &str = "10.0.0.9:9876";
const HOUR: Duration = Duration::from_secs(3600);

pub(crate) struct Cluster {
    pub(crate) network: MemoryNetwork,
    pub(crate) name_server: NameServer,
    /// A client, which is no broker.
    pub(crate) client: Target,
}

impl Cluster {
    pub(crate) async fn start(config: NameServerConfig) -> Self {
        Self::start_with(|builder| builder.config(config)).await
    }

    pub(crate) async fn start_with(build: impl FnOnce(NameServerBuilder) -> NameServerBuilder) -> Self {
        let network = MemoryNetwork::new();
        let builder = NameServer::builder().network(network.clone()).bind(NAME_SERVER);
        let name_server = build(builder).start().await.unwrap();
        let client = target(&network);
        Self { network, name_server, client }
    }

    /// A broker with a connection of its own. It is not registered yet.
    pub(crate) fn broker(&self, name: &str, id: i64) -> Broker {
        Broker::new(&self.network, name, id)
    }

    /// A broker that has registered with these topics, and one more: a broker with one topic alone is refused.
    pub(crate) async fn registered(&self, name: &str, id: i64, topics: &[&str]) -> Broker {
        let mut broker = self.broker(name, id);
        for topic in topics {
            broker.add_topic(TopicConfig::new(*topic));
        }
        broker.register().await.unwrap();
        broker
    }

    pub(crate) async fn route(&self, topic: &str) -> Option<TopicRouteData> {
        match self.client.call(route_request(topic)).await {
            Ok(route) => Some(route),
            Err(error) => {
                assert_eq!(code(&error), ResponseCode::TOPIC_NOT_EXIST);
                None
            }
        }
    }

    pub(crate) async fn invoke<O: Operation>(&self, operation: O) -> RemotingCommand {
        self.client.invoke(operation.into_request().unwrap()).await.unwrap()
    }

    /// Waits until the topic has no route any more.
    pub(crate) async fn until_gone(&self, topic: &str) {
        while self.route(topic).await.is_some() {
            tokio::task::yield_now().await;
        }
    }
}

pub(crate) fn route_request(topic: &str) -> GetRouteInfo {
    GetRouteInfoRequestHeader { topic: topic.to_owned(), ..Default::default() }.into()
}

pub(crate) fn target(network: &MemoryNetwork) -> Target {
    let client = RemotingClient::builder().network(network.clone()).build().unwrap();
    client.to(NAME_SERVER).timeout(HOUR)
}

/// The code of a response that is an error.
pub(crate) fn code(error: &RpcError) -> ResponseCode {
    match error {
        RpcError::Response { error, .. } => error.code(),
        other => panic!("{other}"),
    }
}

pub(crate) struct Broker {
    client: RemotingClient,
    pub(crate) target: Target,
    pub(crate) header: RegisterBrokerRequestHeader,
    pub(crate) topics: TopicConfigAndMappingSerializeWrapper,
    pub(crate) zone: Option<&'static str>,
}

impl Broker {
    fn new(network: &MemoryNetwork, name: &str, id: i64) -> Self {
        let client = RemotingClient::builder().network(network.clone()).build().unwrap();
        let header = RegisterBrokerRequestHeader {
            broker_name: name.to_owned(),
            broker_addr: format!("{name}.{id}:10911"),
            cluster_name: "cluster".to_owned(),
            ha_server_addr: format!("{name}.{id}:10912"),
            broker_id: id,
            ..Default::default()
        };
        let mut broker = Self {
            target: client.to(NAME_SERVER).timeout(HOUR),
            client,
            header,
            topics: TopicConfigAndMappingSerializeWrapper {
                data_version: DataVersion { counter: 1, ..Default::default() },
                ..Default::default()
            },
            zone: None,
        };
        broker.add_topic(TopicConfig::new("SELF_TEST_TOPIC"));
        broker
    }

    pub(crate) fn addr(&self) -> &str {
        &self.header.broker_addr
    }

    pub(crate) fn add_topic(&mut self, config: TopicConfig) {
        self.topics.topic_config_table.insert(config.topic_name.clone(), config);
        self.topics.data_version.counter += 1;
    }

    pub(crate) fn body(&self) -> RegisterBrokerBody {
        RegisterBrokerBody { topic_config_serialize_wrapper: self.topics.clone(), ..Default::default() }
    }

    pub(crate) fn request(&self) -> RemotingCommand {
        let request =
            RegisterBroker { header: self.header.clone(), body: self.body() }.into_request().unwrap();
        match self.zone {
            Some(zone) => request.with_ext_field("__ZONE_NAME", zone).unwrap(),
            None => request,
        }
    }

    pub(crate) async fn register(&self) -> Result<RemotingCommand, RpcError> {
        self.target.invoke(self.request()).into_success().await
    }

    pub(crate) async fn unregister(&self) {
        let header = UnRegisterBrokerRequestHeader {
            broker_name: self.header.broker_name.clone(),
            broker_addr: self.header.broker_addr.clone(),
            cluster_name: self.header.cluster_name.clone(),
            broker_id: self.header.broker_id,
        };
        self.target.call(UnregisterBroker::from(header)).await.unwrap();
    }

    /// Closes the connection.
    pub(crate) async fn disconnect(self) {
        self.client.shutdown().await;
    }
}
