use std::io;

use socket2::SockRef;

#[cfg(unix)]
use super::sockets::UnixAcceptor;
use super::{Acceptor, sockets::TcpAcceptor};
use crate::socket::SocketOptions;

/// A listening socket that is already bound, for example by systemd, by the previous process during an upgrade, or by
/// a test that selects the port.
///
/// It converts from a `TcpListener` or, on Unix, a `UnixListener`, either of the standard library or of tokio, and
/// from a boxed [`Acceptor`]. Closing the listener does not remove the file of a Unix-domain socket.
#[derive(Debug)]
pub struct BoundListener(Bound);

#[derive(Debug)]
enum Bound {
    Tcp(std::net::TcpListener),
    TokioTcp(tokio::net::TcpListener),
    #[cfg(unix)]
    Unix(std::os::unix::net::UnixListener),
    #[cfg(unix)]
    TokioUnix(tokio::net::UnixListener),
    Acceptor(Box<dyn Acceptor>),
}

impl BoundListener {
    /// Creates a bound listener from an acceptor.
    pub fn acceptor(acceptor: impl Acceptor) -> Self {
        Self(Bound::Acceptor(Box::new(acceptor)))
    }

    /// Registers the socket with the tokio runtime.
    pub(crate) fn into_acceptor(self, options: &SocketOptions) -> io::Result<Box<dyn Acceptor>> {
        Ok(match self.0 {
            Bound::Tcp(listener) => {
                must_listen(&SockRef::from(&listener))?;
                listener.set_nonblocking(true)?;
                let listener = tokio::net::TcpListener::from_std(listener)?;
                Box::new(TcpAcceptor::new(listener, options.clone())?)
            }
            Bound::TokioTcp(listener) => Box::new(TcpAcceptor::new(listener, options.clone())?),
            #[cfg(unix)]
            Bound::Unix(listener) => {
                must_listen(&SockRef::from(&listener))?;
                listener.set_nonblocking(true)?;
                Box::new(UnixAcceptor::new(tokio::net::UnixListener::from_std(listener)?)?)
            }
            #[cfg(unix)]
            Bound::TokioUnix(listener) => Box::new(UnixAcceptor::new(listener)?),
            Bound::Acceptor(acceptor) => acceptor,
        })
    }
}

/// Rejects a socket that is not listening. Only Linux reports this state.
#[cfg_attr(not(target_os = "linux"), expect(unused_variables, reason = "only Linux can tell"))]
fn must_listen(socket: &SockRef<'_>) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    if !socket.is_listener()? {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the socket does not listen"));
    }
    Ok(())
}

impl From<std::net::TcpListener> for BoundListener {
    fn from(listener: std::net::TcpListener) -> Self {
        Self(Bound::Tcp(listener))
    }
}

impl From<tokio::net::TcpListener> for BoundListener {
    fn from(listener: tokio::net::TcpListener) -> Self {
        Self(Bound::TokioTcp(listener))
    }
}

#[cfg(unix)]
impl From<std::os::unix::net::UnixListener> for BoundListener {
    fn from(listener: std::os::unix::net::UnixListener) -> Self {
        Self(Bound::Unix(listener))
    }
}

#[cfg(unix)]
impl From<tokio::net::UnixListener> for BoundListener {
    fn from(listener: tokio::net::UnixListener) -> Self {
        Self(Bound::TokioUnix(listener))
    }
}

impl From<Box<dyn Acceptor>> for BoundListener {
    fn from(acceptor: Box<dyn Acceptor>) -> Self {
        Self(Bound::Acceptor(acceptor))
    }
}
