//! Accepting connections.

mod accepted;
mod admission;
mod error;
mod options;
mod pending_prologues;
mod refusal_log;
mod statistics;
#[cfg(test)]
mod tests;

use std::{
    future::pending,
    io,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use tokio_util::sync::CancellationToken;

use self::{
    accepted::{AcceptedConnection, Reception},
    admission::{Admission, Place, Refusal},
    pending_prologues::PendingPrologues,
    refusal_log::RefusalLog,
};
pub use self::{
    error::{AcceptError, BindError},
    options::ListenerOptions,
    statistics::ListenerStatistics,
};
use crate::{
    address::Address,
    bootstrap::Bootstrap,
    channel::Channel,
    connection::{ClosingSignal, Connection},
    machine::InboundSink,
    network::{AcceptFailure, Acceptor, BoundListener, Network, SystemNetwork},
    task_group::TaskGroup,
};

/// The first pause after the system refused to accept, such as for want of file descriptors; it doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
/// The longest such pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// A bound address at which connections arrive. Dropping it closes it; connections already accepted go on.
#[derive(Debug)]
pub struct Listener {
    acceptor: Box<dyn Acceptor>,
    options: ListenerOptions,
    admission: Admission,
    pending: Arc<PendingPrologues>,
    statistics: Arc<ListenerStatistics>,
    refusals: Arc<RefusalLog>,
}

impl Listener {
    /// Binds and listens on the [`SystemNetwork`]. Port 0 takes a free port, see [`Listener::local_addr`]. A host name
    /// is resolved, and its first address that can be bound is taken.
    ///
    /// # Cancellation
    /// Dropping this future leaves nothing bound.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn bind(address: &Address, options: ListenerOptions) -> Result<Self, BindError> {
        Self::bind_on(&SystemNetwork, address, options).await
    }

    /// Binds and listens on a network.
    ///
    /// # Cancellation
    /// Dropping this future leaves nothing bound.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn bind_on(
        network: &dyn Network,
        address: &Address,
        options: ListenerOptions,
    ) -> Result<Self, BindError> {
        match network.listen(address, &options.socket).await {
            Ok(acceptor) => Ok(Self::new(acceptor, options)),
            Err(source) => Err(BindError::Io { address: address.clone(), source }),
        }
    }

    /// Takes over a socket that listens already. Of `options.socket`, what concerns accepted connections applies.
    ///
    /// # Errors
    /// [`BindError::Listener`], for a socket that does not listen or that the runtime cannot use.
    ///
    /// # Panics
    /// Outside a tokio runtime with I/O enabled.
    pub fn from_bound(
        listener: impl Into<BoundListener>,
        options: ListenerOptions,
    ) -> Result<Self, BindError> {
        let acceptor = listener.into().into_acceptor(&options.socket);
        Ok(Self::new(acceptor.map_err(|source| BindError::Listener { source })?, options))
    }

    fn new(acceptor: Box<dyn Acceptor>, options: ListenerOptions) -> Self {
        let admission = Admission::new(&options);
        let pending = Arc::new(PendingPrologues::new(&options));
        let refusals = Arc::new(RefusalLog::new(acceptor.local_addr().clone()));
        Self { acceptor, options, admission, pending, statistics: Arc::default(), refusals }
    }

    /// Where this listens, with the port that the system chose for port 0.
    pub fn local_addr(&self) -> &Address {
        self.acceptor.local_addr()
    }

    /// Counters that stay readable while [`Listener::serve`] runs and after.
    pub fn statistics(&self) -> Arc<ListenerStatistics> {
        Arc::clone(&self.statistics)
    }

    /// Accepts connections until it is dropped, making each a channel whose sink `sinks` gives. It returns only if the
    /// listening socket itself fails for good, with the cause.
    ///
    /// Each connection is a task of `tasks`: whoever holds that group owns all that was accepted. Dropping this
    /// future closes the listener, and with it the connections that are not channels yet; those that were claimed for
    /// another protocol are [told](Connection::closing_signal).
    ///
    /// Connections that are refused, or closed for what the peer sent, are logged at level WARN: up to ten in ten
    /// seconds one by one, the rest by their number. The [statistics](Self::statistics) count each.
    pub async fn serve<F>(mut self, bootstrap: Bootstrap, sinks: F, tasks: TaskGroup) -> AcceptError
    where
        F: Fn(&Channel) -> Box<dyn InboundSink> + Send + Sync + 'static,
    {
        let refusals = Arc::clone(&self.refusals);
        let summaries = async {
            refusals.run().await;
            pending().await
        };
        tokio::select! {
            biased;
            error = self.accept_all(bootstrap, Arc::new(sinks), tasks) => error,
            error = summaries => error,
        }
    }

    async fn accept_all<F>(&mut self, bootstrap: Bootstrap, sinks: Arc<F>, tasks: TaskGroup) -> AcceptError
    where
        F: Fn(&Channel) -> Box<dyn InboundSink> + Send + Sync + 'static,
    {
        let closing = CancellationToken::new();
        let _close = closing.clone().drop_guard();
        loop {
            let (mut connection, place) = match self.accept(&bootstrap).await {
                Ok(accepted) => accepted,
                Err(source) => return AcceptError { listener: self.local_addr().clone(), source },
            };
            connection.closing = ClosingSignal::new(closing.clone());
            let pending = bootstrap.has_prologue().then(|| self.pending.begin(&connection.peer, &closing));
            let reception = Reception {
                bootstrap: bootstrap.clone(),
                sinks: Arc::clone(&sinks),
                prologue_timeout: self.options.prologue_timeout,
                pending,
                closing: closing.clone(),
                statistics: Arc::clone(&self.statistics),
                refusals: Arc::clone(&self.refusals),
            };
            tasks.spawn(AcceptedConnection::new(connection, place, reception));
        }
    }

    /// The next connection that is let in. When the system lacks something to accept it, it is asked again after a
    /// pause that doubles up to a second. An error is the end of the listener.
    async fn accept(&mut self, bootstrap: &Bootstrap) -> io::Result<(Connection, Place)> {
        let mut pause = FIRST_PAUSE;
        loop {
            match self.acceptor.accept().await {
                Ok(connection) => {
                    self.statistics.accepted.fetch_add(1, Ordering::Relaxed);
                    pause = FIRST_PAUSE;
                    let admitted = match bootstrap.admits(&connection) {
                        Ok(true) => self.admission.admit(&connection.peer),
                        Ok(false) => Err(Refusal::Filter),
                        Err(panic) => Err(Refusal::FilterPanicked(panic)),
                    };
                    match admitted {
                        Ok(place) => return Ok((connection, place)),
                        Err(refusal) => self.refuse(&connection, &refusal),
                    }
                }
                Err(AcceptFailure::Connection(error)) => {
                    tracing::debug!(listener = %self.local_addr(), "a connection could not be accepted: {error}");
                }
                Err(AcceptFailure::Resources(error)) => {
                    self.statistics.failed.fetch_add(1, Ordering::Relaxed);
                    tracing::error!(listener = %self.local_addr(), "cannot accept, next try in {pause:?}: {error}");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                Err(AcceptFailure::Listener(error)) => {
                    self.statistics.failed.fetch_add(1, Ordering::Relaxed);
                    return Err(error);
                }
            }
        }
    }

    fn refuse(&self, connection: &Connection, refusal: &Refusal) {
        let statistics = &self.statistics;
        let counter = match refusal {
            Refusal::Filter | Refusal::FilterPanicked(_) => &statistics.refused_by_filter,
            Refusal::Full => &statistics.refused_full,
            Refusal::Network => &statistics.refused_by_network,
        };
        counter.fetch_add(1, Ordering::Relaxed);
        self.refusals.closed(&connection.peer, refusal);
    }
}
