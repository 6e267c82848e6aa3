//! Connecting: from an address to a channel that is ready for calls.

use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use super::Shared;
use super::connections::{Connection, Lookup, Ticket};
use crate::call::Budget;
use crate::call::ChannelRef;
use crate::channel::RpcChannel;
use crate::error::{CallPhase, Cause, RpcError};
use crate::transport::protocol::ErrorChain;
use crate::transport::{
    Address, ChannelDriver, CloseInitiator, CloseReason, ConnectAttempts, ConnectError, SocksError,
    poll_catching_panic,
};

/// A channel in the client's table.
#[derive(Debug)]
pub(super) struct ClientChannel {
    id: u64,
    /// The address that was dialled: the channel's key in the table.
    pub(super) addr: Address,
    pub(super) rpc: RpcChannel,
    since: Instant,
}

impl ClientChannel {
    pub(super) fn id(&self) -> u64 {
        self.id
    }
}

impl ChannelRef for Arc<ClientChannel> {
    fn rpc_channel(&self) -> &RpcChannel {
        &self.rpc
    }
}

impl Connection for Arc<ClientChannel> {
    fn id(&self) -> u64 {
        self.id
    }

    fn since(&self) -> Instant {
        self.since
    }

    fn is_open(&self) -> bool {
        self.rpc.is_open()
    }
}

impl Shared {
    /// Returns the channel to `addr`, and dials if there is none. Waits until `deadline`; reports a time-out
    /// as one of `budget`.
    ///
    /// A dial is a task of the client and shared by all callers. It continues if a caller gives up or is
    /// dropped, and the next call finds its result.
    pub(super) async fn channel(
        self: &Arc<Self>,
        addr: &Address,
        deadline: Instant,
        budget: &Budget,
    ) -> Result<Arc<ClientChannel>, RpcError> {
        match self.connections.open(addr) {
            Some(channel) => Ok(channel),
            // Boxed, so that calls with an open channel do not carry the size of a dial.
            None => Box::pin(self.connect(addr, deadline, budget)).await,
        }
    }

    async fn connect(
        self: &Arc<Self>,
        addr: &Address,
        deadline: Instant,
        budget: &Budget,
    ) -> Result<Arc<ClientChannel>, RpcError> {
        let dial = match self.connections.lookup(addr, Instant::now()) {
            Lookup::Open(channel) => return Ok(channel),
            Lookup::Closed => return Err(RpcError::ShutDown { addr: addr.clone() }),
            Lookup::Wait(dial) => dial,
            Lookup::Dial(ticket, dial) => {
                self.endpoint.state.tasks.spawn(run(Arc::clone(self), ticket));
                dial
            }
        };
        if let Some(pause) = dial.pauses_beyond(deadline) {
            let (left, failures) = (pause.until.saturating_duration_since(Instant::now()), pause.failures);
            let cause = Arc::new(Paused { left, failures, cause: pause.cause });
            return Err(RpcError::Connect { addr: addr.clone(), cause });
        }
        match timeout_at(deadline, dial.wait()).await {
            Ok(Some(Ok(channel))) => Ok(channel),
            Ok(Some(Err(cause))) => Err(RpcError::Connect { addr: addr.clone(), cause }),
            Ok(None) if self.endpoint.state.refuses_calls() => Err(RpcError::ShutDown { addr: addr.clone() }),
            Ok(None) => Err(RpcError::ChannelClosed {
                addr: addr.clone(),
                reason: CloseReason::local("the connection attempt was abandoned"),
                may_have_been_sent: false,
            }),
            Err(_elapsed) => Err(RpcError::Timeout {
                addr: addr.clone(),
                phase: CallPhase::Connect,
                timeout: budget.timeout(),
            }),
        }
    }

    /// Dials, and opens a channel on the connection.
    async fn dial(&self, addr: &Address, id: u64) -> Result<(Arc<ClientChannel>, ChannelDriver), Cause> {
        let limit = self.config.connect_timeout;
        let connection = self.bootstrap.connect(addr, &self.connect, limit).await.map_err(cause)?;
        let opened = self.bootstrap.open(connection).map_err(|error| Arc::new(error) as Cause)?;
        let (rpc, sink) = self.endpoint.open(opened.channel().clone());
        let channel = ClientChannel { id, addr: addr.clone(), rpc, since: Instant::now() };
        Ok((Arc::new(channel), opened.drive(sink)))
    }
}

