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

/// Bytes that a connection holds in each direction before its writer waits, unless it is said otherwise.
const CAPACITY: usize = 64 << 10;
/// The first port that is taken for port 0: the first of the dynamic range.
const FIRST_PORT: u16 = 49_152;
/// Links of which the closed ones are not worth a search.
const FEW_LINKS: usize = 16;

/// A network within this process, with addresses of its own.
///
/// Any [`Address`] can be listened on and dialled: `10.0.0.1:9876` and `broker-a:10911` are names like
/// `memory:broker-a`, and nothing leaves the process. A dial reaches the listener of exactly the same address. Each
/// network is separate, so tests can use the addresses of production without interfering with each other.
///
/// [`links`](Self::links) and [`connect`](Self::connect) return a [`MemoryLink`] for each connection, which closes, fails
/// or stalls it.
///
/// On a paused clock a run is deterministic: ports and the names of dialling ends are counted for each network. Clones
/// are the same network. Of [`SocketOptions`], `backlog` and `local_address` apply.
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
    /// The number of links at which the closed ones are removed.
    many_links: usize,
    /// Of this network's connections, and of the ports that it has chosen.
    dialled: u64,
    ports: u16,
}

impl MemoryNetwork {
    /// Creates a network on which nobody listens. Its connections hold 64 KiB in each direction before the writer
    /// waits.
    pub fn new() -> Self {
        Self::with_capacity(CAPACITY)
    }

    /// Creates a network whose connections hold `bytes` in each direction before the writer waits. Zero counts as one.
    pub fn with_capacity(bytes: usize) -> Self {
        Self(Arc::new(Shared { capacity: bytes, state: Mutex::default() }))
    }

    /// The network of `memory:` addresses.
    pub(super) fn of_process() -> &'static Self {
        static NETWORK: LazyLock<MemoryNetwork> = LazyLock::new(MemoryNetwork::new);
        &NETWORK
    }

    /// Dials an address and returns the connection with its link, for a network that wraps this one. Without waiting:
    /// the connection is in the listener's backlog.
    ///
    /// # Errors
    /// [`ConnectionRefused`](io::ErrorKind::ConnectionRefused) if nobody listens there, or the backlog is full.
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

    /// Returns the open connections, in the order in which they were dialled.
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
    /// The address of the end that dials.
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

    /// Closed links go when there are twice as many as were open the last time.
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

/// Owns an address of a network.
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
            // The table holds a sender for as long as this acceptor lives.
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
