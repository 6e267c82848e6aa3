//! The encrypted stream under a channel.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::{client, server};

use super::explain::{self, Peer, explained};
use crate::stream::{Layer, Stream};

/// The largest number of received bytes that are searched for an alert after a write failed.
const MAX_ALERT_SEARCH: usize = 64 << 10;

/// A TLS stream with explained errors.
///
/// A stream that ends without the peer's close_notify is an error. Otherwise an attacker who can cut the
/// connection could make an incomplete conversation look complete.
pub(super) struct TlsIo<T> {
    stream: T,
    peer: Peer,
}

impl<T> TlsIo<T> {
    pub(super) fn new(stream: T, peer: Peer) -> Self {
        Self { stream, peer }
    }
}

impl<T: AsyncRead + Unpin> TlsIo<T> {
    /// Explains a write error. A peer that rejects this side sends an alert and closes. In TLS 1.3 this
    /// happens after the handshake, so a write can fail before the alert has been read. The received bytes
    /// are therefore searched for the alert; they would no longer be delivered.
    fn write_error(&mut self, cx: &mut Context<'_>, error: io::Error) -> io::Error {
        let closed = [io::ErrorKind::BrokenPipe, io::ErrorKind::ConnectionReset];
        let (mut discarded, mut left) = ([0; 1024], MAX_ALERT_SEARCH);
        while left > 0 && closed.contains(&error.kind()) {
            let mut read = ReadBuf::new(&mut discarded);
            match Pin::new(&mut self.stream).poll_read(cx, &mut read) {
                Poll::Ready(Ok(())) if !read.filled().is_empty() => {
                    left = left.saturating_sub(read.filled().len());
                }
                Poll::Ready(Err(alert)) if explain::is_tls(&alert) => return explained(alert, self.peer),
                _ => break,
            }
        }
        explained(error, self.peer)
    }
}

impl Layer for TlsIo<client::TlsStream<Stream>> {
    fn below(&self) -> &Stream {
        self.stream.get_ref().0
    }
}

impl Layer for TlsIo<server::TlsStream<Stream>> {
    fn below(&self) -> &Stream {
        self.stream.get_ref().0
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

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncWrite for TlsIo<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, from);
        written.map_err(|error| self.write_error(cx, error))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        from: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, from);
        written.map_err(|error| self.write_error(cx, error))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        flushed.map_err(|error| self.write_error(cx, error))
    }

    /// Sends the pending bytes and then close_notify.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use rustls::{AlertDescription, Error};
    use tokio::io::AsyncWriteExt;

    use super::*;

    /// A stream that the peer has closed: reads return these results, the last one first, and writes fail.
    struct Closed(Vec<io::Result<&'static [u8]>>);

    impl AsyncRead for Closed {
        fn poll_read(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            into: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            match self.0.pop() {
                Some(came) => Poll::Ready(came.map(|bytes| into.put_slice(bytes))),
                None => Poll::Pending,
            }
        }
    }

    impl AsyncWrite for Closed {
        fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
            Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    #[tokio::test]
    async fn a_failed_write_is_explained_by_the_received_alert() {
        let alert = io::Error::other(Error::AlertReceived(AlertDescription::CertificateRequired));
        let mut stream = TlsIo::new(Closed(vec![Err(alert), Ok(b"an answer")]), Peer::Server);
        let error = stream.write_all(b"a request").await.unwrap_err();
        assert!(error.to_string().contains("requires a certificate of this side"), "{error}");
    }

    #[tokio::test]
    async fn a_failed_write_without_an_alert_keeps_its_error() {
        for came in [vec![], vec![Ok(&b""[..])], vec![Err(io::ErrorKind::ConnectionReset.into())]] {
            let mut stream = TlsIo::new(Closed(came), Peer::Server);
            let error = stream.write_all(b"a request").await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
        }
    }
}