/// Runs one connection, from the dial to its last byte.
async fn run(shared: Arc<Shared>, ticket: Ticket<Arc<ClientChannel>, Cause>) {
    let addr = ticket.address().clone();
    // Boxed, so that an established channel does not carry the size of the steps before it.
    let mut dial = Box::pin(async {
        if let Some(not_before) = ticket.not_before() {
            sleep_until(not_before).await;
        }
        shared.dial(&addr, ticket.id()).await
    });
    let dial = poll_fn(move |cx| poll_catching_panic(dial.as_mut(), cx));
    let dialled = tokio::select! {
        biased;
        () = ticket.given_up() => return,
        dialled = dial => dialled,
    };
    let (channel, driver) = match dialled.unwrap_or_else(|text| Err(Arc::new(Panicked { text }))) {
        Ok(dialled) => dialled,
        Err(error) => {
            tracing::debug!(%addr, error = %ErrorChain(&*error), "dial failed");
            return ticket.failed(Instant::now(), error);
        }
    };
    let name = channel.rpc.channel().clone();
    tracing::debug!(channel = %name, %addr, "connected");
    // From here on the table holds the channel; this task knows only its entry.
    let Some(entry) = ticket.connected(channel) else { return };
    let reason = driver.await;
    match ended_by_peer(&reason) {
        Some(cause) => entry.end(Instant::now(), cause),
        None => drop(entry),
    }
    shared.disconnected(&addr, &reason);
    match reason.by() {
        CloseInitiator::Protocol => tracing::warn!(channel = %name, %addr, %reason, "channel closed"),
        _ => tracing::debug!(channel = %name, %addr, %reason, "channel closed"),
    }
}

/// Returns the failure to record for the address of a channel that the peer ended, or `None` if this side
/// ended it.
pub(super) fn ended_by_peer(reason: &CloseReason) -> Option<Cause> {
    match reason.by() {
        CloseInitiator::Local | CloseInitiator::Idle => None,
        _ => Some(Arc::new(EndedSoon { reason: reason.clone() })),
    }
}

/// The cause of a dial in which the network or another part that the user provides panicked.
#[derive(Debug, thiserror::Error)]
#[error("the connection attempt panicked: {text}")]
struct Panicked {
    text: String,
}

/// The reason why a call fails at once if its time ends before the next dial.
#[derive(Debug, thiserror::Error)]
#[error("the last {failures} attempts failed, and the next is in {left:?}")]
struct Paused {
    left: Duration,
    failures: u32,
    #[source]
    cause: Cause,
}

#[derive(Debug, thiserror::Error)]
#[error("the channel ended soon after it was connected: {reason}")]
struct EndedSoon {
    reason: CloseReason,
}

#[derive(Debug, thiserror::Error)]
#[error("through the SOCKS5 proxy {proxy}")]
struct ThroughProxy {
    proxy: Address,
    source: SocksError,
}

#[derive(Debug, thiserror::Error)]
#[error("no connection after {timeout:?} (connect_timeout)")]
struct NoConnection {
    timeout: Duration,
    source: Option<ConnectAttempts>,
}

/// Returns the cause of a failed dial without the address, which [`RpcError::Connect`] has.
fn cause(error: ConnectError) -> Cause {
    match error {
        ConnectError::Io { source, .. } => Arc::new(source),
        ConnectError::Addresses { source, .. } => Arc::new(source),
        ConnectError::Prologue { source, .. } => Arc::new(source),
        ConnectError::Socks { proxy, source, .. } => Arc::new(ThroughProxy { proxy, source }),
        ConnectError::Timeout { timeout, attempts, .. } => {
            let source = NoConnection { timeout, source: attempts };
            Arc::new(io::Error::new(io::ErrorKind::TimedOut, source))
        }
        ConnectError::NoAddress { .. } => {
            Arc::new(io::Error::new(io::ErrorKind::NotFound, "the host name resolves to no address"))
        }
        other => Arc::new(other),
    }
}
