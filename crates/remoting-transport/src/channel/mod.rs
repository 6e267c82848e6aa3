//! The handle of a channel: what other tasks hold of a connection.

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
use tokio::sync::Notify;

pub(crate) use self::outbound::queued_size;
use self::outbound::{Outbound, Refused};
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

/// A connection, as other tasks see it: cheap to clone, and all it does is to enqueue.
///
/// One task, the channel's own, reads, writes and runs the pipeline. A handle does not keep the connection
/// open: when that task ends, each handle reports it closed.
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
    ended: Notify,
    peer_closed: AtomicBool,
    flushed: AtomicBool,
}

impl Channel {
    /// The handle of what becomes of `connection`, and the stream for its driver.
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
                ended: Notify::new(),
                peer_closed: AtomicBool::new(false),
                flushed: AtomicBool::new(false),
            }),
        };
        (channel, stream)
    }

    /// The channel's number, unique in this process.
    pub fn id(&self) -> ChannelId {
        self.inner.id
    }

    /// This side's address.
    pub fn local_addr(&self) -> &Address {
        &self.inner.local
    }

    /// The other side's address: the original client's, if a proxy in between was believed to report it.
    pub fn peer_addr(&self) -> &Address {
        &self.inner.peer
    }

    /// The address at the other end of the socket itself, be it that of a proxy.
    pub fn socket_peer_addr(&self) -> &Address {
        &self.inner.socket_peer
    }

    /// What handlers and users hung on this channel.
    pub fn attributes(&self) -> &Attributes {
        &self.inner.attributes
    }

    /// Whether the channel has not ended. One that is closing is open until its last byte is written.
    pub fn is_open(&self) -> bool {
        self.inner.end.get().is_none()
    }

    /// Whether the end of what the peer sends has been read: the peer has closed its side.
    ///
    /// A channel that ends in an orderly way closes its own side and then reads on for up to half a second. If this is
    /// false once its task has ended, the peer did not confirm the end, and may not have read all that was written.
    pub fn is_peer_closed(&self) -> bool {
        self.inner.peer_closed.load(Ordering::Acquire)
    }

    /// Whether a command could be queued now: fewer bytes wait than the water marks allow.
    pub fn is_writable(&self) -> bool {
        self.inner.outbound.is_writable()
    }

    /// Bytes that wait to be written, by estimate.
    pub fn pending_bytes(&self) -> usize {
        self.inner.outbound.pending_bytes()
    }

    /// Queues a command, if there is room. What becomes of a command that is queued and never written is told by
    /// [`InboundSink::unsent`](crate::InboundSink::unsent).
    ///
    /// # Errors
    /// [`TrySendError::Full`] above the high water mark, [`TrySendError::Closed`] when the channel has ended, or is
    /// closing and the command is a request.
    pub fn try_send(&self, command: RemotingCommand) -> Result<(), TrySendError> {
        self.inner.outbound.try_push(command).map_err(|Refused { closed, command }| {
            let peer = self.inner.peer.clone();
            if closed {
                TrySendError::Closed { peer, reason: self.end(), command }
            } else {
                TrySendError::Full { peer, command }
            }
        })
    }

    /// Queues a command, waiting for room as long as the peer is slow. Senders are served in order.
    ///
    /// `Ok` means queued: a channel that ends before the command is written tells
    /// [`InboundSink::unsent`](crate::InboundSink::unsent).
    ///
    /// # Cancellation
    /// A dropped future has queued nothing.
    ///
    /// # Errors
    /// When the channel ends first, or is closing and the command is a request.
    pub async fn send(&self, command: RemotingCommand) -> Result<(), SendError> {
        self.inner.outbound.push_when_room(command).await.map_err(|Refused { command, .. }| SendError {
            peer: self.inner.peer.clone(),
            reason: self.end(),
            command,
        })
    }

    /// Asks the channel to end: it reads no more, writes what is queued within
    /// [`ChannelOptions::close_timeout`](crate::ChannelOptions::close_timeout), and closes. The first reason
    /// counts; later calls do nothing. From the call on, requests are refused; responses are taken until the end.
    pub fn close(&self, reason: CloseReason) {
        self.inner.outbound.request_close(reason);
    }

    /// Ends the channel at once: nothing that waits is written, and waiting senders fail before this returns. The first
    /// reason counts: a channel that is closing already keeps its reason, and does not finish closing.
    pub fn abort(&self, reason: CloseReason) {
        self.inner.outbound.request_abort(reason);
    }

    /// Why the channel ended, once it has.
    pub fn close_reason(&self) -> Option<CloseReason> {
        self.inner.end.get().cloned()
    }

    /// Waits for the end of the channel and tells its reason.
    ///
    /// # Cancellation
    /// Dropping this future changes nothing; it may be called again.
    pub async fn closed(&self) -> CloseReason {
        loop {
            let ended = self.inner.ended.notified();
            if let Some(reason) = self.inner.end.get() {
                return reason.clone();
            }
            ended.await;
        }
    }

    /// What wakes the channel's task.
    pub fn waker(&self) -> ChannelWaker {
        ChannelWaker::of(self)
    }

    pub(crate) fn outbound(&self) -> &Outbound {
        &self.inner.outbound
    }

    /// Marks the end, once: nothing can be queued any more, and everyone who waits is told. Returns what was queued.
    pub(crate) fn mark_closed(&self, reason: CloseReason) -> VecDeque<RemotingCommand> {
        // The reason first: whoever is refused by the queue looks for it.
        let first = self.inner.end.set(reason).is_ok();
        let unsent = self.inner.outbound.shut();
        if first {
            self.inner.ended.notify_waiters();
        }
        unsent
    }

    /// Whether the channel has ended with everything written that had been queued.
    pub fn is_flushed(&self) -> bool {
        self.inner.flushed.load(Ordering::Acquire)
    }

    pub(crate) fn mark_flushed(&self) {
        self.inner.flushed.store(true, Ordering::Release);
    }

    pub(crate) fn mark_peer_closed(&self) {
        self.inner.peer_closed.store(true, Ordering::Release);
    }

    fn end(&self) -> CloseReason {
        let end = self.close_reason().or_else(|| self.inner.outbound.reason());
        end.unwrap_or(CloseReason::local("closing"))
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
    /// `#7 127.0.0.1:9876 - 127.0.0.1:51234`: the number, this side, the peer.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} - {}", self.inner.id, self.inner.local, self.inner.peer)
    }
}
