//! Listening sockets of the system.

use std::{io, net::SocketAddr};
#[cfg(unix)]
use std::{path::Path, sync::Arc};

use tokio::net::TcpListener;

use super::{AcceptFailure, AcceptFuture, Acceptor};
#[cfg(unix)]
use crate::connection::Connection;
use crate::{
    address::Address,
    socket::{self, SocketOptions},
};

/// An acceptor of TCP connections, which sets the options of each socket.
#[derive(Debug)]
pub(super) struct TcpAcceptor {
    listener: TcpListener,
    local: Address,
    options: SocketOptions,
}

impl TcpAcceptor {
    pub(super) fn bind(address: SocketAddr, options: &SocketOptions) -> io::Result<Self> {
        Self::new(socket::listen(address, options)?, options.clone())
    }

    /// Creates an acceptor from a listening socket.
    pub(super) fn new(listener: TcpListener, options: SocketOptions) -> io::Result<Self> {
        let local = listener.local_addr()?.into();
        Ok(Self { listener, local, options })
    }
}

impl Acceptor for TcpAcceptor {
    fn local_addr(&self) -> &Address {
        &self.local
    }

    fn accept(&mut self) -> AcceptFuture<'_> {
        Box::pin(async {
            let (stream, peer) = self.listener.accept().await?;
            socket::accepted(stream, peer, &self.options).map_err(AcceptFailure::Connection)
        })
    }
}

/// An acceptor of Unix-domain connections.
#[cfg(unix)]
#[derive(Debug)]
pub(super) struct UnixAcceptor {
    listener: tokio::net::UnixListener,
    local: Address,
    _file: Option<SocketFile>,
}

/// A guard that removes the socket's file when the listener closes, so that the path can be bound again.
#[cfg(unix)]
#[derive(Debug)]
struct SocketFile(Arc<Path>);

#[cfg(unix)]
impl Drop for SocketFile {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0) {
            tracing::debug!(path = %self.0.display(), "the socket's file was not removed: {error}");
        }
    }
}

#[cfg(unix)]
impl UnixAcceptor {
    pub(super) fn bind(path: &Arc<Path>) -> io::Result<Self> {
        let listener = tokio::net::UnixListener::bind(path)?;
        let local = Address::Unix(Arc::clone(path));
        Ok(Self { listener, local, _file: Some(SocketFile(Arc::clone(path))) })
    }

    /// Creates an acceptor from a listening socket. It does not remove the socket's file.
    pub(super) fn new(listener: tokio::net::UnixListener) -> io::Result<Self> {
        let local = unix_address(&listener.local_addr()?);
        Ok(Self { listener, local, _file: None })
    }
}

#[cfg(unix)]
impl Acceptor for UnixAcceptor {
    fn local_addr(&self) -> &Address {
        &self.local
    }

    fn accept(&mut self) -> AcceptFuture<'_> {
        Box::pin(async {
            let (stream, peer) = self.listener.accept().await?;
            Ok(Connection::new(stream, self.local.clone(), unix_address(&peer)))
        })
    }
}

#[cfg(unix)]
fn unix_address(address: &tokio::net::unix::SocketAddr) -> Address {
    Address::unix(address.as_pathname().unwrap_or_else(|| Path::new("")))
}
