use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf};

/// One end of a connection within this process.
#[derive(Debug)]
pub(crate) struct MemoryStream {
    pipe: DuplexStream,
    closed: Closed,
    peer: Arc<AtomicBool>,
}

/// Whether an end has closed its side. Set when the end is dropped.
#[derive(Debug)]
struct Closed(Arc<AtomicBool>);

impl Drop for Closed {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

impl MemoryStream {
    /// Both ends of a connection that holds `capacity` bytes in each direction before its writer waits.
    pub(super) fn pair(capacity: usize) -> (Self, Self) {
        let (ours, theirs) = tokio::io::duplex(capacity);
        let (our_end, their_end) = (Arc::<AtomicBool>::default(), Arc::<AtomicBool>::default());
        let end = |pipe, closed: &Arc<AtomicBool>, peer: &Arc<AtomicBool>| Self {
            pipe,
            closed: Closed(Arc::clone(closed)),
            peer: Arc::clone(peer),
        };
        (end(ours, &our_end, &their_end), end(theirs, &their_end, &our_end))
    }

    /// Whether the other end has closed its side, though bytes before it may not have been read.
    pub(crate) fn peer_has_closed(&self) -> bool {
        self.peer.load(Ordering::Acquire)
    }
}

impl AsyncRead for MemoryStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_read(cx, buf)
    }
}

impl AsyncWrite for MemoryStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.pipe).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.pipe).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.pipe.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.closed.0.store(true, Ordering::Release);
        Pin::new(&mut self.pipe).poll_shutdown(cx)
    }
}
