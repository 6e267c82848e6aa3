//! The byte stream type of all transports.

mod send_file;

use std::{
    fmt,
    fs::File,
    future::Future,
    io::{self, IoSlice},
    mem::MaybeUninit,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

use bytes::{Buf, BytesMut};
use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, DuplexStream, Interest, ReadBuf, Ready},
    net::TcpStream,
};

use crate::memory::MemoryStream;

/// A connected byte stream: TCP, Unix-domain, in-memory, or a stream that a prologue step puts around it.
///
/// Bytes that a step has peeked and not consumed are read first.
pub struct Stream {
    io: Io,
    unread: BytesMut,
}

trait BoxedIo: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> BoxedIo for T {}

enum Io {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(tokio::net::UnixStream),
    Memory(MemoryStream),
    #[cfg(feature = "tls")]
    Layer(Box<dyn Layer>),
    Boxed(Box<dyn BoxedIo>),
}

/// A stream around another stream, to which it gives access.
#[cfg(feature = "tls")]
pub(crate) trait Layer: AsyncRead + AsyncWrite + Send + Unpin + 'static {
    /// Returns the inner stream.
    fn below(&self) -> &Stream;
}

/// Evaluates an expression for the stream of any kind.
macro_rules! each_io {
    ($self:expr, $io:ident => $body:expr) => {
        match &mut $self.io {
            Io::Tcp($io) => $body,
            #[cfg(unix)]
            Io::Unix($io) => $body,
            Io::Memory($io) => $body,
            #[cfg(feature = "tls")]
            Io::Layer($io) => $body,
            Io::Boxed($io) => $body,
        }
    };
}

