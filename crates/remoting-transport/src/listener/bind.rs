//! The sockets that a listener binds and accepts from.

#[cfg(unix)]
use std::path::Path;
#[cfg(unix)]
use std::sync::Arc;
#[cfg(test)]
use std::{collections::VecDeque, future::pending};
use std::{io, net::SocketAddr};

use tokio::net::TcpListener;

use super::{BindError, ListenerOptions, failure::AcceptFailure};
use crate::{
    address::Address,
    connection::Connection,
    memory::MemoryListener,
    socket::{self, SocketOptions},
};

#[derive(Debug)]
pub(super) enum Io {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix {
        listener: tokio::net::UnixListener,
        _path: UnixPath,
    },
    Memory(MemoryListener),
    /// What the system answers, one after the other; then nothing.
    #[cfg(test)]
    Scripted(VecDeque<io::Result<Connection>>),
}

/// Removes the socket's file when the listener goes, as a port becomes free.
#[cfg(unix)]
#[derive(Debug)]
pub(super) struct UnixPath(Arc<Path>);

#[cfg(unix)]
impl Drop for UnixPath {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0) {
            tracing::debug!(path = %self.0.display(), "the socket's file was not removed: {error}");
        }
    }
}

impl Io {
    /// Binds and listens. Also returns the address, with the port that the system chose for port 0.
    pub(super) async fn bind(
        address: &Address,
        options: &ListenerOptions,
    ) -> Result<(Self, Address), BindError> {
        let failed = |source| BindError::Io { address: address.clone(), source };
        Ok(match address {
            Address::Socket(socket) => {
                let listener = listen(*socket, options).map_err(failed)?;
                let local = listener.local_addr().map_err(failed)?.into();
                (Self::Tcp(listener), local)
            }
            Address::Host { host, port } => {
                let listener = listen_at_host(address, host, *port, options).await?;
                let local = listener.local_addr().map_err(failed)?.into();
                (Self::Tcp(listener), local)
            }
            #[cfg(unix)]
            Address::Unix(path) => {
                let listener = tokio::net::UnixListener::bind(path).map_err(failed)?;
                (Self::Unix { listener, _path: UnixPath(Arc::clone(path)) }, address.clone())
            }
            #[cfg(not(unix))]
            Address::Unix(_) => return Err(failed(io::ErrorKind::Unsupported.into())),
            Address::Memory(name) => {
                let listener =
                    MemoryListener::bind(Arc::clone(name), options.backlog as usize).map_err(failed)?;
                (Self::Memory(listener), address.clone())
            }
        })
    }

    /// Accepts the next connection.
    pub(super) async fn accept(
        &mut self,
        local: &Address,
        options: &SocketOptions,
    ) -> Result<Connection, AcceptFailure> {
        match self {
            Self::Tcp(listener) => {
                let (stream, peer) = listener.accept().await.map_err(AcceptFailure::of)?;
                socket::accepted(stream, peer, options).map_err(AcceptFailure::Connection)
            }
            #[cfg(unix)]
            Self::Unix { listener, .. } => {
                let (stream, peer) = listener.accept().await.map_err(AcceptFailure::of)?;
                let peer = Address::unix(peer.as_pathname().unwrap_or_else(|| Path::new("")));
                Ok(Connection::new(stream, local.clone(), peer))
            }
            Self::Memory(listener) => {
                let (stream, peer) = listener.accept().await.map_err(AcceptFailure::Listener)?;
                Ok(Connection::new(stream, local.clone(), peer))
            }
            #[cfg(test)]
            Self::Scripted(answers) => match answers.pop_front() {
                Some(answer) => answer.map_err(AcceptFailure::of),
                None => pending().await,
            },
        }
    }
}

fn listen(address: SocketAddr, options: &ListenerOptions) -> io::Result<TcpListener> {
    socket::listen(address, options.backlog, options.reuse_address, &options.socket)
}

async fn listen_at_host(
    address: &Address,
    host: &str,
    port: u16,
    options: &ListenerOptions,
) -> Result<TcpListener, BindError> {
    let failed = |source| BindError::Io { address: address.clone(), source };
    let mut last = BindError::NoAddress { address: address.clone() };
    for candidate in tokio::net::lookup_host((host, port)).await.map_err(failed)? {
        match listen(candidate, options) {
            Ok(listener) => return Ok(listener),
            Err(error) => last = failed(error),
        }
    }
    Err(last)
}
