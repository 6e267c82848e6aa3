//! The servers that streams are sent to.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use remoting::protocol::{RemotingCommand, RequestCode, ResponseCode};
use remoting::transport::Address;
use remoting::{Executor, ProcessorError, RemotingServer, RequestContext, ServerConfig};
use serde::Deserialize;
use serde_json::Value;

/// Two servers that respond as a name server does, with different idle times.
///
/// A stream that must be closed for its content goes to the server with the long idle time, so the idle time cannot
/// cause the close. A stream that merely must not hang goes to the server with the short idle time.
pub(super) struct Servers {
    patient: RemotingServer,
    hasty: RemotingServer,
    addresses: [SocketAddr; 2],
}

impl Servers {
    pub(super) async fn start() -> anyhow::Result<Self> {
        let patient = start(Duration::from_secs(120)).await?;
        let hasty = start(Duration::from_secs(1)).await?;
        let addresses = [socket_addr(&patient)?, socket_addr(&hasty)?];
        Ok(Self { patient, hasty, addresses })
    }

    pub(super) fn patient(&self) -> SocketAddr {
        self.addresses[0]
    }

    pub(super) fn hasty(&self) -> SocketAddr {
        self.addresses[1]
    }

    /// Returns what the servers still held after all peers had disconnected, and stops the servers.
    pub(super) async fn stop(self) -> Vec<String> {
        const RELEASE_TIME: Duration = Duration::from_secs(5);
        let mut left = Vec::new();
        for server in [&self.patient, &self.hasty] {
            let deadline = Instant::now() + RELEASE_TIME;
            while !server.channels().is_empty() && Instant::now() < deadline {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            match server.channels().len() {
                0 => {}
                channels => left.push(format!("{channels} connections are not released")),
            }
            if !server.shutdown().await.is_clean() {
                left.push("the shutdown was not clean".into());
            }
        }
        left
    }
}

async fn start(max_idle: Duration) -> anyhow::Result<RemotingServer> {
    RemotingServer::builder()
        .bind("127.0.0.1:0")
        .config(ServerConfig::new().max_idle(max_idle))
        .processor(RequestCode::GET_ROUTEINFO_BY_TOPIC, Executor::inline(), route)
        .processor(RequestCode::HEART_BEAT, Executor::inline(), heartbeat)
        .processor(RequestCode::REGISTER_BROKER, Executor::inline(), register_broker)
        .start()
        .await
        .context("cannot start a server on loopback")
}

fn socket_addr(server: &RemotingServer) -> anyhow::Result<SocketAddr> {
    match server.local_addr() {
        Address::Socket(address) => Ok(*address),
        other => bail!("{other} is not an IP address"),
    }
}

async fn route(_ctx: RequestContext, request: RemotingCommand) -> Result<RemotingCommand, ProcessorError> {
    #[derive(Deserialize)]
    struct Header {
        topic: String,
    }
    let header: Header = request.header()?;
    let response = RemotingCommand::response_to(&request, ResponseCode::TOPIC_NOT_EXIST);
    Ok(response.with_remark(format!("No topic route info in name server for the topic: {}", header.topic)))
}

async fn heartbeat(
    _ctx: RequestContext,
    request: RemotingCommand,
) -> Result<RemotingCommand, ProcessorError> {
    request.json_body::<Value>()?;
    Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
}

async fn register_broker(
    _ctx: RequestContext,
    request: RemotingCommand,
) -> Result<RemotingCommand, ProcessorError> {
    #[derive(Deserialize)]
    struct Header {
        #[serde(rename = "brokerName")]
        _broker_name: String,
        #[serde(rename = "brokerAddr")]
        _broker_addr: String,
    }
    let _: Header = request.header()?;
    request.json_body::<Value>()?;
    Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
}
