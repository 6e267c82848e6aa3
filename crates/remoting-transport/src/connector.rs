//! Dialling.

use std::{io, time::Duration};

use crate::{
    address::Address,
    error::ConnectError,
    memory,
    options::{ConnectOptions, SocketOptions},
    prologue::Connection,
    socket,
    socks::{self, SocksError},
};

/// Dials an address: a connection, or the reason why not, within `timeout`.
///
/// A host name is resolved anew each time, and its addresses are tried in the order the resolver gives them. An
/// address for which [`ConnectOptions::socks_proxies`] has a proxy is dialled through it; a host name is then
/// resolved by the proxy.
/// This is the bare connection; [`Bootstrap::connect`](crate::Bootstrap::connect) runs the prologue on it as well.
///
/// # Cancellation
/// Dropping this future closes whatever was opened.
///
/// # Errors
/// When nobody listens there, the name has no address, or time runs out.
pub async fn connect(
    address: &Address,
    options: &ConnectOptions,
    timeout: Duration,
) -> Result<Connection, ConnectError> {
    let Some(proxy) = options.socks_proxies.proxy_for(address) else {
        return tokio::time::timeout(timeout, dial_directly(address, options))
            .await
            .map_err(|_elapsed| ConnectError::Timeout { address: address.clone(), timeout })?;
    };
    tokio::time::timeout(timeout, socks::dial(proxy, address, options))
        .await
        .unwrap_or(Err(SocksError::Timeout(timeout)))
        .map_err(|source| ConnectError::Socks {
            address: address.clone(),
            proxy: proxy.address().clone(),
            source,
        })
}

/// Dials without a proxy in between.
pub(crate) async fn dial_directly(
    address: &Address,
    options: &ConnectOptions,
) -> Result<Connection, ConnectError> {
    let failed = |source| ConnectError::Io { address: address.clone(), source };
    match address {
        Address::Socket(socket) => connection(*socket, &options.socket).await.map_err(failed),
        Address::Host { host, port } => {
            let mut last = ConnectError::NoAddress { address: address.clone() };
            for candidate in tokio::net::lookup_host((&**host, *port)).await.map_err(failed)? {
                match connection(candidate, &options.socket).await {
                    Ok(connection) => return Ok(connection),
                    Err(error) => last = failed(error),
                }
            }
            Err(last)
        }
        #[cfg(unix)]
        Address::Unix(path) => {
            let stream = tokio::net::UnixStream::connect(path).await.map_err(failed)?;
            Ok(Connection::new(stream, Address::unix(""), address.clone()))
        }
        #[cfg(not(unix))]
        Address::Unix(_) => Err(failed(io::ErrorKind::Unsupported.into())),
        Address::Memory(name) => {
            let (stream, local) = memory::connect(name).map_err(failed)?;
            Ok(Connection::new(stream, local, address.clone()))
        }
    }
}

async fn connection(address: std::net::SocketAddr, options: &SocketOptions) -> io::Result<Connection> {
    let stream = socket::connect(address, options).await?;
    let local = stream.local_addr()?.into();
    Ok(Connection::new(stream, local, address.into()))
}