impl Stream {
    /// Creates a stream from any byte stream, such as one that encrypts another stream.
    #[must_use]
    pub fn boxed(io: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> Self {
        Self { io: Io::Boxed(Box::new(io)), unread: BytesMut::new() }
    }

    /// Creates a stream from a layer of this crate.
    #[cfg(feature = "tls")]
    pub(crate) fn layer(io: impl Layer) -> Self {
        Self { io: Io::Layer(Box::new(io)), unread: BytesMut::new() }
    }

    /// Returns whether the peer has closed its side. Unread bytes may precede the end. Returns false if only a read can
    /// detect it.
    pub(crate) fn peer_has_closed(&self) -> bool {
        match &self.io {
            Io::Tcp(io) => is_read_closed(io.ready(Interest::READABLE)),
            #[cfg(unix)]
            Io::Unix(io) => is_read_closed(io.ready(Interest::READABLE)),
            #[cfg(feature = "tls")]
            Io::Layer(io) => io.below().peer_has_closed(),
            Io::Memory(io) => io.peer_has_closed(),
            Io::Boxed(_) => false,
        }
    }

    /// Returns whether the system has received unread bytes or the end of the stream. Returns false if that is unknown.
    /// Unlike `poll_read`, which relies on the readiness that the runtime has seen, this takes a system call.
    pub(crate) fn has_arrived(&self) -> io::Result<bool> {
        let peeked = match &self.io {
            Io::Tcp(io) => SockRef::from(io).peek(&mut [MaybeUninit::uninit()]),
            #[cfg(unix)]
            Io::Unix(io) => SockRef::from(io).peek(&mut [MaybeUninit::uninit()]),
            #[cfg(feature = "tls")]
            Io::Layer(io) => return io.below().has_arrived(),
            Io::Memory(_) | Io::Boxed(_) => return Ok(false),
        };
        match peeked {
            Ok(_) => Ok(true),
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Waits until `wanted` bytes have arrived, and returns all received bytes without consuming them. Returns fewer only
    /// if the peer has closed its side.
    ///
    /// # Cancel safety
    /// This method is cancel safe: received bytes stay readable.
    ///
    /// # Errors
    /// Returns the error of the stream if the connection breaks.
    pub async fn peek(&mut self, wanted: usize) -> io::Result<&[u8]> {
        while self.unread.len() < wanted {
            self.unread.reserve((wanted - self.unread.len()).max(64));
            let unread = &mut self.unread;
            if each_io!(self, io => io.read_buf(unread).await)? == 0 {
                break;
            }
        }
        Ok(&self.unread)
    }

    /// Consumes the first `count` bytes that [`Stream::peek`] returned.
    pub fn consume(&mut self, count: usize) {
        if count < self.unread.len() {
            self.unread.advance(count);
        } else {
            // Release the memory: the stream may live long.
            self.unread = BytesMut::new();
        }
    }

    /// Sends up to `len` bytes of `file` from `offset` on without reading them into this process. Returns how many, 0 at
    /// the end of the file. Fails with [`Unsupported`](io::ErrorKind::Unsupported) if they must be read and written.
    pub(crate) fn poll_send_file(
        &self,
        cx: &mut Context<'_>,
        file: &File,
        offset: u64,
        len: usize,
    ) -> Poll<io::Result<usize>> {
        match &self.io {
            Io::Tcp(io) => send_file::poll_send_file(io, cx, file, offset, len),
            _ => Poll::Ready(Err(io::ErrorKind::Unsupported.into())),
        }
    }
}

/// Returns whether the runtime has seen the end of a socket.
fn is_read_closed(ready: impl Future<Output = io::Result<Ready>>) -> bool {
    let ready = pin!(ready).poll(&mut Context::from_waker(Waker::noop()));
    matches!(ready, Poll::Ready(Ok(ready)) if ready.is_read_closed())
}

impl From<TcpStream> for Stream {
    fn from(io: TcpStream) -> Self {
        Self { io: Io::Tcp(io), unread: BytesMut::new() }
    }
}

#[cfg(unix)]
impl From<tokio::net::UnixStream> for Stream {
    fn from(io: tokio::net::UnixStream) -> Self {
        Self { io: Io::Unix(io), unread: BytesMut::new() }
    }
}

impl From<DuplexStream> for Stream {
    fn from(io: DuplexStream) -> Self {
        Self::boxed(io)
    }
}

impl From<MemoryStream> for Stream {
    fn from(io: MemoryStream) -> Self {
        Self { io: Io::Memory(io), unread: BytesMut::new() }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.unread.is_empty() {
            let count = self.unread.len().min(into.remaining());
            into.put_slice(&self.unread[..count]);
            self.consume(count);
            return Poll::Ready(Ok(()));
        }
        each_io!(self, io => Pin::new(io).poll_read(cx, into))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        each_io!(self, io => Pin::new(io).poll_write(cx, from))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        from: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        each_io!(self, io => Pin::new(io).poll_write_vectored(cx, from))
    }

    fn is_write_vectored(&self) -> bool {
        match &self.io {
            Io::Tcp(io) => io.is_write_vectored(),
            #[cfg(unix)]
            Io::Unix(io) => io.is_write_vectored(),
            Io::Memory(io) => io.is_write_vectored(),
            #[cfg(feature = "tls")]
            Io::Layer(io) => io.is_write_vectored(),
            Io::Boxed(io) => io.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        each_io!(self, io => Pin::new(io).poll_flush(cx))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        each_io!(self, io => Pin::new(io).poll_shutdown(cx))
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.io {
            Io::Tcp(_) => "tcp",
            #[cfg(unix)]
            Io::Unix(_) => "unix",
            Io::Memory(_) => "memory",
            #[cfg(feature = "tls")]
            Io::Layer(_) => "layer",
            Io::Boxed(_) => "boxed",
        };
        f.debug_struct("Stream").field("kind", &kind).field("unread", &self.unread.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt;

    use super::*;

    #[tokio::test]
    async fn peeked_bytes_are_read_again_and_consumed_bytes_are_not() {
        let (mut peer, ours) = tokio::io::duplex(64);
        let mut stream = Stream::from(ours);
        peer.write_all(b"PROXY hello").await.unwrap();
        assert_eq!(stream.peek(6).await.unwrap(), b"PROXY hello");
        stream.consume(6);
        peer.write_all(b" world").await.unwrap();
        drop(peer);
        let mut rest = String::new();
        stream.read_to_string(&mut rest).await.unwrap();
        assert_eq!(rest, "hello world");
    }

    #[tokio::test]
    async fn peek_returns_fewer_bytes_if_the_peer_has_closed_its_side() {
        let (mut peer, ours) = tokio::io::duplex(64);
        peer.write_all(b"ab").await.unwrap();
        drop(peer);
        assert_eq!(Stream::from(ours).peek(4).await.unwrap(), b"ab");
    }
}
