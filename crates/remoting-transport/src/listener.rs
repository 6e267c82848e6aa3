//! Accepting connections.

#[cfg(test)]
mod tests;

use std::{
    future::pending,
    io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    accepted::{AcceptedConnection, Reception},
    address::Address,
    admission::{Admission, Place, Refusal},
    bootstrap::Bootstrap,
    channel::Channel,
    error::BindError,
    memory::MemoryListener,
    options::ListenerOptions,
    prologue::Connection,
    refusal_log::RefusalLog,
    sink::InboundSink,
    socket,
    task_group::TaskGroup,
};

/// The first pause after the system refused to accept, such as for want of file descriptors; it doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
/// The longest such pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// A bound address at which connections arrive. Dropping it closes it; connections already accepted go on.
#[derive(Debug)]
pub struct Listener {
    io: Io,
    local: Address,
    options: ListenerOptions,
    admission: Admission,
    statistics: Arc<ListenerStatistics>,
    refusals: Arc<RefusalLog>,
}

#[derive(Debug)]
enum Io {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix {
        listener: tokio::net::UnixListener,
        _path: UnixPath,
    },
    Memory(MemoryListener),
    /// What the system answers, one after the other; then nothing.
    #[cfg(test)]
    Scripted(std::collections::VecDeque<io::Result<Connection>>),
}

/// Removes the socket's file when the listener goes, as a port becomes free.
#[cfg(unix)]
#[derive(Debug)]
struct UnixPath(Arc<Path>);

#[cfg(unix)]
impl Drop for UnixPath {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0) {
            tracing::debug!(path = %self.0.display(), "the socket's file was not removed: {error}");
        }
    }
}

/// What a [`Listener`] has seen, counted since it was bound.
#[derive(Debug, Default)]
pub struct ListenerStatistics {
    accepted: AtomicU64,
    refused_full: AtomicU64,
    refused_by_network: AtomicU64,
    refused_by_filter: AtomicU64,
    refused_in_prologue: AtomicU64,
    failed: AtomicU64,
}

impl ListenerStatistics {
    /// Connections accepted, those refused afterwards included.
    pub fn accepted(&self) -> u64 {
        self.accepted.load(Ordering::Relaxed)
    }

    /// Connections closed as soon as they were accepted, for whichever of the next three causes.
    pub fn refused(&self) -> u64 {
        self.refused_full() + self.refused_by_network() + self.refused_by_filter()
    }

    /// Connections closed at once because [`ListenerOptions::max_connections`] were open.
    pub fn refused_full(&self) -> u64 {
        self.refused_full.load(Ordering::Relaxed)
    }

    /// Connections closed at once because [`ListenerOptions::max_connections_per_network`] were open.
    pub fn refused_by_network(&self) -> u64 {
        self.refused_by_network.load(Ordering::Relaxed)
    }

    /// Connections closed at once because a [`ConnectionFilter`](crate::ConnectionFilter) did not let them in.
    pub fn refused_by_filter(&self) -> u64 {
        self.refused_by_filter.load(Ordering::Relaxed)
    }

    /// Connections that a prologue step refused, or that broke or ran out of time there.
    pub fn refused_in_prologue(&self) -> u64 {
        self.refused_in_prologue.load(Ordering::Relaxed)
    }

    pub(crate) fn count_refused_in_prologue(&self) {
        self.refused_in_prologue.fetch_add(1, Ordering::Relaxed);
    }

    /// Times that the system could not accept.
    pub fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }
}

