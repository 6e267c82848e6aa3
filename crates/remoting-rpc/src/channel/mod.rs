//! The channel over which calls are made.

mod backlog;
mod endpoint_state;
mod limits;
mod requests;
mod responses;
mod table;

use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;

use remoting_transport::protocol::RemotingCommand;
use remoting_transport::{Address, Attributes, Channel, ChannelId, ChannelWaker, CloseReason, SendError};

pub(crate) use self::endpoint_state::EndpointState;
pub(crate) use self::limits::EndpointLimits;
pub(crate) use self::requests::RequestGuard;
use self::requests::Requests;
pub(crate) use self::table::ChannelTable;
use crate::error::RpcError;
use crate::request::RequestInfo;
use crate::response_table::ResponseTable;

/// A connection over which either side calls the other. It is cheap to clone, and does not keep the
/// connection open.
///
/// On a server, a request's [context](crate::RequestContext::channel) has it, for pushes to the client (as a
/// broker does for consumer notifications and transaction checks). On a client it is one connection to a
/// server; [`RemotingClient`](crate::RemotingClient) chooses it by address.
///
/// | Java | here |
/// |---|---|
/// | `invokeSync` | [`invoke`](Self::invoke), awaited |
/// | `invokeAsync` | [`invoke`](Self::invoke), spawned or joined; or [`invoke_with_callback`](Self::invoke_with_callback) |
/// | `invokeOneway` | [`invoke_oneway`](Self::invoke_oneway) |
/// | `NettyRemotingAbstract.writeResponse` | the [`Responder`](crate::Responder) of [`Reply::later`](crate::Reply::later) |
#[derive(Clone)]
pub struct RpcChannel {
    inner: Arc<Inner>,
}

struct Inner {
    channel: Channel,
    waker: ChannelWaker,
    table: ResponseTable,
    endpoint: Arc<EndpointState>,
    requests: Requests,
}

impl RpcChannel {
    pub(crate) fn new(channel: Channel, endpoint: Arc<EndpointState>) -> Self {
        let table = ResponseTable::new(tokio::time::Instant::now().into_std());
        Self {
            inner: Arc::new(Inner {
                waker: channel.waker(),
                channel,
                table,
                endpoint,
                requests: Requests::default(),
            }),
        }
    }

    /// Returns the ID of the channel, unique in this process.
    #[must_use]
    pub fn id(&self) -> ChannelId {
        self.inner.channel.id()
    }

    /// Returns the address of the peer.
    #[must_use]
    pub fn peer_addr(&self) -> &Address {
        self.inner.channel.peer_addr()
    }

    /// Returns the address of this side.
    #[must_use]
    pub fn local_addr(&self) -> &Address {
        self.inner.channel.local_addr()
    }

    /// Returns the attributes that handlers and users attached to this channel.
    #[must_use]
    pub fn attributes(&self) -> &Attributes {
        self.inner.channel.attributes()
    }

    /// Returns the underlying channel, as handlers see it.
    #[must_use]
    pub fn channel(&self) -> &Channel {
        &self.inner.channel
    }

    /// Returns whether the channel has not ended.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.inner.channel.is_open()
    }

    /// Returns how many calls over this channel wait for capacity or for their response.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.inner.table.in_flight()
    }

    /// Waits until no call over this channel waits for its response, and no request of the peer is in flight.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe. If several tasks wait, only the last one is woken.
    pub(crate) async fn unused(&self) {
        poll_fn(|cx| self.inner.table.poll_unused(cx.waker(), || self.inner.requests.watch() > 0)).await;
    }

    /// Closes the channel after writing its queue, within the close time-out. Pending calls fail at once with
    /// [`RpcError::ChannelClosed`] and this reason. The first reason wins; later calls do nothing.
    pub fn close(&self, reason: CloseReason) {
        self.inner.table.close(&reason);
        self.inner.channel.close(reason);
    }

    /// Waits until the channel has ended, and returns the reason.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe.
    pub async fn closed(&self) -> CloseReason {
        self.inner.channel.closed().await
    }

    /// Returns whether the peer is gone. See [`peer_gone`](Self::peer_gone).
    #[must_use]
    pub fn is_peer_gone(&self) -> bool {
        self.inner.requests.caller_is_gone()
    }

    /// Waits until the peer is gone: the connection has ended, or the peer closed its side half a second ago.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe.
    pub async fn peer_gone(&self) {
        self.inner.requests.caller_gone().await;
    }

    pub(crate) fn mark_peer_gone(&self) {
        self.inner.requests.mark_caller_gone(self.endpoint());
    }

    /// Queues a command unchanged.
    pub(crate) async fn send(&self, command: RemotingCommand) -> Result<(), RpcError> {
        self.inner.channel.send(command).await.map_err(|SendError { peer, reason, .. }| {
            RpcError::ChannelClosed { addr: peer, reason, may_have_been_sent: false }
        })
    }

    pub(crate) fn closed_under_call(&self, reason: CloseReason, may_have_been_sent: bool) -> RpcError {
        RpcError::ChannelClosed { addr: self.peer_addr().clone(), reason, may_have_been_sent }
    }

    pub(crate) fn endpoint(&self) -> &Arc<EndpointState> {
        &self.inner.endpoint
    }

    pub(crate) fn table(&self) -> &ResponseTable {
        &self.inner.table
    }

    /// Returns how many requests of the peer are in flight: handed to a task, a thread or a responder, and
    /// not answered yet.
    #[must_use]
    pub fn requests_in_flight(&self) -> usize {
        self.inner.requests.count()
    }

    /// Returns whether one more request may be in flight. If not, the channel's task is woken when that
    /// changes.
    #[inline]
    pub(crate) fn takes_requests(&self) -> bool {
        self.inner.requests.takes_one_more(self.endpoint())
    }

    /// Makes the channel's task check whether the endpoint still takes requests.
    pub(crate) fn stop_requests(&self) {
        self.inner.requests.mark_full();
    }

    /// Counts a request as in flight until the returned guard is dropped.
    pub(crate) fn request_guard(&self, info: &RequestInfo) -> RequestGuard {
        RequestGuard::new(self.clone(), info.content_len())
    }
}

impl fmt::Debug for RpcChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RpcChannel")
            .field("id", &self.id())
            .field("peer", self.peer_addr())
            .field("in_flight", &self.in_flight())
            .finish_non_exhaustive()
    }
}
