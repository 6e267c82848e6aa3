//! What a handshake agreed on, and who the peer proved to be.

use rustls::{CommonState, pki_types::CertificateDer};

use super::{
    algorithms::{suite_name, version_name},
    certificate::PeerCertificate,
};
use crate::{channel::Channel, connection::AttributeKey};
use std::sync::Arc;

/// The attribute that an encrypted channel has from its first moment on.
pub const TLS_SESSION: AttributeKey<TlsSession> = AttributeKey::new("tlsSession");

/// What a handshake agreed on, and who the peer proved to be.
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

    /// `TLSv1.2` or `TLSv1.3`, as the JDK calls them.
    pub fn version(&self) -> &'static str {
        self.version
    }

    /// The cipher suite, as IANA and the JDK call it, such as `TLS_AES_128_GCM_SHA256`.
    pub fn cipher_suite(&self) -> &'static str {
        self.cipher_suite
    }

    /// The application protocol that both sides know (ALPN), if either named any.
    pub fn alpn(&self) -> Option<&[u8]> {
        self.alpn.as_deref()
    }

    /// The host name that the client asked for: what it sent (SNI) on a server, what was verified on a client.
    pub fn server_name(&self) -> Option<&str> {
        self.server_name.as_deref()
    }

    /// The peer's certificate, if it sent one. It was verified, unless the configuration says that any is accepted.
    pub fn peer_certificate(&self) -> Option<&PeerCertificate> {
        self.peer_certificates.first()
    }

    /// The chain that the peer sent, its own certificate first. Empty for a client without a certificate.
    pub fn peer_certificates(&self) -> &[PeerCertificate] {
        &self.peer_certificates
    }
}

impl Channel {
    /// What the TLS handshake of this channel agreed on, and who the peer proved to be. `None`: it is plaintext.
    pub fn tls_session(&self) -> Option<Arc<TlsSession>> {
        self.attributes().get(&TLS_SESSION)
    }
}
