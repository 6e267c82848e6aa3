//! A call over gRPC.

#[cfg(feature = "tls")]
use std::sync::Arc;

use http::{Extensions, Uri};
use remoting_rpc::ERRORS_WITHHELD;
#[cfg(feature = "tls")]
use remoting_rpc::transport::tls::TlsSession;
use remoting_rpc::transport::{Address, Connection};
use tokio::time::Instant;
use tonic::metadata::MetadataMap;

use super::{Call, Origin};
use crate::metadata::Metadata;

/// The connection of a gRPC request that came to a [`Grpc`](crate::grpc::Grpc) port. It is among the extensions of the
/// request, for interceptors, tower layers and streaming methods; other methods have [`Call`].
#[derive(Debug, Clone)]
pub struct ConnectionInfo {
    peer: Address,
    local: Address,
    withholds_errors: bool,
    #[cfg(feature = "tls")]
    tls: Option<Arc<TlsSession>>,
}

impl ConnectionInfo {
    pub(crate) fn of(connection: &Connection) -> Self {
        Self {
            peer: connection.peer.clone(),
            local: connection.local.clone(),
            withholds_errors: connection.attributes.get(&ERRORS_WITHHELD).is_some_and(|withheld| *withheld),
            #[cfg(feature = "tls")]
            tls: connection.tls_session(),
        }
    }

    /// Returns the address of the caller, behind a proxy the address that its PROXY header reports.
    #[must_use]
    pub const fn peer_addr(&self) -> &Address {
        &self.peer
    }

    /// Returns the address of this side.
    #[must_use]
    pub const fn local_addr(&self) -> &Address {
        &self.local
    }

    /// Returns whether callers do not get the texts of panics.
    pub(crate) const fn withholds_errors(&self) -> bool {
        self.withholds_errors
    }

    /// Returns the TLS session, with the certificate of the client, or `None` for plaintext.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls_session(&self) -> Option<Arc<TlsSession>> {
        self.tls.clone()
    }
}

/// The head of a gRPC request. It is among the extensions of the request.
#[derive(Debug, Clone)]
pub(crate) struct RequestHead {
    uri: Uri,
    received_at: Instant,
}

impl RequestHead {
    /// Returns the head of a request that has arrived before, or arrives now.
    pub(crate) fn of<B>(request: &mut http::Request<B>) -> &Self {
        let uri = request.uri().clone();
        let arrives = || Self { uri, received_at: Instant::now() };
        request.extensions_mut().get_or_insert_with(arrives)
    }

    pub(crate) fn path(&self) -> &str {
        self.uri.path()
    }

    pub(crate) const fn received_at(&self) -> Instant {
        self.received_at
    }
}

/// What a gRPC request brings beside its message.
pub(super) struct GrpcCall {
    metadata: MetadataMap,
    extensions: Extensions,
}

impl Call {
    /// Creates the call of a gRPC request.
    pub(crate) fn over_grpc(
        metadata: MetadataMap,
        extensions: Extensions,
        deadline: Option<Instant>,
    ) -> Self {
        Self::new(Origin::Grpc(Box::new(GrpcCall { metadata, extensions })), deadline)
    }

    /// Returns the extensions of a gRPC request.
    pub(crate) fn grpc_extensions(&self) -> Option<&Extensions> {
        match &self.origin {
            Origin::Grpc(call) => Some(&call.extensions),
            _ => None,
        }
    }
}

impl GrpcCall {
    pub(super) fn peer_addr(&self) -> Option<&Address> {
        self.extension().map(ConnectionInfo::peer_addr)
    }

    #[cfg(feature = "tls")]
    pub(super) fn tls_session(&self) -> Option<Arc<TlsSession>> {
        self.extension().and_then(ConnectionInfo::tls_session)
    }

    pub(super) fn metadata(&self) -> Metadata {
        Metadata::of_map(&self.metadata)
    }

    pub(super) fn extension<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.extensions.get()
    }
}
