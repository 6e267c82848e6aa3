//! The encrypted stream under a channel.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};

use super::explain::{Peer, explained};

/// A TLS stream whose errors say what happened.
///
/// Bytes that end without the peer's close_notify are an error, not an end: whoever can cut the connection could
/// otherwise make half of a conversation look like all of it.
pub(super) struct TlsIo<T> {
    stream: T,
    peer: Peer,
}

impl<T> TlsIo<T> {
    pub(super) fn new(stream: T, peer: Peer) -> Self {
        Self { stream, peer }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for TlsIo<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let peer = self.peer;
        Pin::new(&mut self.stream).poll_read(cx, into).map_err(|error| explained(error, peer))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for TlsIo<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        let peer = self.peer;
        Pin::new(&mut self.stream).poll_write(cx, from).map_err(|error| explained(error, peer))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        from: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let peer = self.peer;
        Pin::new(&mut self.stream).poll_write_vectored(cx, from).map_err(|error| explained(error, peer))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    /// Sends close_notify, after what is still to be written.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// How much a refused peer may still send before its connection is closed.
const LARGEST_WASTE: usize = 64 << 10;

/// Ends a connection whose handshake failed. Closing a socket that has unread bytes resets the connection, and the
/// peer would never read the alert that tells it why; so what still comes is thrown away for a moment.
pub(super) async fn linger(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    // Errors mean that the peer is gone, which is what is wanted.
    if stream.shutdown().await.is_err() {
        return;
    }
    let (mut waste, mut left) = ([0; 1024], LARGEST_WASTE);
    while left > 0 {
        match stream.read(&mut waste).await {
            Ok(0) | Err(_) => return,
            Ok(count) => left = left.saturating_sub(count),
        }
    }
}
