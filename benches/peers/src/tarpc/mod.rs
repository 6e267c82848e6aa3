//! tarpc over TCP with bincode, the limits of frames raised to fit the bodies, all else as it comes.

mod echo;
mod typed;

use std::future::Future;
use std::net::SocketAddr;

use anyhow::Context as _;
use futures::StreamExt as _;
use remoting_benches::control::{
    Dialler, Lane, RuntimeOptions, Shape, hold, listen_until_stdin_closes, obey,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_bytes::ByteBuf;
use tarpc::serde_transport::{Transport, tcp};
use tarpc::tokio_serde::formats::Bincode;
use tarpc::{ClientMessage, Response};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use self::echo::EchoCaller;
use self::typed::TypedEchoCaller;

/// More than the largest body with what is around it.
const MAX_FRAME: usize = 16 << 20;

/// A connection on which a server receives requests with these arguments.
type ServerTransport<Request, Answer> = Transport<
    TcpStream,
    ClientMessage<Request>,
    Response<Answer>,
    Bincode<ClientMessage<Request>, Response<Answer>>,
>;

/// The same, of a client.
type ClientTransport<Request, Answer> = Transport<
    TcpStream,
    Response<Answer>,
    ClientMessage<Request>,
    Bincode<Response<Answer>, ClientMessage<Request>>,
>;

/// A connected client, with the request that it repeats.
trait Caller: Clone + Send + Sync + 'static {
    fn connect(server: SocketAddr, body: ByteBuf) -> impl Future<Output = anyhow::Result<Self>> + Send;

    /// Makes one call, and checks the answer.
    fn call(&self) -> impl Future<Output = anyhow::Result<()>> + Send;
}

/// Each request has a header of 13 fields if it is `typed`.
pub(crate) fn serve(options: RuntimeOptions, typed: bool) -> anyhow::Result<()> {
    if typed { listen(options, typed::answer_all) } else { listen(options, echo::answer_all) }
}

fn listen<Request, Answer>(
    options: RuntimeOptions,
    answer_all: fn(ServerTransport<Request, Answer>),
) -> anyhow::Result<()>
where
    Request: DeserializeOwned + Send + 'static,
    Answer: Serialize + Send + 'static,
{
    options.runtime()?.block_on(async {
        let mut incoming = tcp::listen(SocketAddr::from(([127, 0, 0, 1], 0)), Bincode::default).await?;
        incoming.config_mut().max_frame_length(MAX_FRAME);
        let addr = incoming.local_addr();
        tokio::spawn(async move {
            while let Some(Ok(transport)) = incoming.next().await {
                // Failing is left to the client: it notices.
                let _ = transport.get_ref().set_nodelay(true);
                answer_all(transport);
            }
        });
        listen_until_stdin_closes(addr).await
    })
}

pub(crate) fn make_load(
    server: SocketAddr,
    shape: Shape,
    options: RuntimeOptions,
    typed: bool,
) -> anyhow::Result<()> {
    if typed {
        keep_windows_full::<TypedEchoCaller>(server, shape, options)
    } else {
        keep_windows_full::<EchoCaller>(server, shape, options)
    }
}

fn keep_windows_full<C: Caller>(
    server: SocketAddr,
    shape: Shape,
    options: RuntimeOptions,
) -> anyhow::Result<()> {
    let runtime = options.runtime()?;
    let body = ByteBuf::from(vec![b'x'; shape.body]);
    let clients = runtime.block_on(async {
        let mut clients = Vec::new();
        for _ in 0..shape.connections {
            let client = C::connect(server, body.clone()).await?;
            client.call().await?;
            clients.push(client);
        }
        anyhow::Ok(clients)
    })?;
    obey(&shape, shape.connections * shape.window, |pace| {
        runtime.block_on(async {
            let mut callers = JoinSet::new();
            for client in &clients {
                for _ in 0..shape.window {
                    callers.spawn(call_in_turn(client.clone(), pace.lane()));
                }
            }
            while let Some(caller) = callers.join_next().await {
                caller.context("a caller panicked")??;
            }
            Ok(())
        })
    })
}

async fn call_in_turn(client: impl Caller, mut lane: Lane) -> anyhow::Result<()> {
    while lane.admit(1) == 1 {
        let started = lane.started();
        client.call().await?;
        lane.answered(started);
        lane.completed(1);
    }
    Ok(())
}

async fn transport<Request, Answer>(server: SocketAddr) -> anyhow::Result<ClientTransport<Request, Answer>>
where
    Request: Serialize,
    Answer: DeserializeOwned,
{
    let mut connect = tcp::connect(server, Bincode::default);
    connect.config_mut().max_frame_length(MAX_FRAME);
    let transport = connect.await?;
    transport.get_ref().set_nodelay(true)?;
    Ok(transport)
}

pub(crate) fn connect(server: SocketAddr) -> anyhow::Result<()> {
    let clients = Clients { server, body: ByteBuf::from(vec![b'x'; 128]) };
    hold(&RuntimeOptions::default().runtime()?, &clients)
}

/// Each with a connection of its own.
#[derive(Clone)]
struct Clients {
    server: SocketAddr,
    body: ByteBuf,
}

impl Dialler for Clients {
    type Connection = EchoCaller;

    fn open(&self) -> impl Future<Output = anyhow::Result<EchoCaller>> + Send + 'static {
        EchoCaller::connect(self.server, self.body.clone())
    }

    fn call(&self, client: EchoCaller) -> impl Future<Output = anyhow::Result<EchoCaller>> + Send + 'static {
        call_once(client)
    }
}

async fn call_once(client: EchoCaller) -> anyhow::Result<EchoCaller> {
    client.call().await?;
    Ok(client)
}