impl Listener {
    /// Binds and listens. Port 0 takes a free port, see [`Listener::local_addr`]; a host name is resolved and
    /// its first address that can be bound is taken.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn bind(address: &Address, options: ListenerOptions) -> Result<Self, BindError> {
        let failed = |source| BindError::Io { address: address.clone(), source };
        let (io, local) = match address {
            Address::Socket(socket) => {
                let listener = socket::listen(*socket, &options).map_err(failed)?;
                let local = listener.local_addr().map_err(failed)?.into();
                (Io::Tcp(listener), local)
            }
            Address::Host { host, port } => {
                let listener = listen_at_host(address, host, *port, &options).await?;
                let local = listener.local_addr().map_err(failed)?.into();
                (Io::Tcp(listener), local)
            }
            #[cfg(unix)]
            Address::Unix(path) => {
                let listener = tokio::net::UnixListener::bind(path).map_err(failed)?;
                (Io::Unix { listener, _path: UnixPath(Arc::clone(path)) }, address.clone())
            }
            #[cfg(not(unix))]
            Address::Unix(_) => return Err(failed(io::ErrorKind::Unsupported.into())),
            Address::Memory(name) => {
                let listener =
                    MemoryListener::bind(Arc::clone(name), options.backlog as usize).map_err(failed)?;
                (Io::Memory(listener), address.clone())
            }
        };
        Ok(Self::new(io, local, options))
    }

    fn new(io: Io, local: Address, options: ListenerOptions) -> Self {
        let admission = Admission::new(&options);
        let refusals = Arc::new(RefusalLog::new(local.clone()));
        Self { io, local, options, admission, statistics: Arc::default(), refusals }
    }

    /// Where this listens, with the port that the system chose for port 0.
    pub fn local_addr(&self) -> &Address {
        &self.local
    }

    /// Counters that stay readable while [`Listener::serve`] runs and after.
    pub fn statistics(&self) -> Arc<ListenerStatistics> {
        Arc::clone(&self.statistics)
    }

    /// Accepts connections until it is dropped, making each a channel whose sink `sinks` gives.
    ///
    /// Each connection is a task of `tasks`: whoever holds that group owns all that was accepted. Dropping this
    /// future closes the listener, and with it the connections that are not channels yet.
    ///
    /// Connections that are refused, or closed for what the peer sent, are logged at level WARN: up to ten in ten
    /// seconds one by one, the rest by their number. The [statistics](Self::statistics) count each.
    pub async fn serve<F>(mut self, bootstrap: Bootstrap, sinks: F, tasks: TaskGroup)
    where
        F: Fn(&Channel) -> Box<dyn InboundSink> + Send + Sync + 'static,
    {
        let refusals = Arc::clone(&self.refusals);
        tokio::select! {
            () = self.accept_all(bootstrap, Arc::new(sinks), tasks) => {}
            () = refusals.run() => {}
        }
    }

    /// Never ends.
    async fn accept_all<F>(&mut self, bootstrap: Bootstrap, sinks: Arc<F>, tasks: TaskGroup)
    where
        F: Fn(&Channel) -> Box<dyn InboundSink> + Send + Sync + 'static,
    {
        let limit = self.options.prologue_timeout;
        let closing = CancellationToken::new();
        let _close = closing.clone().drop_guard();
        loop {
            let (connection, place) = self.accept(&bootstrap).await;
            let reception = Reception {
                bootstrap: bootstrap.clone(),
                sinks: Arc::clone(&sinks),
                prologue_timeout: limit,
                closing: closing.clone(),
                statistics: Arc::clone(&self.statistics),
                refusals: Arc::clone(&self.refusals),
            };
            tasks.spawn(AcceptedConnection::new(connection, place, reception));
        }
    }

    /// The next connection for which there is a place. When the system cannot accept, it is asked again after a
    /// pause that doubles up to a second.
    async fn accept(&mut self, bootstrap: &Bootstrap) -> (Connection, Place) {
        let mut pause = FIRST_PAUSE;
        loop {
            match self.accept_once().await {
                Ok(connection) => {
                    self.statistics.accepted.fetch_add(1, Ordering::Relaxed);
                    pause = FIRST_PAUSE;
                    let admitted = match bootstrap.admits(&connection) {
                        true => self.admission.admit(&connection.peer),
                        false => Err(Refusal::Filter),
                    };
                    match admitted {
                        Ok(place) => return (connection, place),
                        Err(refusal) => self.refuse(&connection, refusal),
                    }
                }
                // The peer was gone before it was accepted, or at once: nothing is wrong with the listener.
                Err(error) if is_of_the_peer(error.kind()) => {
                    tracing::debug!(listener = %self.local, "a connection could not be accepted: {error}");
                }
                Err(error) => {
                    self.statistics.failed.fetch_add(1, Ordering::Relaxed);
                    tracing::error!(listener = %self.local, "cannot accept, next try in {pause:?}: {error}");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    fn refuse(&self, connection: &Connection, refusal: Refusal) {
        let (counter, why) = match refusal {
            Refusal::Filter => (&self.statistics.refused_by_filter, "refused by a connection filter"),
            Refusal::Full => (&self.statistics.refused_full, "refused by max_connections"),
            Refusal::Network => {
                (&self.statistics.refused_by_network, "refused by max_connections_per_network")
            }
        };
        counter.fetch_add(1, Ordering::Relaxed);
        self.refusals.closed(&connection.peer, &why);
    }

    async fn accept_once(&mut self) -> io::Result<Connection> {
        match &mut self.io {
            Io::Tcp(listener) => {
                let (stream, peer) = listener.accept().await?;
                let local = stream.local_addr()?.into();
                socket::configure(&stream, &self.options.socket)?;
                Ok(Connection::new(stream, local, peer.into()))
            }
            #[cfg(unix)]
            Io::Unix { listener, .. } => {
                let (stream, peer) = listener.accept().await?;
                let peer = Address::unix(peer.as_pathname().unwrap_or_else(|| Path::new("")));
                Ok(Connection::new(stream, self.local.clone(), peer))
            }
            Io::Memory(listener) => match listener.accept().await {
                Ok((stream, peer)) => Ok(Connection::new(stream, self.local.clone(), peer)),
                Err(_gone) => pending().await,
            },
            #[cfg(test)]
            Io::Scripted(answers) => match answers.pop_front() {
                Some(answer) => answer,
                None => pending().await,
            },
        }
    }
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
        match socket::listen(candidate, options) {
            Ok(listener) => return Ok(listener),
            Err(error) => last = failed(error),
        }
    }
    Err(last)
}

/// Whether a failure to accept concerns one connection, and not the listener. Some systems call an option that
/// cannot be set on a connection which is gone already invalid.
fn is_of_the_peer(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, InvalidInput, NotConnected};
    matches!(kind, ConnectionAborted | ConnectionReset | NotConnected | InvalidInput)
}
