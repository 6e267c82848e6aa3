//! Bytes over tokio: one task for each connection, no RPC. A frame is a length word and a body.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use remoting_benches::control::{Pace, RuntimeOptions, Shape, listen_until_stdin_closes, obey};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, Interest};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::raw::{Conversation, READ_BUFFER, frame};

pub(crate) fn serve(options: RuntimeOptions) -> anyhow::Result<()> {
    options.runtime()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let addr = listener.local_addr()?;
        tokio::spawn(accept(listener));
        listen_until_stdin_closes(addr).await
    })
}

async fn accept(listener: TcpListener) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(echo(stream));
    }
}

pub(crate) async fn echo(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    // Grows when it was filled: an idle connection costs little, a busy one reads much at once.
    let mut buffer = vec![0; 4 << 10];
    loop {
        let read = stream.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..read]).await?;
        stream.flush().await?;
        if read == buffer.len() && read < READ_BUFFER {
            buffer.resize(2 * read, 0);
        }
    }
}

pub(crate) fn make_load(server: SocketAddr, shape: Shape, options: RuntimeOptions) -> anyhow::Result<()> {
    let runtime = options.runtime()?;
    let mut streams = runtime.block_on(async {
        let mut streams = Vec::new();
        let frame = frame(shape.body)?;
        for _ in 0..shape.connections {
            let mut stream = TcpStream::connect(server).await?;
            stream.set_nodelay(true)?;
            stream.write_all(&frame).await?;
            stream.read_exact(&mut vec![0; frame.len()]).await?;
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

async fn converse(stream: TcpStream, shape: Shape, pace: Arc<Pace>) -> anyhow::Result<TcpStream> {
    let mut conversation = Conversation::new(shape, pace.lane())?;
    let mut buffer = vec![0; READ_BUFFER];
    conversation.begin();
    while !conversation.is_over() {
        if conversation.has_output() {
            let ready = stream.ready(Interest::READABLE | Interest::WRITABLE).await?;
            if ready.is_writable()
                && let Some(written) = unless_blocked(stream.try_write(conversation.output()))?
            {
                conversation.written(written);
            }
            if !ready.is_readable() {
                continue;
            }
        } else {
            stream.readable().await?;
        }
        if let Some(read) = unless_blocked(stream.try_read(&mut buffer))? {
            anyhow::ensure!(read > 0, "the server closed the connection");
            conversation.received(read);
            if let Some(written) = unless_blocked(stream.try_write(conversation.output()))? {
                conversation.written(written);
            }
        }
    }
    Ok(stream)
}

fn unless_blocked(result: io::Result<usize>) -> io::Result<Option<usize>> {
    match result {
        Ok(count) => Ok(Some(count)),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
        Err(error) => Err(error),
    }
}
