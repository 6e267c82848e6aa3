//! The network seam: dialling and listening.

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
/// Every connection of a client, server, [`Bootstrap`](crate::Bootstrap) and [`Listener`](crate::Listener) comes from
/// its network: calls, name-server probes, reconnects, additional ports. Two networks are provided:
///
/// * [`SystemNetwork`], the default: TCP, Unix-domain sockets, and `memory:` addresses within the process;
/// * [`MemoryNetwork`]: any address, within this value only. For tests and simulations.
///
/// A custom network can dial through a tunnel, map addresses, and refuse, delay or count connections. It usually wraps
/// a provided network.
///
/// # What belongs to the network, and what lies on top
///
/// | the network | on top of any network |
/// |---|---|
/// | opening a stream to one [`Address`], accepting streams at one | the time limit of a dial, one dial for all callers, pauses after failures |
/// | [resolving](Self::resolve) host names | the race between the addresses of a name (RFC 8305) |
/// | applying [`SocketOptions`], which it is handed at each call and whose owner is the configuration of the client or server | SOCKS5 proxies, whose addresses are dialled on the network |
/// | local and peer address of each connection | admission, PROXY headers, TLS, all other prologue steps |
///
/// A stream is any `AsyncRead + AsyncWrite`, by [`Stream::boxed`](crate::Stream::boxed). TCP streams stay what they are
/// ([`Stream::from`](crate::Stream)): nothing is boxed, and file regions are sent by `sendfile`.
///
/// # Example: an address map
///
/// Brokers in containers advertise addresses that only the containers can reach. This network dials other ones
/// instead. TLS still verifies the name that was advertised.
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
    /// Opens a connection to `address`. A [`Address::Host`] comes here only if [`resolve`](Self::resolve) returns
    /// `None`.
    ///
    /// Needs no time limit: the caller drops the future when its time limit passes, which must close what was opened.
    ///
    /// # Errors
    /// Returns the cause; [`Unsupported`](io::ErrorKind::Unsupported) for a kind of address that this network lacks.
    fn dial<'a>(&'a self, address: &'a Address, options: &'a SocketOptions) -> NetworkFuture<'a, Connection>;

    /// Binds `address` and listens there until the acceptor is dropped. Port 0 takes a free port.
    ///
    /// # Errors
    /// Returns the cause if the address cannot be bound.
    fn listen<'a>(
        &'a self,
        address: &'a Address,
        options: &'a SocketOptions,
    ) -> NetworkFuture<'a, Box<dyn Acceptor>>;

    /// Resolves a host name before a dial. The addresses are then dialled one after the other, each with a head start;
    /// the first connection wins. With `None`, the default, [`dial`](Self::dial) receives the name itself, for a tunnel
    /// that resolves names at its other end.
    ///
    /// # Errors
    /// Returns the cause if the name cannot be resolved. An empty list means that the name has no address.
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
