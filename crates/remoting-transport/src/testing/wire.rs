//! The wire of a channel in a test.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::{
    channel::ChannelError,
    driver::{Wire, broken_off, too_short},
    file_region::FileRegion,
};

/// A wire whose bytes come from, and go to, a test.
#[derive(Debug, Default)]
pub(super) struct TestWire {
    /// The bytes that the channel has not read yet.
    pub(super) incoming: BytesMut,
    /// Whether the peer has closed its side, after the incoming bytes.
    pub(super) peer_closed: bool,
    /// The bytes that the test has not taken yet.
    pub(super) written: BytesMut,
    /// Whether writes are blocked.
    pub(super) stalled: bool,
}

impl AsyncRead for TestWire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.incoming.is_empty() && !self.peer_closed {
            return Poll::Pending;
        }
        let count = self.incoming.len().min(into.remaining());
        into.put_slice(&self.incoming[..count]);
        self.incoming.advance(count);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for TestWire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(from)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        from: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.stalled {
            return Poll::Pending;
        }
        from.iter().for_each(|slice| self.written.extend_from_slice(slice));
        Poll::Ready(Ok(from.iter().map(|slice| slice.len()).sum()))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl Wire for TestWire {
    type Io = Self;

    fn io(&mut self) -> Pin<&mut Self> {
        Pin::new(self)
    }

    fn has_arrived(&self) -> io::Result<bool> {
        Ok(false)
    }

    fn peer_has_closed(&self) -> bool {
        self.peer_closed
    }

    fn poll_write_region(
        &mut self,
        region: &FileRegion,
        at: usize,
        limit: usize,
        _: &mut Context<'_>,
    ) -> Poll<Result<usize, ChannelError>> {
        if self.stalled {
            return Poll::Pending;
        }
        let mut bytes = vec![0; (region.len() - at).min(limit)];
        Poll::Ready(match region.read(at, &mut bytes) {
            Ok(0) => Err(broken_off(region, at, too_short())),
            Ok(read) => {
                self.written.extend_from_slice(&bytes[..read]);
                Ok(read)
            }
            Err(error) => Err(broken_off(region, at, error)),
        })
    }

    fn regions_done(&mut self) {}
}
