#[cfg(feature = "tls")]
use std::sync::Arc;
use std::time::Instant;

use remoting_transport::Address;
use remoting_transport::protocol::{MqVersion, RequestCode};
#[cfg(feature = "tls")]
use remoting_transport::tls::TlsSession;

use crate::channel::RpcChannel;
use crate::extensions::Extensions;
use crate::hook::HookContext;
use crate::request::RequestInfo;

/// The origin of a request, and the values that hooks and the request pipeline have attached to it.
#[derive(Debug, Clone)]
pub struct RequestContext {
    channel: RpcChannel,
    info: RequestInfo,
    extensions: Extensions,
}

/// The parts of a [`RequestContext`] that two registers hold.
pub(crate) type ContextParts = (RpcChannel, Extensions);

impl RequestContext {
    pub(crate) const fn new(channel: RpcChannel, info: RequestInfo) -> Self {
        Self { channel, info, extensions: Extensions::new() }
    }

    /// The inverse of [`into_parts`](Self::into_parts).
    #[inline]
    pub(super) fn from_parts((channel, extensions): ContextParts, info: RequestInfo) -> Self {
        Self { channel, info, extensions }
    }

    /// Returns what a context has besides the request's info.
    #[inline]
    pub(super) fn into_parts(self) -> ContextParts {
        (self.channel, self.extensions)
    }

    /// Returns the channel of the request. Use it to read attributes or to call the peer.
    #[must_use]
    pub const fn channel(&self) -> &RpcChannel {
        &self.channel
    }

    /// Returns the values attached to this request by before-hooks and the request pipeline. After-hooks see the same values.
    /// The context of a [`Responder`](crate::Responder) has none: move what you need into the responder's closure.
    #[must_use]
    pub const fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// Returns the extensions of this request for modification, for use in a request pipeline.
    pub const fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.extensions
    }

    pub(crate) fn hook_context(&mut self) -> HookContext<'_> {
        HookContext::new(self.channel.peer_addr(), &mut self.extensions)
    }

    /// Returns the TLS session of the connection, with its version and the client's certificate, or `None` for plaintext.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls_session(&self) -> Option<Arc<TlsSession>> {
        self.channel.channel().tls_session()
    }

    /// Returns the address of the caller.
    #[must_use]
    pub fn peer_addr(&self) -> &Address {
        self.channel.peer_addr()
    }

    /// Returns the request code.
    #[must_use]
    pub const fn request_code(&self) -> RequestCode {
        self.info.code()
    }

    /// Returns the opaque of the request.
    #[must_use]
    pub const fn opaque(&self) -> i32 {
        self.info.opaque
    }

    /// Returns the RocketMQ version of the caller, as the request states it.
    #[must_use]
    pub const fn version(&self) -> MqVersion {
        self.info.version()
    }

    /// Returns when the request arrived: the time of the poll that decoded it. The request may have waited since, for its
    /// executor or in a layer.
    #[must_use]
    pub const fn received_at(&self) -> Instant {
        self.info.latency.started_at()
    }

    /// Returns whether the request is one-way.
    #[must_use]
    pub const fn is_oneway(&self) -> bool {
        self.info.is_oneway()
    }

    /// Returns whether the caller has disconnected: see [`caller_gone`](Self::caller_gone).
    #[must_use]
    pub fn is_caller_gone(&self) -> bool {
        self.channel.is_peer_gone()
    }

    /// Waits until the caller has disconnected: its connection is closed, or it closed its side half a second ago.
    ///
    /// The future of a two-way request is dropped at this point, unless its processor
    /// [runs to its end](super::RequestProcessor::runs_to_end).
    ///
    /// # Cancellation
    ///
    /// This method is cancel safe.
    pub async fn caller_gone(&self) {
        self.channel.peer_gone().await;
    }
}
