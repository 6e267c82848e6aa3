//! RocketMQ and HTTP/2 on one port, as RocketMQ's proxy serves both kinds of
//! clients. Connections that begin with HTTP/2's preface are forwarded to
//! another server, with a PROXY header that contains the client's address.
//!
//! cargo run --example protocol_negotiation

use std::error::Error;
use std::io;
use std::net::SocketAddr;

use remoting::prelude::*;
use remoting::transport::{
    Connection, HTTP2_PREFACE, ProtocolNegotiation, ProxyHeader,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

const ECHO: RequestCode = RequestCode(20_001);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_env_filter("warn").init();
    let grpc = start_http2_server().await?;

    let route = move |connection: Connection| async move {
        let peer = connection.peer.clone();
        if let Err(error) = forward(connection, grpc).await {
            eprintln!("HTTP/2 connection of {peer}: {error}");
        }
    };
    let negotiation =
        ProtocolNegotiation::new().route("HTTP/2", HTTP2_PREFACE, route);
    let echo = processor_fn(|_ctx, request| async move {
        let response =
            RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
        Ok(response.with_body(request.into_body()))
    });
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .prologue_step(negotiation)
        .processor(ECHO, Executor::inline(), echo)
        .start()
        .await?;

    let client = RemotingClient::builder().build()?;
    let request = RemotingCommand::request(ECHO).with_body("hello");
    let response = client.to(server.local_addr()).invoke(request).await?;
    println!("RocketMQ: {}", String::from_utf8_lossy(response.body()));

    let address = server.local_addr().as_socket().ok_or("not TCP")?;
    let mut http2 = TcpStream::connect(address).await?;
    http2.write_all(HTTP2_PREFACE).await?;
    let mut answer = String::new();
    http2.read_to_string(&mut answer).await?;
    println!("HTTP/2:   {answer}");
    println!("          (the client's address is {})", http2.local_addr()?);

    // A shutdown waits for claimed connections, so this one closes first.
    drop(http2);
    client.shutdown().await;
    server.shutdown().await;
    Ok(())
}

/// Forwards a connection to `upstream`, after a PROXY header, until one side
/// closes it or the server shuts down.
async fn forward(
    mut connection: Connection,
    upstream: SocketAddr,
) -> io::Result<()> {
    let header = ProxyHeader::forwarding_connection(&connection);
    let header = header.encode(true).map_err(io::Error::other)?;
    let mut upstream = TcpStream::connect(upstream).await?;
    upstream.write_all(&header).await?;
    let closing = connection.closing_signal();
    let copying = copy_bidirectional(&mut connection.stream, &mut upstream);
    tokio::select! {
        copied = copying => copied.map(drop),
        () = closing.received() => Ok(()),
    }
}

/// Stands for a gRPC server: it reads a PROXY header for IPv4 and the preface,
/// and answers with the client's port.
async fn start_http2_server() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Err(error) = answer(stream).await {
                eprintln!("HTTP/2 server: {error}");
            }
        }
    });
    Ok(address)
}

async fn answer(mut stream: TcpStream) -> io::Result<()> {
    // The fixed part, two addresses and ports, the checksum.
    let mut header = [0; 16 + 12 + 7];
    stream.read_exact(&mut header).await?;
    let mut preface = vec![0; HTTP2_PREFACE.len()];
    stream.read_exact(&mut preface).await?;
    let port = u16::from_be_bytes([header[24], header[25]]);
    let begin = preface[..14].escape_ascii();
    let answer = format!("you called from port {port} and sent \"{begin}\"");
    stream.write_all(answer.as_bytes()).await
}
