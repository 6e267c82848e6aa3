//! Accepts connections.

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
    future::{pending, poll_fn},
    io,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use tokio_util::sync::CancellationToken;

use self::{
    accepted::{AcceptedConnection, Reception},
    admission::{Admission, Permit, Refusal},
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
    event_loop::{EventLoopGroup, Registration},
    machine::InboundSink,
    network::{AcceptFailure, Acceptor, BoundListener, Network, SystemNetwork},
    panic::{catch_panic, poll_catching_panic},
    task_group::TaskGroup,
};

/// The first pause after the system failed to accept, for lack of file descriptors for example. It doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
/// The longest such pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// A bound address at which connections arrive. Dropping it closes the address; accepted connections stay open.
#[derive(Debug)]
pub struct Listener {
    acceptor: Box<dyn Acceptor>,
    options: ListenerOptions,
    event_loops: Option<EventLoopGroup>,
    admission: Admission,
    pending: Arc<PendingPrologues>,
    statistics: Arc<ListenerStatistics>,
    refusals: Arc<RefusalLog>,
}

impl Listener {
    /// Binds an address on the [`SystemNetwork`] and listens. Port 0 selects a free port; see
    /// [`Listener::local_addr`]. A host name is resolved, and the first of its addresses that can be bound is used.
    ///
    /// # Cancellation
    /// Dropping this future leaves nothing bound.
    ///
    /// # Errors
    /// Returns [`BindError::Io`] if the address cannot be bound.
    pub async fn bind(address: &Address, options: ListenerOptions) -> Result<Self, BindError> {
        Self::bind_on(&SystemNetwork, address, options).await
    }

    /// Binds an address on `network` and listens.
    ///
    /// # Cancellation
    /// Dropping this future leaves nothing bound.
    ///
    /// # Errors
    /// Returns [`BindError::Io`] if the address cannot be bound.
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

    /// Creates a listener from a socket that already listens. Of the socket options, those of accepted connections
    /// apply.
    ///
    /// # Errors
    /// Returns [`BindError::Listener`] if the socket does not listen or the runtime cannot use it.
    ///
    /// # Panics
    /// Panics if called outside a tokio runtime with I/O enabled.
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
        let (event_loops, statistics) = (None, Arc::default());
        Self { acceptor, options, event_loops, admission, pending, statistics, refusals }
    }

    /// Runs the accepted connections on event loops. Default: on the runtime of [`Listener::serve`].
    ///
    /// `serve` still accepts on its own runtime.
    #[must_use]
    pub fn event_loops(mut self, event_loops: EventLoopGroup) -> Self {
        self.event_loops = Some(event_loops);
        self
    }

    /// Returns the address of this listener, with the port that the system chose for port 0.
    pub fn local_addr(&self) -> &Address {
        self.acceptor.local_addr()
    }

    /// Returns the counters. They stay readable while [`Listener::serve`] runs and afterwards.
    pub fn statistics(&self) -> Arc<ListenerStatistics> {
        Arc::clone(&self.statistics)
    }

    /// Accepts connections until it is dropped. Each connection becomes a channel, whose sink `sinks` returns. The
    /// future completes only if the listening socket fails permanently or all [event loops](Self::event_loops) have ended,
    /// with the cause.
    ///
    /// Each connection is a task of `tasks`, whose owner owns all accepted connections.
    ///
    /// Connections that are refused, or closed because of what the peer sent, are logged at level WARN: ten lines in
    /// ten seconds, then a summary. The [statistics](Self::statistics) count each of them.
    ///
    /// # Cancellation
    /// Dropping this future closes the listener and the connections that are not channels yet. Connections claimed
    /// for another protocol receive their [closing signal](Connection::closing_signal).
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
            let (mut connection, permit, registration) = match self.accept(&bootstrap).await {
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
            let task = AcceptedConnection::new(connection, permit, reception);
            match registration {
                Some(registration) => registration.spawn(&tasks, task),
                None => tasks.spawn(task),
            }
        }
    }

    /// Returns the next admitted connection. If the system lacks resources, retries after a pause that doubles up to a
    /// second. An error ends the listener.
    async fn accept(
        &mut self,
        bootstrap: &Bootstrap,
    ) -> io::Result<(Connection, Permit, Option<Registration>)> {
        let mut pause = FIRST_PAUSE;
        loop {
            let (accepted, registration) = match &self.event_loops {
                Some(event_loops) => match event_loops.register(accept_on(&mut *self.acceptor)).await {
                    Some((accepted, registration)) => (accepted, Some(registration)),
                    None => return Err(io::Error::other("its event loops have ended")),
                },
                None => (accept_on(&mut *self.acceptor).await, None),
            };
            match accepted {
                Ok(connection) => {
                    self.statistics.accepted.fetch_add(1, Ordering::Relaxed);
                    pause = FIRST_PAUSE;
                    let admitted = match bootstrap.admits(&connection) {
                        Ok(true) => self.admission.admit(&connection.peer),
                        Ok(false) => Err(Refusal::Filter),
                        Err(panic) => Err(Refusal::FilterPanicked(panic)),
                    };
                    match admitted {
                        Ok(permit) => return Ok((connection, permit, registration)),
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

/// Accepts the next connection. An acceptor that panics has failed for good.
async fn accept_on(acceptor: &mut dyn Acceptor) -> Result<Connection, AcceptFailure> {
    let accepted = match catch_panic(|| acceptor.accept()) {
        Ok(mut accepting) => poll_fn(|cx| poll_catching_panic(accepting.as_mut(), cx)).await,
        Err(panic) => Err(panic),
    };
    accepted.unwrap_or_else(|panic| {
        Err(AcceptFailure::Listener(io::Error::other(format!("the acceptor panicked: {panic}"))))
    })
}
