//! The echo of a body.

use std::net::SocketAddr;

use futures::StreamExt as _;
use serde_bytes::ByteBuf;
use tarpc::context::{self, Context};
use tarpc::server::{BaseChannel, Channel as _};

use super::{Caller, ServerTransport, transport};

#[tarpc::service]
pub(super) trait Echo {
    async fn echo(body: ByteBuf) -> ByteBuf;
}

#[derive(Clone)]
struct EchoServer;

impl Echo for EchoServer {
    async fn echo(self, _: Context, body: ByteBuf) -> ByteBuf {
        body
    }
}

pub(super) fn answer_all(transport: ServerTransport<EchoRequest, EchoResponse>) {
    let answers = BaseChannel::with_defaults(transport).execute(EchoServer.serve());
    tokio::spawn(answers.for_each(|answer| async move {
        tokio::spawn(answer);
    }));
}

#[derive(Clone)]
pub(super) struct EchoCaller {
    client: EchoClient,
    body: ByteBuf,
}

impl Caller for EchoCaller {
    async fn connect(server: SocketAddr, body: ByteBuf) -> anyhow::Result<Self> {
        let transport = transport(server).await?;
        Ok(Self { client: EchoClient::new(tarpc::client::Config::default(), transport).spawn(), body })
    }

    async fn call(&self) -> anyhow::Result<()> {
        let answer = self.client.echo(context::current(), self.body.clone()).await?;
        anyhow::ensure!(answer.len() == self.body.len(), "the server did not echo");
        Ok(())
    }
}
