//! A server with one port, and a client of each protocol.

use std::sync::Arc;
use std::time::Duration;

use remoting_rpc::transport::{Address, MemoryNetwork};
use remoting_rpc::{Executor, RemotingClient, RemotingServer, ServerConfig};
use remoting_service::grpc::Grpc;
use remoting_service::{Caller, DeadlinePolicy, Protocol};
use tonic::service::Routes;

use crate::greeter::grpc::channel;
use crate::greeter::{GreeterClient, GreeterServer};
use crate::service::Service;

/// The longest time of a call that sends none.
pub(crate) const DEFAULT: Duration = Duration::from_secs(5);
/// The longest time of a call.
pub(crate) const MAXIMUM: Duration = Duration::from_secs(60);

pub(crate) struct Both {
    pub(crate) service: Arc<Service>,
    pub(crate) server: RemotingServer,
    client: RemotingClient,
    channel: tonic::transport::Channel,
}

pub(crate) const PROTOCOLS: [Protocol; 2] = [Protocol::Remoting, Protocol::Grpc];

impl Both {
    pub(crate) async fn start() -> Self {
        Self::configured(ServerConfig::new()).await
    }

    pub(crate) async fn configured(config: ServerConfig) -> Self {
        let policy = DeadlinePolicy::new().default_timeout(DEFAULT).maximum(MAXIMUM);
        let greeter = GreeterServer::new(Service::default()).deadlines(policy);
        let network = MemoryNetwork::new();
        let addr = Address::memory("both");
        let server = RemotingServer::builder()
            .config(config)
            .network(network.clone())
            .bind(addr.clone())
            .processors(greeter.processors(&Executor::runtime(1_024)))
            .prologue_step(Grpc::new(Routes::new(greeter.grpc())))
            .start()
            .await
            .unwrap();
        let client = RemotingClient::builder().network(network.clone()).build().unwrap();
        Self { service: greeter.service, server, client, channel: channel(&network, &addr) }
    }

    pub(crate) fn caller(&self, protocol: Protocol) -> Caller {
        match protocol {
            Protocol::Grpc => self.channel.clone().into(),
            // As patient as gRPC.
            _ => self.client.to(self.server.local_addr()).timeout(Duration::from_secs(3_600)).into(),
        }
    }

    pub(crate) fn greeter(&self, protocol: Protocol) -> GreeterClient {
        GreeterClient::new(self.caller(protocol))
    }
}
