//! This stack: default configuration, an inline echo processor, no hooks.

use std::future::ready;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use remoting::prelude::*;
use remoting::protocol::bytes::Bytes;
use remoting::rpc::Invoke;
use remoting::tls::{ClientTls, ClientTlsConfig, ServerTls, ServerTlsConfig};
use remoting_benches::control::{Header, Lane, Pace, RuntimeOptions, Shape, listen_until_told, obey};
use tokio::task::JoinSet;

use crate::file::{NEXT_PIECE, PIECE, Pieces, Way};

pub(crate) const ECHO: RequestCode = RequestCode(1001);
const TIMEOUT: Duration = Duration::from_secs(10);
const DIALLED_AT_ONCE: usize = 64;

pub(crate) fn serve(options: RuntimeOptions, tls: bool, file: Option<Way>) -> anyhow::Result<()> {
    options.runtime()?.block_on(async {
        let mut builder = RemotingServer::builder().bind("127.0.0.1:0");
        if tls {
            builder = builder.tls(ServerTls::new(ServerTlsConfig::danger_self_signed())?);
        }
        if let Some(way) = file {
            let pieces = Pieces::new(way).context("making the file that is served")?;
            builder =
                builder.processor(NEXT_PIECE, Executor::inline(), move |_, request: RemotingCommand| {
                    ready(pieces.answer(&request).map_err(ProcessorError::from))
                });
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
    file: bool,
) -> anyhow::Result<()> {
    let runtime = options.runtime()?;
    let (code, request_body, response_body) =
        if file { (NEXT_PIECE, 0, PIECE) } else { (ECHO, shape.body, shape.body) };
    let request = RemotingCommand::request(code)
        .with_serialize_type(match shape.header {
            Header::Json => SerializeType::Json,
            Header::Rocketmq => SerializeType::RocketMq,
        })
        .with_body(Bytes::from(vec![b'x'; request_body]));
    let call = Call { address: Address::from(server), request, response_body };
    let tls =
        if tls { Some(ClientTls::new(ClientTlsConfig::danger_accept_any_certificate())?) } else { None };
    let clients = runtime.block_on(connect_all(shape.connections, &call, tls.as_ref()))?;
    obey(&shape, shape.connections * shape.window, |pace| {
        runtime.block_on(keep_windows_full(&clients, &call, shape.window, pace))
    })
}

/// What is called again and again.
#[derive(Clone)]
struct Call {
    address: Address,
    request: RemotingCommand,
    /// Bytes of the body that must come back.
    response_body: usize,
}

impl Call {
    fn start<'a>(&self, client: &'a RemotingClient) -> Invoke<'a> {
        client.invoke(&self.address, self.request.clone(), TIMEOUT)
    }

    fn check(&self, answer: &Result<RemotingCommand, RpcError>) -> anyhow::Result<()> {
        match answer {
            Ok(response) if response.body().len() == self.response_body => Ok(()),
            other => anyhow::bail!("not the answer that was asked for: {other:?}"),
        }
    }
}

/// Clients that have had an answer: a client has one connection to an address.
async fn connect_all(
    connections: usize,
    call: &Call,
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
        let (client, call) = (builder.build()?, call.clone());
        dialling.spawn(async move {
            call.check(&call.start(&client).await)?;
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
    call: &Call,
    window: usize,
    pace: &Arc<Pace>,
) -> anyhow::Result<()> {
    let mut callers = JoinSet::new();
    for client in clients {
        for _ in 0..window {
            callers.spawn(call_in_turn(client.clone(), call.clone(), pace.lane()));
        }
    }
    while let Some(caller) = callers.join_next().await {
        caller.context("a caller panicked")??;
    }
    Ok(())
}

async fn call_in_turn(client: RemotingClient, call: Call, mut lane: Lane) -> anyhow::Result<()> {
    while lane.admit(1) == 1 {
        let started = lane.started();
        call.check(&call.start(&client).await)?;
        lane.answered(started);
        lane.completed(1);
    }
    Ok(())
}
