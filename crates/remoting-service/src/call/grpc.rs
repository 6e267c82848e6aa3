//! A call over gRPC.

#[cfg(feature = "tls")]
use std::sync::Arc;

use http::Extensions;
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
    #[cfg(feature = "tls")]
    tls: Option<Arc<TlsSession>>,
}

impl ConnectionInfo {
    pub(crate) fn of(connection: &Connection) -> Self {
        Self {
            peer: connection.peer.clone(),
            local: connection.local.clone(),
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

    /// Returns the TLS session, with the certificate of the client, or `None` for plaintext.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls_session(&self) -> Option<Arc<TlsSession>> {
        self.tls.clone()
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
