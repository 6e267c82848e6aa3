//! How a port of a server comes to its end.
//!
//! ```text
//! SERVING ─► GOING AWAY ──────────────► DRAINING ───────────► CLOSING ──────────► ENDED
//!            listener closed,           requests in flight    responses flushed,  executors' threads and
//!            GO_AWAY answered until     finish                channels closed,    all tasks joined
//!            the clients have left                            claimed connections
//!            (if configured)                                  end
//! ```
//!
//! Claimed connections receive their closing signal when the listener closes. They may take as long as the requests in flight.
//!
//! Each arrow has a deadline, so that there is an end; what is left at the last one is aborted. Java's
//! `NettyRemotingServer.shutdown` sleeps through the first phase with its listener open and has none of the others.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use remoting_transport::CloseReason;
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout, timeout_at};

use super::Port;
use crate::channel::RpcChannel;
use crate::config::CLOSE_TIMEOUT;
use crate::deadline::deadline_after;
use crate::executor::BlockingThreads;
use crate::server::config::ServerConfig;

/// What a shutdown found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ShutdownReport {
    /// Requests that had not been answered in time and were dropped.
    pub aborted_requests: usize,
    /// Channels that had not written their responses in time, or broke before, and connections that were cut.
    pub aborted_channels: usize,
    /// Channels whose peer did not close its side in turn within half a second: it may not have read the last responses.
    pub unconfirmed_channels: usize,
}

impl ShutdownReport {
    /// Whether everything that was in flight came to its end, as far as the peers have confirmed it.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.aborted_requests == 0 && self.aborted_channels == 0 && self.unconfirmed_channels == 0
    }

    pub(in crate::server) const fn and(self, other: Self) -> Self {
        Self {
            aborted_requests: self.aborted_requests + other.aborted_requests,
            aborted_channels: self.aborted_channels + other.aborted_channels,
            unconfirmed_channels: self.unconfirmed_channels + other.unconfirmed_channels,
        }
    }
}

const REASON: CloseReason = CloseReason::local("the server is shutting down");
/// How long dropped tasks may take to notice. Only a processor that blocks a thread of the runtime needs any of it.
pub(in crate::server) const ABORT_TIMEOUT: Duration = Duration::from_secs(1);
/// How long requests may take that began while the server waited in vain for a moment without any.
const LAST_REQUESTS: Duration = Duration::from_millis(500);

/// The task of a port's one shutdown, and where it leaves its report. It holds the port until then; what ends it sooner
/// is [`Port::abort`].
#[derive(Debug)]
pub(in crate::server) struct Ending {
    task: AbortHandle,
    outcome: Arc<Outcome>,
}

/// How a shutdown has ended, for everyone who waits for it.
#[derive(Debug, Default)]
struct Outcome {
    /// `None`: the shutdown was aborted.
    report: OnceLock<Option<ShutdownReport>>,
    /// Wakes those who wait in order of arrival, which `tokio::sync::watch` does not.
    known: Notify,
}

/// Ends a shutdown as aborted, unless it has a report, when dropped.
struct OutcomeGuard(Arc<Outcome>);

impl Ending {
    fn start(port: Arc<Port>, config: ServerConfig) -> Self {
        let outcome = Arc::<Outcome>::default();
        let guard = OutcomeGuard(Arc::clone(&outcome));
        // Not on an event loop, which ends before the shutdown does.
        let runtime = port.endpoint.state.tasks.runtime();
        let task = runtime.spawn(async move {
            let report = port.end(&config).await;
            drop(port);
            guard.0.set(Some(report));
        });
        Self { task: task.abort_handle(), outcome }
    }

    pub(super) fn abort(&self) {
        self.task.abort();
    }
}

impl Outcome {
    /// The first outcome stays.
    fn set(&self, report: Option<ShutdownReport>) {
        if self.report.set(report).is_ok() {
            self.known.notify_waiters();
        }
    }

    /// Waits for the end of the shutdown. Dropping the future changes nothing.
    async fn wait(&self) -> Option<ShutdownReport> {
        loop {
            let known = self.known.notified();
            if let Some(report) = self.report.get() {
                return *report;
            }
            known.await;
        }
    }
}

impl Drop for OutcomeGuard {
    fn drop(&mut self) {
        self.0.set(None);
    }
}

