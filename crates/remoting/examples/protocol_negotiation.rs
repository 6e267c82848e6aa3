//! RocketMQ and HTTP/2 on one port, as RocketMQ's proxy serves its clients of both kinds: connections that begin with
//! `PRI * HTTP/2` go to another server, with a PROXY header that says who is calling.
//!
//! `cargo run --example protocol_negotiation`

use std::{error::Error, io, net::SocketAddr, time::Duration};

use remoting::prelude::*;
use remoting::transport::{Connection, HTTP2_PREFACE, ProtocolNegotiation, ProxyHeader};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

const ECHO: RequestCode = RequestCode(20_001);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_env_filter("warn").init();
    let grpc = start_http2_server().await?;

    let negotiation =
        ProtocolNegotiation::new().route("HTTP/2", HTTP2_PREFACE, move |connection| async move {
            let peer = connection.peer.clone();
            if let Err(error) = forward(connection, grpc).await {
                eprintln!("HTTP/2 connection of {peer}: {error}");
            }
        });
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .prologue_step(negotiation)
        .processor(ECHO, Executor::inline(), |_, request: RemotingCommand| async move {
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_body(request.into_body()))
        })
        .start()
        .await?;

    let client = RemotingClient::builder().build()?;
    let request = RemotingCommand::request(ECHO).with_body("hello");
    let response = client.invoke(server.local_addr(), request, Duration::from_secs(3)).await?;
    println!("RocketMQ: {}", String::from_utf8_lossy(response.body()));

    let address = server.local_addr().as_socket().ok_or("not a TCP server")?;
    let mut http2 = TcpStream::connect(address).await?;
    http2.write_all(HTTP2_PREFACE).await?;
    let mut answer = String::new();
    http2.read_to_string(&mut answer).await?;
    println!("HTTP/2:   {answer} (this side is {})", http2.local_addr()?);

    client.shutdown().await;
    server.shutdown().await;
    Ok(())
}

/// Leads a connection to `upstream`, which is told first who is calling, until one side ends it or the server shuts down.
async fn forward(mut connection: Connection, upstream: SocketAddr) -> io::Result<()> {
    let header = ProxyHeader::forwarding_connection(&connection).encode(true).map_err(io::Error::other)?;
    let mut upstream = TcpStream::connect(upstream).await?;
    upstream.write_all(&header).await?;
    let closing = connection.closing_signal();
    tokio::select! {
        copied = copy_bidirectional(&mut connection.stream, &mut upstream) => copied.map(drop),
        () = closing.received() => Ok(()),
    }
}

/// Stands for a gRPC server: it takes a PROXY header for IPv4 and the preface, and says who called.
async fn start_http2_server() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            // The fixed part, two addresses and ports, the checksum.
            let mut header = [0; 16 + 12 + 7];
            let mut preface = vec![0; HTTP2_PREFACE.len()];
            if stream.read_exact(&mut header).await.is_err() || stream.read_exact(&mut preface).await.is_err()
            {
                continue;
            }
            let port = u16::from_be_bytes([header[24], header[25]]);
            let answer =
                format!("hello, port {port}, whose first bytes are {}", preface[..14].escape_ascii());
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    Ok(address)
}
