#[cfg(feature = "tls")]
use std::sync::Arc;

use remoting_transport::Address;
use remoting_transport::protocol::{MqVersion, RequestCode};
#[cfg(feature = "tls")]
use remoting_transport::tls::TlsSession;

use crate::channel::RpcChannel;
use crate::extensions::Extensions;
use crate::hook::HookContext;
use crate::request::RequestInfo;

/// Where a request came from, and what hooks and the request pipeline have found out about it.
#[derive(Debug, Clone)]
pub struct RequestContext {
    channel: RpcChannel,
    info: RequestInfo,
    extensions: Extensions,
}

impl RequestContext {
    pub(crate) const fn new(channel: RpcChannel, info: RequestInfo) -> Self {
        Self { channel, info, extensions: Extensions::new() }
    }

    pub(crate) const fn info(&self) -> RequestInfo {
        self.info
    }

    /// The channel of the request: to keep it, to read its attributes or to call the peer.
    #[must_use]
    pub const fn channel(&self) -> &RpcChannel {
        &self.channel
    }

    /// Returns what the before-hooks and the request pipeline have found out about this request. The after-hooks see the
    /// same. The context of a [`Responder`](crate::Responder) has none: the processor moves what it needs to where it
    /// answers.
    #[must_use]
    pub const fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// Returns the extensions of this request, for the request pipeline to add to them.
    pub const fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.extensions
    }

    pub(crate) fn hook_context(&mut self) -> HookContext<'_> {
        HookContext::new(self.channel.peer_addr(), &mut self.extensions)
    }

    /// Returns the TLS session of the connection: its version, the client's certificate. `None` over plaintext.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls_session(&self) -> Option<Arc<TlsSession>> {
        self.channel.channel().tls_session()
    }

    /// The caller's address.
    #[must_use]
    pub fn peer_addr(&self) -> &Address {
        self.channel.peer_addr()
    }

    /// The code of the request.
    #[must_use]
    pub const fn request_code(&self) -> RequestCode {
        self.info.code()
    }

    /// The number by which the peer knows its request.
    #[must_use]
    pub const fn opaque(&self) -> i32 {
        self.info.opaque
    }

    /// The RocketMQ version of the peer, as the request states it.
    #[must_use]
    pub const fn version(&self) -> MqVersion {
        self.info.version()
    }

    /// Whether the peer expects no answer.
    #[must_use]
    pub const fn is_oneway(&self) -> bool {
        self.info.is_oneway()
    }

    /// Whether the caller is gone, so that no response can reach it: see [`caller_gone`](Self::caller_gone).
    #[must_use]
    pub fn is_caller_gone(&self) -> bool {
        self.channel.is_peer_gone()
    }

    /// Waits until the caller is gone: its connection has ended, or it has closed its side of it half a second ago.
    ///
    /// The future of a request that is to be answered is dropped then by itself, unless its processor
    /// [runs to its end](super::RequestProcessor::runs_to_end).
    ///
    /// # Cancellation
    ///
    /// Nothing is lost by dropping the future.
    pub async fn caller_gone(&self) {
        self.channel.peer_gone().await;
    }
}