impl Port {
    /// Begins the shutdown, unless it has begun.
    pub(in crate::server) fn begin_shutdown(self: &Arc<Self>, config: &ServerConfig) -> &Ending {
        self.ending.get_or_init(|| Ending::start(Arc::clone(self), config.clone()))
    }

    /// Waits for the end of the shutdown, which everyone who asks for one has in common. It goes on when this is dropped.
    pub(in crate::server) async fn shut_down(self: &Arc<Self>, config: &ServerConfig) -> ShutdownReport {
        let outcome = Arc::clone(&self.begin_shutdown(config).outcome);
        if let Some(report) = outcome.wait().await {
            return report;
        }
        // Aborted with the server: so is all that was left.
        let report = ShutdownReport {
            aborted_requests: self.endpoint.state.requests.count(),
            aborted_channels: self.connections.len(),
            unconfirmed_channels: 0,
        };
        self.cut();
        report
    }

    async fn end(&self, config: &ServerConfig) -> ShutdownReport {
        if timeout(ABORT_TIMEOUT, self.accepting.stop()).await.is_err() {
            tracing::warn!(local = %self.local_addr(), "a connection filter blocks the listener, which stays open");
        }
        self.endpoint.state.go_away();
        if let Some(wait) = config.go_away_phase() {
            let deadline = deadline_after(Instant::now(), wait);
            self.endpoint.channels.emptied(deadline).await;
        }

        let deadline = deadline_after(Instant::now(), config.endpoint.shutdown_timeout);
        self.endpoint.state.requests.ended(deadline).await;
        // Requests that have come meanwhile are finished too, and no more are read.
        self.endpoint.stop_requests();
        let deadline = deadline.max(Instant::now() + LAST_REQUESTS);
        self.endpoint.state.requests.ended(deadline).await;
        self.endpoint.state.refuse_calls();
        // Before the tasks are aborted: a request that comes in between would never be answered.
        let channels = self.endpoint.channels.list();
        for channel in &channels {
            channel.close(REASON);
        }
        // A channel that was ready for one more request may have begun it.
        let aborted_requests = self.endpoint.state.requests.count();
        self.endpoint.state.tasks.abort();

        let close_deadline = deadline_after(Instant::now(), CLOSE_TIMEOUT + ABORT_TIMEOUT);
        let closed = self.connections_closed(close_deadline, deadline).await;
        if !self.endpoint.state.callbacks.ended(close_deadline).await {
            tracing::warn!(local = %self.local_addr(), "the callback of a call blocks its thread");
        }
        let mut aborted_channels = if closed { 0 } else { self.connections.len() };
        let mut unconfirmed_channels = 0;
        for channel in channels.iter().map(RpcChannel::channel).filter(|channel| !channel.is_open()) {
            aborted_channels += usize::from(!channel.is_flushed());
            unconfirmed_channels += usize::from(channel.is_flushed() && !channel.is_peer_closed());
        }
        self.cut();
        self.join().await;
        ShutdownReport { aborted_requests, aborted_channels, unconfirmed_channels }
    }

    /// Waits until all connections have ended. Returns false if channels have not at `channels`, or if connections of other
    /// protocols have not at `claimed` either.
    async fn connections_closed(&self, channels: Instant, claimed: Instant) -> bool {
        if timeout_at(channels, self.connections.ended()).await.is_ok() {
            return true;
        }
        let only_channels = self.connections.len() <= self.endpoint.channels.len();
        !only_channels && timeout_at(claimed, self.connections.ended()).await.is_ok()
    }

    /// Waits for what has been aborted.
    async fn join(&self) {
        let deadline = deadline_after(Instant::now(), ABORT_TIMEOUT);
        let joined = timeout_at(deadline, self.connections.ended()).await.is_ok()
            & self.endpoint.state.tasks.ended(deadline).await
            & self.endpoint.state.callbacks.ended(deadline).await;
        let threads: Vec<BlockingThreads> = {
            let processors = self.endpoint.processors.current();
            self.endpoint.processors.clear();
            processors.executors().filter_map(crate::Executor::threads).collect()
        };
        let ended = async {
            for threads in threads {
                threads.ended().await;
            }
        };
        if timeout_at(deadline, ended).await.is_err() || !joined {
            tracing::warn!(
                local = %self.local_addr(), requests = self.endpoint.state.tasks.len(),
                "a processor blocks its thread and does not end with the server"
            );
        }
        self.endpoint.clear_hooks();
        tracing::info!(local = %self.local_addr(), "shut down");
    }
}
