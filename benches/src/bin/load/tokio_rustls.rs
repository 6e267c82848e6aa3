//! The frames of [`crate::tokio_raw`] over TLS: one task for each connection, no RPC.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use anyhow::Context as _;
use remoting_benches::control::{Pace, RuntimeOptions, Shape, listen_until_stdin_closes, obey};
use tokio::io::{AsyncRead as _, AsyncReadExt as _, AsyncWrite as _, AsyncWriteExt as _, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::client::TlsStream;

use crate::raw::{Conversation, READ_BUFFER, frame};
use crate::tls::{self, Connector};
use crate::tokio_raw::echo;

pub(crate) fn serve(options: RuntimeOptions) -> anyhow::Result<()> {
    let acceptor = tls::acceptor()?;
    options.runtime()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let addr = listener.local_addr()?;
        tokio::spawn(accept(listener, acceptor));
        listen_until_stdin_closes(addr).await
    })
}

async fn accept(listener: TcpListener, acceptor: TlsAcceptor) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let handshake = acceptor.accept(stream);
        // The state of the handshake is freed before the connection is idle.
        tokio::spawn(async move {
            tokio::spawn(echo(handshake.await?));
            io::Result::Ok(())
        });
    }
}

pub(crate) fn make_load(server: SocketAddr, shape: Shape, options: RuntimeOptions) -> anyhow::Result<()> {
    let runtime = options.runtime()?;
    let mut streams = runtime.block_on(async {
        let (connector, frame) = (Connector::new()?, frame(shape.body)?);
        let mut streams = Vec::new();
        for _ in 0..shape.connections {
            let stream = TcpStream::connect(server).await?;
            stream.set_nodelay(true)?;
            let mut stream = connector.connect(stream).await?;
            exchange(&mut stream, &frame).await?;
            streams.push(stream);
        }
        anyhow::Ok(streams)
    })?;
    obey(&shape, shape.connections, |pace| {
        runtime.block_on(async {
            let mut callers = JoinSet::new();
            for stream in streams.drain(..) {
                callers.spawn(converse(stream, shape, Arc::clone(pace)));
            }
            while let Some(caller) = callers.join_next().await {
                streams.push(caller.context("a caller panicked")??);
            }
            Ok(())
        })
    })
}

/// Sends a frame and reads its echo at the same time: the buffers in between do not hold a large frame.
async fn exchange(stream: &mut TlsStream<TcpStream>, frame: &[u8]) -> io::Result<()> {
    let (mut from, mut to) = tokio::io::split(stream);
    let send = async {
        to.write_all(frame).await?;
        to.flush().await
    };
    let mut echo = vec![0; frame.len()];
    tokio::try_join!(send, from.read_exact(&mut echo))?;
    Ok(())
}

async fn converse(
    mut stream: TlsStream<TcpStream>,
    shape: Shape,
    pace: Arc<Pace>,
) -> anyhow::Result<TlsStream<TcpStream>> {
    let mut conversation = Conversation::new(shape, pace.lane())?;
    let mut buffer = vec![0; READ_BUFFER];
    conversation.begin();
    while !conversation.is_over() {
        let turn = |cx: &mut Context<'_>| poll_turn(&mut stream, &mut conversation, &mut buffer, cx);
        let read = std::future::poll_fn(turn).await?;
        anyhow::ensure!(read > 0, "the server closed the connection");
        conversation.received(read);
    }
    Ok(stream)
}

/// Writes what the stream accepts. Returns the number of bytes read.
fn poll_turn(
    stream: &mut TlsStream<TcpStream>,
    conversation: &mut Conversation,
    buffer: &mut [u8],
    cx: &mut Context<'_>,
) -> Poll<io::Result<usize>> {
    let mut stream = Pin::new(stream);
    while conversation.has_output() {
        let Poll::Ready(written) = stream.as_mut().poll_write(cx, conversation.output())? else { break };
        conversation.written(written);
    }
    // What the socket does not accept now is flushed in the next turn, for which the socket wakes this task.
    let _: Poll<()> = stream.as_mut().poll_flush(cx)?;
    let mut read = ReadBuf::new(buffer);
    ready!(stream.poll_read(cx, &mut read))?;
    Poll::Ready(Ok(read.filled().len()))
}
