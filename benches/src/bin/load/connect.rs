//! Connections to a server that stay idle, or open and close.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use remoting::prelude::*;
use remoting::protocol::FrameEncoder;
use remoting::protocol::bytes::BytesMut;
use remoting_benches::control::{Dialler, hold};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use crate::Stack;
use crate::raw::frame;
use crate::remoting::ECHO;
use crate::tls::Connector;

const BODY: usize = 128;

pub(crate) fn run(stack: Stack, server: SocketAddr, tls: bool) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let request = if stack == Stack::Remoting { encoded(&request())? } else { frame(BODY)? };
    let sockets = Sockets { server, request: request.into() };
    if tls || stack == Stack::TokioRustls {
        return hold(&runtime, &TlsSockets { sockets, connector: Connector::new()? });
    }
    hold(&runtime, &sockets)
}

fn request() -> RemotingCommand {
    RemotingCommand::request(ECHO).with_serialize_type(SerializeType::RocketMq).with_body(vec![b'x'; BODY])
}

fn encoded(command: &RemotingCommand) -> anyhow::Result<Vec<u8>> {
    let mut bytes = BytesMut::new();
    FrameEncoder::default().encode(command, &mut bytes)?;
    Ok(bytes.to_vec())
}

/// Plain sockets and a request as bytes, so that the client costs little compared to the server.
#[derive(Clone)]
struct Sockets {
    server: SocketAddr,
    request: Arc<[u8]>,
}

impl Dialler for Sockets {
    type Connection = TcpStream;

    fn open(&self) -> impl Future<Output = anyhow::Result<TcpStream>> + Send + 'static {
        let server = self.server;
        async move {
            let stream = TcpStream::connect(server).await?;
            stream.set_nodelay(true)?;
            Ok(stream)
        }
    }

    fn call(&self, stream: TcpStream) -> impl Future<Output = anyhow::Result<TcpStream>> + Send + 'static {
        exchange(stream, Arc::clone(&self.request))
    }
}

/// The same over TLS.
#[derive(Clone)]
struct TlsSockets {
    sockets: Sockets,
    connector: Connector,
}

impl Dialler for TlsSockets {
    type Connection = TlsStream<TcpStream>;

    fn open(&self) -> impl Future<Output = anyhow::Result<Self::Connection>> + Send + 'static {
        let (stream, connector) = (self.sockets.open(), self.connector.clone());
        async move { connector.connect(stream.await?).await }
    }

    fn call(
        &self,
        stream: Self::Connection,
    ) -> impl Future<Output = anyhow::Result<Self::Connection>> + Send + 'static {
        exchange(stream, Arc::clone(&self.sockets.request))
    }
}

/// Sends a request and reads its response. Every response begins with its length.
async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, request: Arc<[u8]>) -> anyhow::Result<S> {
    stream.write_all(&request).await?;
    stream.flush().await?;
    let length = stream.read_u32().await?;
    anyhow::ensure!(length as usize >= BODY && length < 4096, "not an echo: {length} bytes");
    stream.read_exact(&mut vec![0; length as usize]).await?;
    Ok(stream)
}
