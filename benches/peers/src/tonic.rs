//! tonic: the limits of messages raised to fit the bodies, all else as it comes.

use std::future::Future;
use std::net::SocketAddr;

use anyhow::Context as _;
use remoting_benches::control::{
    Dialler, Lane, RuntimeOptions, Shape, hold, listen_until_stdin_closes, obey,
};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Request, Response, Status};

use self::proto::Frame;
use self::proto::echo_client::EchoClient;
use self::proto::echo_server::{Echo, EchoServer};

mod proto {
    tonic::include_proto!("remoting.bench");
}

/// More than the largest body with what is around it.
const MAX_MESSAGE: usize = 16 << 20;

struct Answers;

#[tonic::async_trait]
impl Echo for Answers {
    async fn echo(&self, request: Request<Frame>) -> Result<Response<Frame>, Status> {
        Ok(Response::new(request.into_inner()))
    }
}

pub(crate) fn serve(options: RuntimeOptions) -> anyhow::Result<()> {
    options.runtime()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let addr = listener.local_addr()?;
        let service = EchoServer::new(Answers).max_decoding_message_size(MAX_MESSAGE);
        // Here and not at the builder: `serve_with_incoming` ignores the builder's `tcp_nodelay`.
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        tokio::spawn(Server::builder().add_service(service).serve_with_incoming(incoming));
        listen_until_stdin_closes(addr).await
    })
}

pub(crate) fn make_load(server: SocketAddr, shape: Shape, options: RuntimeOptions) -> anyhow::Result<()> {
    let runtime = options.runtime()?;
    let frame = Frame { body: vec![b'x'; shape.body].into() };
    let clients = runtime.block_on(async {
        let mut clients = Vec::new();
        for _ in 0..shape.connections {
            let mut client = client(server).await?;
            client.echo(frame.clone()).await?;
            clients.push(client);
        }
        anyhow::Ok(clients)
    })?;
    obey(&shape, shape.connections * shape.window, |pace| {
        runtime.block_on(async {
            let mut callers = JoinSet::new();
            for client in &clients {
                for _ in 0..shape.window {
                    callers.spawn(call_in_turn(client.clone(), frame.clone(), pace.lane()));
                }
            }
            while let Some(caller) = callers.join_next().await {
                caller.context("a caller panicked")??;
            }
            Ok(())
        })
    })
}

async fn client(server: SocketAddr) -> anyhow::Result<EchoClient<Channel>> {
    let channel = Endpoint::new(format!("http://{server}"))?.tcp_nodelay(true).connect().await?;
    Ok(EchoClient::new(channel).max_decoding_message_size(MAX_MESSAGE))
}

pub(crate) fn connect(server: SocketAddr) -> anyhow::Result<()> {
    let clients = Clients { server, frame: Frame { body: vec![b'x'; 128].into() } };
    hold(&RuntimeOptions::default().runtime()?, &clients)
}

/// Each with a connection of its own.
#[derive(Clone)]
struct Clients {
    server: SocketAddr,
    frame: Frame,
}

impl Dialler for Clients {
    type Connection = EchoClient<Channel>;

    fn open(&self) -> impl Future<Output = anyhow::Result<Self::Connection>> + Send + 'static {
        client(self.server)
    }

    fn call(
        &self,
        mut client: Self::Connection,
    ) -> impl Future<Output = anyhow::Result<Self::Connection>> + Send + 'static {
        let frame = self.frame.clone();
        async move {
            client.echo(frame).await?;
            Ok(client)
        }
    }
}

async fn call_in_turn(mut client: EchoClient<Channel>, frame: Frame, mut lane: Lane) -> anyhow::Result<()> {
    while lane.admit(1) == 1 {
        let started = lane.started();
        let answer = client.echo(frame.clone()).await?;
        anyhow::ensure!(answer.get_ref().body.len() == frame.body.len(), "the server did not echo");
        lane.answered(started);
        lane.completed(1);
    }
    Ok(())
}
