mod link;

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, LazyLock},
};

use parking_lot::Mutex;
use tokio::sync::mpsc::{self, error::TrySendError};

pub use self::link::MemoryLink;
use super::{AcceptFailure, AcceptFuture, Acceptor, Network, NetworkFuture};
use crate::{address::Address, connection::Connection, socket::SocketOptions};

/// The default number of bytes that a connection buffers in each direction before its writer waits.
const CAPACITY: usize = 64 << 10;
/// The first port that is selected for port 0: the start of the dynamic range.
const FIRST_PORT: u16 = 49_152;
/// The number of links below which closed links are not removed.
const FEW_LINKS: usize = 16;

/// A network within this process, with an address space of its own.
///
/// A listener can bind any [`Address`], and a dial reaches the listener of exactly that address: `10.0.0.1:9876` and
/// `broker-a:10911` are names, just as `memory:broker-a` is. Nothing leaves the process. A test can give each server
/// its production address, and tests with separate networks do not affect each other.
///
/// A test controls each connection through its [`MemoryLink`], which closes, fails or stalls it.
/// [`links`](Self::links) and [`connect`](Self::connect) return the links.
///
/// With a paused clock the network is deterministic: each network counts its own ports and the names of dialling
/// ends. Clones refer to the same network. Of [`SocketOptions`], only `backlog` and `local_address` apply.
///
/// ```
/// use std::{io, time::Duration};
/// use remoting_transport::{Bootstrap, ChannelOptions, ConnectOptions, Listener, ListenerOptions, MemoryNetwork};
/// use tokio::io::AsyncReadExt;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let network = MemoryNetwork::new();
/// let broker = "10.0.0.1:10911".parse()?;
/// let _listener = Listener::bind_on(&network, &broker, ListenerOptions::default()).await?;
///
/// let bootstrap = Bootstrap::new(ChannelOptions::default()).network(network.clone());
/// let timeout = Duration::from_secs(1);
/// let mut connection = bootstrap.connect(&broker, &ConnectOptions::default(), timeout).await?;
/// network.links()[0].fail(io::ErrorKind::ConnectionReset);
/// let error = connection.stream.read_u8().await.unwrap_err();
/// assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct MemoryNetwork(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    capacity: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    listeners: HashMap<Address, mpsc::Sender<Connection>>,
    links: Vec<MemoryLink>,
    /// The number of links at which closed links are removed.
    many_links: usize,
    /// The number of dialled connections, for the addresses of the dialling ends.
    dialled: u64,
    /// The number of ports tried so far.
    ports: u16,
}

impl MemoryNetwork {
    /// Creates a network without listeners. Its connections buffer 64 KiB in each direction before the writer waits.
    pub fn new() -> Self {
        Self::with_capacity(CAPACITY)
    }

    /// Creates a network without listeners. Its connections buffer up to `bytes` bytes in each direction before the
    /// writer waits. 0 is treated as 1.
    pub fn with_capacity(bytes: usize) -> Self {
        Self(Arc::new(Shared { capacity: bytes, state: Mutex::default() }))
    }

    /// Returns the network of this process's `memory:` addresses.
    pub(super) fn of_process() -> &'static Self {
        static NETWORK: LazyLock<MemoryNetwork> = LazyLock::new(MemoryNetwork::new);
        &NETWORK
    }

    /// Dials an address and returns the connection with its link, for a network that wraps this one. Does not wait
    /// for the listener to accept: the connection is put into the listener's backlog.
    ///
    /// # Errors
    /// Returns [`ConnectionRefused`](io::ErrorKind::ConnectionRefused) if the address has no listener or the
    /// listener's backlog is full.
    pub fn connect(
        &self,
        address: &Address,
        options: &SocketOptions,
    ) -> io::Result<(Connection, MemoryLink)> {
        let mut state = self.0.state.lock();
        let Some(accepts) = state.listeners.get(address).cloned() else {
            return Err(io::ErrorKind::ConnectionRefused.into());
        };
        state.dialled += 1;
        let local = state.local_address(address, options.local_address());
        let (ours, theirs, link) = MemoryLink::pair(local, address.clone(), self.0.capacity);
        accepts.try_send(theirs).map_err(|error| match error {
            TrySendError::Full(_) => {
                io::Error::new(io::ErrorKind::ConnectionRefused, "the listener's backlog is full")
            }
            TrySendError::Closed(_) => io::ErrorKind::ConnectionRefused.into(),
        })?;
        state.keep(link.clone());
        Ok((ours, link))
    }

    /// Returns the links of the open connections, in the order in which they were dialled.
    pub fn links(&self) -> Vec<MemoryLink> {
        let mut state = self.0.state.lock();
        state.links.retain(MemoryLink::is_open);
        state.links.clone()
    }

    fn bind(&self, address: &Address, backlog: u32) -> io::Result<MemoryAcceptor> {
        let mut state = self.0.state.lock();
        let local = match address {
            Address::Socket(socket) if socket.port() == 0 => {
                let free = |port| Address::Socket(SocketAddr::new(socket.ip(), port));
                state.free_port(free)?
            }
            Address::Host { host, port: 0 } => {
                state.free_port(|port| Address::Host { host: Arc::clone(host), port })?
            }
            _ if state.listeners.contains_key(address) => return Err(io::ErrorKind::AddrInUse.into()),
            _ => address.clone(),
        };
        let (accepts, incoming) = mpsc::channel(usize::try_from(backlog).unwrap_or(usize::MAX).max(1));
        state.listeners.insert(local.clone(), accepts);
        Ok(MemoryAcceptor { network: self.clone(), local, incoming })
    }
}

