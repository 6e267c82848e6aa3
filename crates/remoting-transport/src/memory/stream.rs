//! One end of an in-memory connection.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::pipe::MemoryPipe;

/// One end of an in-memory connection. Dropping it ends its outgoing pipe and abandons its incoming pipe.
#[derive(Debug)]
pub(crate) struct MemoryStream {
    incoming: MemoryPipe,
    outgoing: MemoryPipe,
}

impl MemoryStream {
    /// Creates the end that reads from `incoming` and writes to `outgoing`.
    pub(crate) fn new(incoming: MemoryPipe, outgoing: MemoryPipe) -> Self {
        Self { incoming, outgoing }
    }

    /// Returns whether the other end has closed its side. Unread bytes may precede the end.
    pub(crate) fn peer_has_closed(&self) -> bool {
        self.incoming.end_is_near()
    }
}

impl Drop for MemoryStream {
    fn drop(&mut self) {
        self.outgoing.end();
        self.incoming.abandon();
    }
}

impl AsyncRead for MemoryStream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.incoming.poll_read(cx, into)
    }
}

impl AsyncWrite for MemoryStream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        self.outgoing.poll_write(cx, &[IoSlice::new(from)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        from: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.outgoing.poll_write(cx, from)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.outgoing.flush())
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.outgoing.end();
        Poll::Ready(self.outgoing.flush())
    }
}
