//! This stack: default configuration, an inline echo processor, no hooks.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use remoting::prelude::*;
use remoting::protocol::bytes::Bytes;
use remoting::tls::{ClientTls, ClientTlsConfig, ServerTls, ServerTlsConfig};
use remoting_benches::control::{Header, Lane, Pace, RuntimeOptions, Shape, listen_until_told, obey};
use tokio::task::JoinSet;

pub(crate) const ECHO: RequestCode = RequestCode(1001);
const TIMEOUT: Duration = Duration::from_secs(10);
const DIALLED_AT_ONCE: usize = 64;

pub(crate) fn serve(options: RuntimeOptions, tls: bool) -> anyhow::Result<()> {
    options.runtime()?.block_on(async {
        let mut builder = RemotingServer::builder().bind("127.0.0.1:0");
        if tls {
            builder = builder.tls(ServerTls::new(ServerTlsConfig::danger_self_signed())?);
        }
        let server = builder
            .processor(ECHO, Executor::inline(), |_, request: RemotingCommand| async move {
                Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS)
                    .with_body(request.into_body()))
            })
            .start()
            .await?;
        let Address::Socket(addr) = *server.local_addr() else {
            anyhow::bail!("a TCP server has the address {}", server.local_addr());
        };
        listen_until_told(addr).await?;
        server.shutdown().await;
        Ok(())
    })
}

pub(crate) fn make_load(
    server: SocketAddr,
    shape: Shape,
    options: RuntimeOptions,
    tls: bool,
) -> anyhow::Result<()> {
    let runtime = options.runtime()?;
    let address = Address::from(server);
    let request = RemotingCommand::request(ECHO)
        .with_serialize_type(match shape.header {
            Header::Json => SerializeType::Json,
            Header::Rocketmq => SerializeType::RocketMq,
        })
        .with_body(Bytes::from(vec![b'x'; shape.body]));
    let tls =
        if tls { Some(ClientTls::new(ClientTlsConfig::danger_accept_any_certificate())?) } else { None };
    let clients = runtime.block_on(connect_all(shape.connections, &address, &request, tls.as_ref()))?;
    obey(&shape, shape.connections * shape.window, |pace| {
        runtime.block_on(keep_windows_full(&clients, &address, &request, shape.window, pace))
    })
}

/// Clients that have had an answer: a client has one connection to an address.
async fn connect_all(
    connections: usize,
    address: &Address,
    request: &RemotingCommand,
    tls: Option<&ClientTls>,
) -> anyhow::Result<Vec<RemotingClient>> {
    let (mut dialling, mut clients) = (JoinSet::new(), Vec::new());
    for _ in 0..connections {
        if dialling.len() == DIALLED_AT_ONCE
            && let Some(client) = dialling.join_next().await
        {
            clients.push(client??);
        }
        let mut builder = RemotingClient::builder();
        if let Some(tls) = tls {
            builder = builder.tls(tls.clone());
        }
        let (client, address, request) = (builder.build()?, address.clone(), request.clone());
        dialling.spawn(async move {
            client.invoke(&address, request, TIMEOUT).await?;
            anyhow::Ok(client)
        });
    }
    while let Some(client) = dialling.join_next().await {
        clients.push(client??);
    }
    Ok(clients)
}

async fn keep_windows_full(
    clients: &[RemotingClient],
    address: &Address,
    request: &RemotingCommand,
    window: usize,
    pace: &Arc<Pace>,
) -> anyhow::Result<()> {
    let mut callers = JoinSet::new();
    for client in clients {
        for _ in 0..window {
            callers.spawn(call_in_turn(client.clone(), address.clone(), request.clone(), pace.lane()));
        }
    }
    while let Some(caller) = callers.join_next().await {
        caller.context("a caller panicked")??;
    }
    Ok(())
}

async fn call_in_turn(
    client: RemotingClient,
    address: Address,
    request: RemotingCommand,
    mut lane: Lane,
) -> anyhow::Result<()> {
    while lane.admit(1) == 1 {
        let started = lane.started();
        let response = client.invoke(&address, request.clone(), TIMEOUT).await?;
        anyhow::ensure!(
            response.body().len() == request.body().len(),
            "the server did not echo: {response:?}"
        );
        lane.answered(started);
        lane.completed(1);
    }
    Ok(())
}
