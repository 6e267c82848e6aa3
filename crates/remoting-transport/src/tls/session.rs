//! The result of a TLS handshake.

use std::sync::Arc;

use rustls::{CommonState, pki_types::CertificateDer};

use super::{
    algorithms::{suite_name, version_name},
    certificate::PeerCertificate,
};
use crate::{
    channel::Channel,
    connection::{AttributeKey, Connection},
};

/// The attribute of an encrypted connection.
pub(super) const TLS_SESSION: AttributeKey<TlsSession> = AttributeKey::new("tlsSession");

/// The result of a TLS handshake: the negotiated parameters and the peer's certificates.
///
/// Returned by [`Channel::tls_session`] and, for a prologue step after TLS, by [`Connection::tls_session`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsSession {
    version: &'static str,
    cipher_suite: &'static str,
    alpn: Option<Box<[u8]>>,
    server_name: Option<Box<str>>,
    peer_certificates: Box<[PeerCertificate]>,
}

impl TlsSession {
    pub(super) fn new(state: &CommonState, server_name: Option<&str>) -> Self {
        let certificates: &[CertificateDer<'_>] = state.peer_certificates().unwrap_or_default();
        Self {
            version: state.protocol_version().map_or("unknown", version_name),
            cipher_suite: state
                .negotiated_cipher_suite()
                .map_or("unknown", |suite| suite_name(suite.suite())),
            alpn: state.alpn_protocol().map(Into::into),
            server_name: server_name.map(Into::into),
            peer_certificates: certificates.iter().map(|der| PeerCertificate::new(der)).collect(),
        }
    }

    /// Returns the protocol version by its JDK name, `TLSv1.2` or `TLSv1.3`.
    #[must_use]
    pub fn version(&self) -> &'static str {
        self.version
    }

    /// Returns the cipher suite by its IANA and JDK name, such as `TLS_AES_128_GCM_SHA256`.
    #[must_use]
    pub fn cipher_suite(&self) -> &'static str {
        self.cipher_suite
    }

    /// Returns the negotiated application protocol (ALPN), if any.
    #[must_use]
    pub fn alpn(&self) -> Option<&[u8]> {
        self.alpn.as_deref()
    }

    /// Returns the host name that the client requested: on a server the name it sent (SNI), on a client the
    /// name that was verified.
    #[must_use]
    pub fn server_name(&self) -> Option<&str> {
        self.server_name.as_deref()
    }

    /// Returns the peer's certificate, if it sent one. It was verified, unless the configuration accepts any
    /// certificate.
    #[must_use]
    pub fn peer_certificate(&self) -> Option<&PeerCertificate> {
        self.peer_certificates.first()
    }

    /// Returns the peer's certificate chain, its own certificate first. Empty for a client without a
    /// certificate.
    #[must_use]
    pub fn peer_certificates(&self) -> &[PeerCertificate] {
        &self.peer_certificates
    }
}

impl Channel {
    /// Returns the result of this channel's TLS handshake; `None` if the channel is plaintext.
    #[must_use]
    pub fn tls_session(&self) -> Option<Arc<TlsSession>> {
        self.attributes().get(&TLS_SESSION)
    }
}

impl Connection {
    /// Returns the result of the TLS handshake; `None` if no TLS step has run.
    #[must_use]
    pub fn tls_session(&self) -> Option<Arc<TlsSession>> {
        self.attributes.get(&TLS_SESSION)
    }
}
