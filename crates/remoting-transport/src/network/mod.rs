//! Networks: dialling addresses and listening on them.

mod acceptor;
mod attempts;
mod bound;
mod dial;
mod happy_eyeballs;
mod memory;
mod sockets;
mod system;

use std::{fmt, future::Future, io, net::SocketAddr, pin::Pin, sync::Arc};

pub(crate) use self::dial::{DialError, dial};
pub use self::{
    acceptor::{AcceptFailure, AcceptFuture, Acceptor},
    attempts::ConnectAttempts,
    bound::BoundListener,
    memory::{MemoryLink, MemoryNetwork},
    system::SystemNetwork,
};
use crate::{address::Address, connection::Connection, socket::SocketOptions};

/// The future that the methods of [`Network`] return.
pub type NetworkFuture<'a, T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send + 'a>>;

/// The network that connections are dialled and accepted on.
///
/// Every client, server, [`Bootstrap`](crate::Bootstrap) and [`Listener`](crate::Listener) has a network, which opens
/// all of its connections: those of calls, name-server probes, reconnects and additional ports. Two networks are
/// provided:
///
/// * [`SystemNetwork`], the default: TCP, Unix-domain sockets, and `memory:` addresses within the process;
/// * [`MemoryNetwork`], for tests and simulations: any address, visible only to users of the same network.
///
/// A custom network can dial through a tunnel, map addresses, and refuse, delay or count connections. It usually
/// wraps a provided network.
///
/// # Responsibilities
///
/// | the network | the layers above any network |
/// |---|---|
/// | opening a stream to one [`Address`], accepting streams at one | the time limit of a dial, sharing a dial among callers, pauses after failures |
/// | [resolving](Self::resolve) host names | the race between the addresses of a name (RFC 8305) |
/// | applying the [`SocketOptions`] that each call passes, from the configuration of the client or server | SOCKS5; the network dials the address of the proxy |
/// | local and peer address of each connection | admission, PROXY headers, TLS, all other prologue steps |
///
/// A stream can be any `AsyncRead + AsyncWrite`; see [`Stream::boxed`](crate::Stream::boxed). A TCP stream that is
/// converted by [`Stream::from`](crate::Stream) is not boxed, and file regions are sent by `sendfile`.
///
/// # Example: an address map
///
/// Brokers in containers advertise addresses that only the containers can reach. This network dials other addresses
/// instead. TLS still verifies the advertised name.
///
/// ```
/// use std::collections::HashMap;
/// use remoting_transport::{
///     Acceptor, Address, Bootstrap, ChannelOptions, ConnectOptions, Connection, Listener, ListenerOptions, Network,
///     NetworkFuture, SocketOptions, SystemNetwork,
/// };
///
/// #[derive(Debug)]
/// struct AddressMap(HashMap<Address, Address>);
///
/// impl Network for AddressMap {
///     fn dial<'a>(&'a self, address: &'a Address, options: &'a SocketOptions) -> NetworkFuture<'a, Connection> {
///         SystemNetwork.dial(self.0.get(address).unwrap_or(address), options)
///     }
///
///     fn listen<'a>(
///         &'a self,
///         address: &'a Address,
///         options: &'a SocketOptions,
///     ) -> NetworkFuture<'a, Box<dyn Acceptor>> {
///         SystemNetwork.listen(address, options)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let broker = Listener::bind(&"127.0.0.1:0".parse()?, ListenerOptions::default()).await?;
/// let advertised: Address = "172.17.0.2:10911".parse()?;
/// let reachable = AddressMap(HashMap::from([(advertised.clone(), broker.local_addr().clone())]));
///
/// let bootstrap = Bootstrap::new(ChannelOptions::default()).network(reachable);
/// let timeout = std::time::Duration::from_secs(3);
/// let connection = bootstrap.connect(&advertised, &ConnectOptions::default(), timeout).await?;
/// assert_eq!(connection.peer, *broker.local_addr());
/// assert_eq!(connection.dialled(), Some(&advertised));
/// # Ok(())
/// # }
/// ```
pub trait Network: fmt::Debug + Send + Sync + 'static {
    /// Opens a connection to `address`. Receives an [`Address::Host`] only if [`resolve`](Self::resolve) returns
    /// `None`.
    ///
    /// The implementation needs no time limit: the caller drops the future when the time limit of the dial passes.
    /// Dropping the future must close the connection attempt.
    ///
    /// # Errors
    /// Returns the cause if the connection fails, and [`Unsupported`](io::ErrorKind::Unsupported) if the network does
    /// not support this kind of address.
    fn dial<'a>(&'a self, address: &'a Address, options: &'a SocketOptions) -> NetworkFuture<'a, Connection>;

    /// Binds `address` and listens on it until the acceptor is dropped. Port 0 selects a free port.
    ///
    /// # Errors
    /// Returns the cause if the address cannot be bound.
    fn listen<'a>(
        &'a self,
        address: &'a Address,
        options: &'a SocketOptions,
    ) -> NetworkFuture<'a, Box<dyn Acceptor>>;

    /// Resolves a host name before a dial. The addresses then race as RFC 8305 describes, each with a head start over
    /// the next; the first connection wins.
    ///
    /// If this method returns `None`, [`dial`](Self::dial) receives the name itself, for a tunnel that resolves names
    /// at its other end. This is the default. An empty list means that the name has no address.
    ///
    /// # Errors
    /// Returns the cause if the name cannot be resolved.
    fn resolve<'a>(&'a self, host: &'a str, port: u16) -> NetworkFuture<'a, Option<Vec<SocketAddr>>> {
        let _ = (host, port);
        Box::pin(std::future::ready(Ok(None)))
    }
}

impl<N: Network + ?Sized> Network for Arc<N> {
    fn dial<'a>(&'a self, address: &'a Address, options: &'a SocketOptions) -> NetworkFuture<'a, Connection> {
        (**self).dial(address, options)
    }

    fn listen<'a>(
        &'a self,
        address: &'a Address,
        options: &'a SocketOptions,
    ) -> NetworkFuture<'a, Box<dyn Acceptor>> {
        (**self).listen(address, options)
    }

    fn resolve<'a>(&'a self, host: &'a str, port: u16) -> NetworkFuture<'a, Option<Vec<SocketAddr>>> {
        (**self).resolve(host, port)
    }
}
