use std::{io, net::SocketAddr};

#[cfg(unix)]
use super::sockets::UnixAcceptor;
use super::{Acceptor, ConnectAttempts, MemoryNetwork, Network, NetworkFuture, dial, sockets::TcpAcceptor};
use crate::{
    address::Address,
    connection::Connection,
    socket::{self, SocketOptions},
};

/// The network of the operating system: TCP, Unix-domain sockets, and host names resolved by the system. The default.
///
/// `memory:` addresses are names within the process. All values of this type share one [`MemoryNetwork`] for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SystemNetwork;

impl Network for SystemNetwork {
    fn dial<'a>(&'a self, address: &'a Address, options: &'a SocketOptions) -> NetworkFuture<'a, Connection> {
        Box::pin(async move {
            match address {
                Address::Socket(socket) => socket::connect(*socket, options).await,
                Address::Host { .. } => {
                    let mut attempts = ConnectAttempts::default();
                    dial(self, address, options, &mut attempts).await.map_err(super::DialError::into_io)
                }
                #[cfg(unix)]
                Address::Unix(path) => {
                    let stream = tokio::net::UnixStream::connect(path).await?;
                    Ok(Connection::new(stream, Address::unix(""), address.clone()))
                }
                #[cfg(not(unix))]
                Address::Unix(_) => Err(io::ErrorKind::Unsupported.into()),
                Address::Memory(_) => MemoryNetwork::of_process().dial(address, options).await,
            }
        })
    }

    /// Listens on `address`. For a host name, listens on the first of its addresses that can be bound.
    fn listen<'a>(
        &'a self,
        address: &'a Address,
        options: &'a SocketOptions,
    ) -> NetworkFuture<'a, Box<dyn Acceptor>> {
        Box::pin(async move {
            Ok::<Box<dyn Acceptor>, _>(match address {
                Address::Socket(socket) => Box::new(TcpAcceptor::bind(*socket, options)?),
                Address::Host { host, port } => Box::new(listen_at_host(host, *port, options).await?),
                #[cfg(unix)]
                Address::Unix(path) => Box::new(UnixAcceptor::bind(path)?),
                #[cfg(not(unix))]
                Address::Unix(_) => return Err(io::ErrorKind::Unsupported.into()),
                Address::Memory(_) => return MemoryNetwork::of_process().listen(address, options).await,
            })
        })
    }

    fn resolve<'a>(&'a self, host: &'a str, port: u16) -> NetworkFuture<'a, Option<Vec<SocketAddr>>> {
        Box::pin(async move { Ok(Some(tokio::net::lookup_host((host, port)).await?.collect())) })
    }
}

async fn listen_at_host(host: &str, port: u16, options: &SocketOptions) -> io::Result<TcpAcceptor> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the host name resolves to no address");
    for candidate in tokio::net::lookup_host((host, port)).await? {
        match TcpAcceptor::bind(candidate, options) {
            Ok(acceptor) => return Ok(acceptor),
            Err(error) => last = error,
        }
    }
    Err(last)
}
