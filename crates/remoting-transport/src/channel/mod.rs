//! The handle of a channel.

mod close;
mod error;
mod id;
mod options;
pub(crate) mod outbound;
mod waker;

use std::{
    collections::VecDeque,
    fmt,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use remoting_protocol::RemotingCommand;

pub(crate) use self::outbound::queued_size;
use self::outbound::{Outbound, Rejected};
pub use self::{
    close::{CloseInitiator, CloseReason},
    error::{ChannelError, SendError, TrySendError},
    id::ChannelId,
    options::{ChannelOptions, OptionsError, WaterMark},
    waker::ChannelWaker,
};
use crate::{
    address::Address,
    connection::{Attributes, Connection},
    stream::Stream,
};

/// The handle of a connection. Cloning is cheap.
///
/// A handle only enqueues commands. The task of the channel reads, writes and runs the pipeline. A handle does not keep
/// the connection open: when that task ends, every handle reports the channel as closed.
#[derive(Clone)]
pub struct Channel {
    inner: Arc<Inner>,
}

struct Inner {
    id: ChannelId,
    local: Address,
    peer: Address,
    socket_peer: Address,
    attributes: Attributes,
    outbound: Outbound,
    end: OnceLock<CloseReason>,
    peer_closed: AtomicBool,
    flushed: AtomicBool,
}

impl Channel {
    /// Creates the handle for `connection`, and returns the stream for its driver.
    pub(crate) fn new(connection: Connection, water_mark: WaterMark) -> (Self, Stream) {
        let socket_peer = connection.socket_peer().clone();
        let Connection { stream, local, peer, attributes, .. } = connection;
        let channel = Self {
            inner: Arc::new(Inner {
                id: ChannelId::next(),
                local,
                peer,
                socket_peer,
                attributes,
                outbound: Outbound::new(water_mark),
                end: OnceLock::new(),
                peer_closed: AtomicBool::new(false),
                flushed: AtomicBool::new(false),
            }),
        };
        (channel, stream)
    }

    /// Returns the number of the channel, unique in this process.
    #[must_use]
    pub fn id(&self) -> ChannelId {
        self.inner.id
    }

    /// Returns the address of this side.
    #[must_use]
    pub fn local_addr(&self) -> &Address {
        &self.inner.local
    }

    /// Returns the address of the peer. This is the address of the original client if a trusted proxy reported it.
    #[must_use]
    pub fn peer_addr(&self) -> &Address {
        &self.inner.peer
    }

    /// Returns the peer address of the socket, which may be that of a proxy.
    #[must_use]
    pub fn socket_peer_addr(&self) -> &Address {
        &self.inner.socket_peer
    }

    /// Returns the attributes of the channel.
    #[must_use]
    pub fn attributes(&self) -> &Attributes {
        &self.inner.attributes
    }

    /// Returns whether the channel is open. A closing channel is open until its last byte is written.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.inner.end.get().is_none()
    }

    /// Returns whether the peer has closed its side, and all its bytes were read.
    ///
    /// A channel that closes in an orderly way closes its own side and then keeps reading for up to half a second. If
    /// this is false after the task of the channel has ended, the peer did not confirm the close, and may not have read
    /// all bytes.
    #[must_use]
    pub fn is_peer_closed(&self) -> bool {
        self.inner.peer_closed.load(Ordering::Acquire)
    }

    /// Returns whether the channel is writable: the pending bytes are within the water marks. They include the bytes that
    /// handlers and sink write, for which [`try_send`](Self::try_send) and [`send`](Self::send) do not wait.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        self.inner.outbound.is_writable()
    }

    /// Returns the estimated number of pending bytes: bytes that wait to be written.
    #[must_use]
    pub fn pending_bytes(&self) -> usize {
        self.inner.outbound.pending_bytes()
    }

    /// Queues a command, if the queue has capacity for it. A command that is queued but never written is returned to the
    /// sink by [`InboundSink::unsent`](crate::InboundSink::unsent).
    ///
    /// The capacity is the high water mark. Commands that were queued take it until they are written. Bytes that handlers
    /// and sink write take none of it.
    ///
    /// # Errors
    /// Returns [`TrySendError::Full`] if the capacity is too small. Returns [`TrySendError::Closed`] if the channel is
    /// closed, or if it is closing and the command is a request. A closing channel accepts responses.
    pub fn try_send(&self, command: RemotingCommand) -> Result<(), TrySendError> {
        self.inner.outbound.try_push(command).map_err(|Rejected { closed, command }| {
            let peer = self.inner.peer.clone();
            if closed {
                TrySendError::Closed { peer, reason: self.reason(), command }
            } else {
                TrySendError::Full { peer, command }
            }
        })
    }

    /// Waits until the queue has capacity for a command, then queues it. Waiting senders are served in order. The capacity
    /// is that of [`try_send`](Self::try_send).
    ///
    /// `Ok` means queued, not written. If the channel is closed before the command is written, the command is returned to
    /// the sink by [`InboundSink::unsent`](crate::InboundSink::unsent).
    ///
    /// # Cancel safety
    /// A dropped future has queued nothing, and loses its place among the waiting senders.
    ///
    /// # Errors
    /// Returns [`SendError`] if the channel is closed first, or if it is closing and the command is a request.
    pub async fn send(&self, command: RemotingCommand) -> Result<(), SendError> {
        self.inner.outbound.push_when_writable(command).await.map_err(|Rejected { command, .. }| SendError {
            peer: self.inner.peer.clone(),
            reason: self.reason(),
            command,
        })
    }

    /// Waits until the channel is [writable](Self::is_writable). All waiting callers are woken together, in the order in
    /// which they began to wait.
    ///
    /// It reserves no capacity: another sender may be first.
    ///
    /// # Cancel safety
    /// This method is cancel safe. It may be called again.
    ///
    /// # Errors
    /// Returns the reason of the close if the channel is closed first.
    pub async fn writable(&self) -> Result<(), CloseReason> {
        if self.is_writable() || self.inner.outbound.writable().await { Ok(()) } else { Err(self.reason()) }
    }

    /// Starts to close the channel. The channel stops reading, writes its queue within
    /// [`ChannelOptions::close_timeout`](crate::ChannelOptions::close_timeout), and closes.
    ///
    /// The first reason counts, and later calls do nothing. From this call on, requests are rejected. Responses are
    /// accepted until the channel is closed.
    pub fn close(&self, reason: CloseReason) {
        self.inner.outbound.request_close(reason);
    }

    /// Closes the channel at once. Queued commands are not written, and waiting senders fail before this returns.
    ///
    /// The first reason counts: a channel that is already closing keeps its reason, and does not finish its queue.
    pub fn abort(&self, reason: CloseReason) {
        self.inner.outbound.request_abort(reason);
    }

    /// Returns the reason of the close, once the channel is closed.
    #[must_use]
    pub fn close_reason(&self) -> Option<CloseReason> {
        self.inner.end.get().cloned()
    }

    /// Waits until the channel is closed and returns the reason.
    ///
    /// # Cancel safety
    /// This method is cancel safe. It may be called again.
    pub async fn closed(&self) -> CloseReason {
        loop {
            let changed = self.inner.outbound.changed();
            if let Some(reason) = self.inner.end.get() {
                return reason.clone();
            }
            changed.await;
        }
    }

    /// Returns a waker of the channel's task.
    #[must_use]
    pub fn waker(&self) -> ChannelWaker {
        ChannelWaker::of(self)
    }

    /// Returns whether the queue holds commands, or a request to close. Takes no lock.
    #[inline]
    pub(crate) fn has_queued(&self) -> bool {
        self.outbound().is_dirty()
    }

    pub(crate) fn outbound(&self) -> &Outbound {
        &self.inner.outbound
    }

    /// Marks the channel as closed: nothing can be queued any more, and all waiters are notified. Returns the queued
    /// commands.
    pub(crate) fn mark_closed(&self, reason: CloseReason) -> VecDeque<RemotingCommand> {
        // The reason first: a sender that the queue rejects reads it.
        let _first = self.inner.end.set(reason);
        self.inner.outbound.shut()
    }

    /// Returns whether the channel is closed and had written all queued commands.
    #[must_use]
    pub fn is_flushed(&self) -> bool {
        self.inner.flushed.load(Ordering::Acquire)
    }

    pub(crate) fn mark_flushed(&self) {
        self.inner.flushed.store(true, Ordering::Release);
    }

    pub(crate) fn mark_peer_closed(&self) {
        self.inner.peer_closed.store(true, Ordering::Release);
    }

    fn reason(&self) -> CloseReason {
        let reason = self.close_reason().or_else(|| self.inner.outbound.reason());
        reason.unwrap_or(CloseReason::local("closing"))
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channel")
            .field("id", &self.inner.id)
            .field("local", &self.inner.local)
            .field("peer", &self.inner.peer)
            .field("end", &self.inner.end.get())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Channel {
    /// Formats as `#7 127.0.0.1:9876 - 127.0.0.1:51234`: the number, the local address, the peer address.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} - {}", self.inner.id, self.inner.local, self.inner.peer)
    }
}
