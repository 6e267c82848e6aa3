//! tarpc over TCP with bincode, the limits of frames raised to fit the bodies, all else as it comes.

use std::future::Future;
use std::net::SocketAddr;

use anyhow::Context as _;
use futures::StreamExt as _;
use remoting_benches::control::{Dialler, Lane, RuntimeOptions, Shape, hold, listen_until_stdin_closes, obey};
use serde_bytes::ByteBuf;
use tarpc::context::{self, Context};
use tarpc::serde_transport::tcp;
use tarpc::server::{BaseChannel, Channel as _};
use tarpc::tokio_serde::formats::Bincode;
use tokio::task::JoinSet;

/// More than the largest body with what is around it.
const MAX_FRAME: usize = 16 << 20;

#[tarpc::service]
trait Echo {
    async fn echo(body: ByteBuf) -> ByteBuf;
}

#[derive(Clone)]
struct EchoServer;

impl Echo for EchoServer {
    async fn echo(self, _: Context, body: ByteBuf) -> ByteBuf {
        body
    }
}

pub(crate) fn serve(options: RuntimeOptions) -> anyhow::Result<()> {
    options.runtime()?.block_on(async {
        let mut incoming = tcp::listen(SocketAddr::from(([127, 0, 0, 1], 0)), Bincode::default).await?;
        incoming.config_mut().max_frame_length(MAX_FRAME);
        let addr = incoming.local_addr();
        tokio::spawn(async move {
            while let Some(Ok(transport)) = incoming.next().await {
                // Failing is left to the client: it notices.
                let _ = transport.get_ref().set_nodelay(true);
                let answers = BaseChannel::with_defaults(transport).execute(EchoServer.serve());
                tokio::spawn(answers.for_each(|answer| async move {
                    tokio::spawn(answer);
                }));
            }
        });
        listen_until_stdin_closes(addr).await
    })
}

pub(crate) fn make_load(server: SocketAddr, shape: Shape, options: RuntimeOptions) -> anyhow::Result<()> {
    let runtime = options.runtime()?;
    let body = ByteBuf::from(vec![b'x'; shape.body]);
    let clients = runtime.block_on(async {
        let mut clients = Vec::new();
        for _ in 0..shape.connections {
            let client = client(server).await?;
            client.echo(context::current(), body.clone()).await?;
            clients.push(client);
        }
        anyhow::Ok(clients)
    })?;
    obey(&shape, shape.connections * shape.window, |pace| {
        runtime.block_on(async {
            let mut callers = JoinSet::new();
            for client in &clients {
                for _ in 0..shape.window {
                    callers.spawn(call_in_turn(client.clone(), body.clone(), pace.lane()));
                }
            }
            while let Some(caller) = callers.join_next().await {
                caller.context("a caller panicked")??;
            }
            Ok(())
        })
    })
}

async fn client(server: SocketAddr) -> anyhow::Result<EchoClient> {
    let mut connect = tcp::connect(server, Bincode::default);
    connect.config_mut().max_frame_length(MAX_FRAME);
    let transport = connect.await?;
    transport.get_ref().set_nodelay(true)?;
    Ok(EchoClient::new(tarpc::client::Config::default(), transport).spawn())
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
    type Connection = EchoClient;

    fn open(&self) -> impl Future<Output = anyhow::Result<EchoClient>> + Send + 'static {
        client(self.server)
    }

    fn call(&self, client: EchoClient) -> impl Future<Output = anyhow::Result<EchoClient>> + Send + 'static {
        let body = self.body.clone();
        async move {
            client.echo(context::current(), body).await?;
            Ok(client)
        }
    }
}

async fn call_in_turn(client: EchoClient, body: ByteBuf, mut lane: Lane) -> anyhow::Result<()> {
    while lane.admit(1) == 1 {
        let started = lane.started();
        let answer = client.echo(context::current(), body.clone()).await?;
        anyhow::ensure!(answer.len() == body.len(), "the server did not echo");
        lane.answered(started);
        lane.completed(1);
    }
    Ok(())
}
