//! This stack: default configuration, an echo processor. Unless the options say otherwise it is inline, and there are no
//! ext fields and no hooks.

use std::future::ready;
use std::hint::black_box;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use remoting::Invoke;
use remoting::prelude::*;
use remoting::protocol::bytes::Bytes;
use remoting::tls::{ClientTls, ClientTlsConfig, ServerTls, ServerTlsConfig};
use remoting_benches::control::{Header, Lane, Pace, RuntimeOptions, Shape, listen_until_stdin_closes, obey};
use remoting_benches::send_message::HEADER;
use tokio::task::JoinSet;

use crate::file::{NEXT_PIECE, PIECE, Pieces, Way};
use crate::typed::{self, CountingHook};

pub(crate) const ECHO: RequestCode = RequestCode(1001);
const TIMEOUT: Duration = Duration::from_secs(10);
const DIALLED_AT_ONCE: usize = 64;

/// The limit of `Executor::runtime`: more than any load has in flight.
const SPAWNED_AT_ONCE: usize = 65_536;

/// Additional work of the server.
pub(crate) struct Service {
    pub(crate) tls: bool,
    pub(crate) file: Option<Way>,
    pub(crate) executor: crate::Executor,
    pub(crate) typed: bool,
    pub(crate) loops: Option<usize>,
}

/// Additional work of the client.
#[derive(Clone, Copy)]
pub(crate) struct Callers {
    pub(crate) tls: bool,
    pub(crate) file: bool,
    pub(crate) typed: bool,
}

pub(crate) fn serve(options: RuntimeOptions, service: &Service) -> anyhow::Result<()> {
    options.runtime()?.block_on(async {
        let loops = service.loops.map(EventLoops::new);
        let mut builder = RemotingServer::builder().bind("127.0.0.1:0").event_loops(loops);
        if service.tls {
            builder = builder.tls(ServerTls::new(ServerTlsConfig::danger_self_signed())?);
        }
        if let Some(way) = service.file {
            let pieces = Pieces::new(way).context("making the file that is served")?;
            builder =
                builder.processor(NEXT_PIECE, Executor::inline(), move |_, request: RemotingCommand| {
                    ready(pieces.answer(&request).map_err(ProcessorError::from))
                });
        }
        let executor = match service.executor {
            crate::Executor::Inline => Executor::inline(),
            crate::Executor::Runtime => Executor::runtime(SPAWNED_AT_ONCE),
        };
        builder = builder.processors(crate::service::processors(executor.clone()));
        builder = if service.typed {
            let processor = |_, request: RemotingCommand| async move {
                typed::read(&request)?;
                Ok(echo(request))
            };
            builder.processor(ECHO, executor, processor).hook(CountingHook::default())
        } else {
            builder.processor(ECHO, executor, |_, request: RemotingCommand| async move { Ok(echo(request)) })
        };
        let server = builder.start().await?;
        let Address::Socket(addr) = *server.local_addr() else {
            anyhow::bail!("a TCP server has the address {}", server.local_addr());
        };
        listen_until_stdin_closes(addr).await?;
        server.shutdown().await;
        Ok(())
    })
}

fn echo(request: RemotingCommand) -> RemotingCommand {
    RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_body(request.into_body())
}

pub(crate) fn make_load(
    server: SocketAddr,
    shape: Shape,
    options: RuntimeOptions,
    callers: Callers,
) -> anyhow::Result<()> {
    let runtime = options.runtime()?;
    let (code, request_body, response_body) =
        if callers.file { (NEXT_PIECE, 0, PIECE) } else { (ECHO, shape.body, shape.body) };
    let request = RemotingCommand::request(code)
        .with_serialize_type(match shape.header {
            Header::Json => SerializeType::Json,
            Header::Rocketmq => SerializeType::RocketMq,
        })
        .with_body(Bytes::from(vec![b'x'; request_body]));
    let call = Call { address: Address::from(server), request, typed: callers.typed, response_body };
    let clients = runtime.block_on(connect_all(shape.connections, &call, callers))?;
    obey(&shape, shape.connections * shape.window, |pace| {
        runtime.block_on(keep_windows_full(&clients, &call, shape.window, pace))
    })
}

/// The repeated call.
#[derive(Clone)]
struct Call {
    address: Address,
    request: RemotingCommand,
    /// Whether each request gets its own typed header.
    typed: bool,
    /// The expected length of the response body, in bytes.
    response_body: usize,
}

impl Call {
    fn start(&self, client: &RemotingClient) -> Invoke {
        client.invoke(&self.address, self.request(), TIMEOUT)
    }

    /// Not inlined, and no `Result`: what is made in two ways is moved by `memcpy`, and so is the future that takes it in.
    #[inline(never)]
    fn request(&self) -> RemotingCommand {
        if self.typed { self.typed_request() } else { self.request.clone() }
    }

    #[inline(never)]
    #[expect(clippy::expect_used, reason = "the header is a constant")]
    fn typed_request(&self) -> RemotingCommand {
        let header = black_box(&HEADER); // or the compiler folds what is constant in it
        self.request.clone().with_header(header).expect("a header of short strings and numbers")
    }

    fn check(&self, answer: &Result<RemotingCommand, RpcError>) -> anyhow::Result<()> {
        match answer {
            Ok(response) if response.body().len() == self.response_body => Ok(()),
            other => anyhow::bail!("unexpected response: {other:?}"),
        }
    }
}

/// Connected clients: a client has one connection per address.
async fn connect_all(
    connections: usize,
    call: &Call,
    callers: Callers,
) -> anyhow::Result<Vec<RemotingClient>> {
    let tls = match callers.tls {
        true => Some(ClientTls::new(ClientTlsConfig::danger_accept_any_certificate())?),
        false => None,
    };
    let (mut dialling, mut clients) = (JoinSet::new(), Vec::new());
    for _ in 0..connections {
        if dialling.len() == DIALLED_AT_ONCE
            && let Some(client) = dialling.join_next().await
        {
            clients.push(client??);
        }
        let mut builder = RemotingClient::builder();
        if let Some(tls) = &tls {
            builder = builder.tls(tls.clone());
        }
        if callers.typed {
            builder = builder.hook(CountingHook::default());
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