impl State {
    /// Returns an address for the dialling end.
    fn local_address(&self, dialled: &Address, chosen: Option<IpAddr>) -> Address {
        let socket = |loopback: IpAddr| {
            let port =
                FIRST_PORT + u16::try_from(self.dialled % u64::from(u16::MAX - FIRST_PORT)).unwrap_or(0);
            SocketAddr::new(chosen.unwrap_or(loopback), port).into()
        };
        match dialled {
            Address::Socket(SocketAddr::V6(_)) => socket(Ipv6Addr::LOCALHOST.into()),
            Address::Socket(_) | Address::Host { .. } => socket(Ipv4Addr::LOCALHOST.into()),
            Address::Unix(_) => Address::unix(""),
            Address::Memory(name) => Address::memory(format!("{name}#{}", self.dialled)),
        }
    }

    fn free_port(&mut self, address: impl Fn(u16) -> Address) -> io::Result<Address> {
        let dynamic = u16::MAX - FIRST_PORT;
        for _ in 0..dynamic {
            let candidate = address(FIRST_PORT + self.ports % dynamic);
            self.ports = self.ports.wrapping_add(1);
            if !self.listeners.contains_key(&candidate) {
                return Ok(candidate);
            }
        }
        Err(io::ErrorKind::AddrInUse.into())
    }

    /// Stores a link. Removes closed links whenever the number of links has doubled since the last removal, so that
    /// the average cost of a dial stays constant.
    fn keep(&mut self, link: MemoryLink) {
        if self.links.len() >= self.many_links {
            self.links.retain(MemoryLink::is_open);
            self.many_links = (2 * self.links.len()).max(FEW_LINKS);
        }
        self.links.push(link);
    }
}

impl Default for MemoryNetwork {
    fn default() -> Self {
        Self::new()
    }
}

impl Network for MemoryNetwork {
    fn dial<'a>(&'a self, address: &'a Address, options: &'a SocketOptions) -> NetworkFuture<'a, Connection> {
        Box::pin(async move { self.connect(address, options).map(|(connection, _link)| connection) })
    }

    fn listen<'a>(
        &'a self,
        address: &'a Address,
        options: &'a SocketOptions,
    ) -> NetworkFuture<'a, Box<dyn Acceptor>> {
        Box::pin(async move { Ok(Box::new(self.bind(address, options.backlog())?) as _) })
    }
}

/// The owner of an address of a network.
#[derive(Debug)]
struct MemoryAcceptor {
    network: MemoryNetwork,
    local: Address,
    incoming: mpsc::Receiver<Connection>,
}

impl Acceptor for MemoryAcceptor {
    fn local_addr(&self) -> &Address {
        &self.local
    }

    fn accept(&mut self) -> AcceptFuture<'_> {
        Box::pin(async {
            // The network's table holds a sender until this acceptor is dropped.
            let gone = || AcceptFailure::Listener(io::ErrorKind::NotConnected.into());
            self.incoming.recv().await.ok_or_else(gone)
        })
    }
}

impl Drop for MemoryAcceptor {
    fn drop(&mut self) {
        self.network.0.state.lock().listeners.remove(&self.local);
    }
}
