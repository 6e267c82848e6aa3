//! Connections for their own sake: idle ones, and many in short time.

use std::io::{BufRead as _, Write as _};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use clap::Args;
use remoting::prelude::*;
use remoting::protocol::FrameEncoder;
use remoting::protocol::bytes::BytesMut;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::Stack;
use crate::raw::frame;
use crate::remoting::ECHO;

/// How many connections are being opened at a time.
const AT_ONCE: usize = 64;

#[derive(Args)]
pub(crate) struct Arguments {
    #[arg(long)]
    server: SocketAddr,
    #[arg(long)]
    connections: usize,
    /// Have one request answered on each connection.
    #[arg(long)]
    request: bool,
    /// Close each connection once it has done that, instead of keeping it until standard input ends.
    #[arg(long)]
    close: bool,
}

/// Opens the connections, says `ready SECONDS`, and keeps them until standard input ends.
pub(crate) fn run(stack: Stack, arguments: &Arguments) -> anyhow::Result<()> {
    let request = if arguments.request { first_request(stack)? } else { Vec::new() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (kept, took) = runtime.block_on(open_all(arguments, &request))?;
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "ready {}", took.as_secs_f64())?;
    stdout.flush()?;
    for line in std::io::stdin().lock().lines() {
        line?;
    }
    drop(kept);
    Ok(())
}

fn first_request(stack: Stack) -> anyhow::Result<Vec<u8>> {
    if stack != Stack::Remoting {
        return frame(128);
    }
    let command = RemotingCommand::request(ECHO)
        .with_opaque(1)
        .with_serialize_type(SerializeType::RocketMq)
        .with_body(vec![b'x'; 128]);
    let mut bytes = BytesMut::new();
    let body = FrameEncoder::default().encode(&command, &mut bytes)?;
    bytes.extend_from_slice(body.unwrap_or_default().as_bytes());
    Ok(bytes.to_vec())
}

async fn open_all(arguments: &Arguments, request: &[u8]) -> anyhow::Result<(Vec<TcpStream>, Duration)> {
    let started = Instant::now();
    let mut opening = JoinSet::new();
    let mut kept = Vec::new();
    for _ in 0..arguments.connections {
        if opening.len() == AT_ONCE
            && let Some(stream) = opening.join_next().await
        {
            let stream = stream??;
            if !arguments.close {
                kept.push(stream);
            }
        }
        opening.spawn(open(arguments.server, request.to_vec()));
    }
    while let Some(stream) = opening.join_next().await {
        kept.push(stream??);
    }
    Ok((kept, started.elapsed()))
}

/// An answer to the first request is as long as the request, in every stack that this program knows.
async fn open(server: SocketAddr, mut request: Vec<u8>) -> anyhow::Result<TcpStream> {
    let mut stream = TcpStream::connect(server).await?;
    if !request.is_empty() {
        stream.write_all(&request).await?;
        stream.read_exact(&mut request).await?;
    }
    Ok(stream)
}
