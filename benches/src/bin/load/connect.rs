//! Connections to a server that stay idle, or open and close.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use remoting::prelude::*;
use remoting::protocol::FrameEncoder;
use remoting::protocol::bytes::BytesMut;
use remoting::tls::{ClientTls, ClientTlsConfig};
use remoting_benches::control::{Dialler, hold};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Stack;
use crate::raw::frame;
use crate::remoting::ECHO;

const BODY: usize = 128;
const TIMEOUT: Duration = Duration::from_secs(10);

pub(crate) fn run(stack: Stack, server: SocketAddr, tls: bool) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    if tls {
        // Every handshake is a full handshake.
        let config = ClientTlsConfig::danger_accept_any_certificate().session_resumption(false);
        return hold(&runtime, &TlsClients { server: server.into(), tls: ClientTls::new(config)? });
    }
    let request = if stack == Stack::Remoting { encoded(&request())? } else { frame(BODY)? };
    hold(&runtime, &Sockets { server, request: request.into() })
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

    /// Every response begins with its length.
    fn call(
        &self,
        mut stream: TcpStream,
    ) -> impl Future<Output = anyhow::Result<TcpStream>> + Send + 'static {
        let request = Arc::clone(&self.request);
        async move {
            stream.write_all(&request).await?;
            let length = stream.read_u32().await?;
            anyhow::ensure!(length as usize >= BODY && length < 4096, "not an echo: {length} bytes");
            stream.read_exact(&mut vec![0; length as usize]).await?;
            Ok(stream)
        }
    }
}

/// Clients of this project, for connections that need more than a socket.
#[derive(Clone)]
struct TlsClients {
    server: Address,
    tls: ClientTls,
}

impl Dialler for TlsClients {
    type Connection = RemotingClient;

    fn open(&self) -> impl Future<Output = anyhow::Result<RemotingClient>> + Send + 'static {
        let (server, client) = (self.server.clone(), RemotingClient::builder().tls(self.tls.clone()).build());
        async move {
            let client = client?;
            anyhow::ensure!(client.is_address_reachable(server, TIMEOUT).await, "no TLS connection");
            Ok(client)
        }
    }

    fn call(
        &self,
        client: RemotingClient,
    ) -> impl Future<Output = anyhow::Result<RemotingClient>> + Send + 'static {
        let server = self.server.clone();
        async move {
            client.invoke(&server, request(), TIMEOUT).await?;
            Ok(client)
        }
    }
}
