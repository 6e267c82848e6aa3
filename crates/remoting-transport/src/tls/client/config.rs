//! What a client is told about TLS.

use crate::tls::{
    error::TlsError,
    handshake::{HandshakeConfig, handshake_setters},
    identity::TlsIdentity,
    roots::TrustRoots,
};

/// How a client uses TLS. To be given to [`ClientTls::new`](super::ClientTls::new).
///
/// The server's certificate must be signed by someone who is trusted and be made out for the host that is dialled.
/// All connections use TLS; there is no fallback.
///
/// ```
/// use remoting_transport::tls::{ClientTlsConfig, TlsIdentity, TrustRoots};
///
/// let config = ClientTlsConfig::new(TrustRoots::file("ca.pem"))
///     .identity(TlsIdentity::files("client.pem", "client.key").password("1234"));
/// ```
#[derive(Debug, Clone)]
pub struct ClientTlsConfig {
    pub(super) servers: Servers,
    pub(super) identity: Option<TlsIdentity>,
    pub(super) server_name: Option<String>,
    pub(super) handshake: HandshakeConfig,
}

/// What is demanded of a server's certificate.
#[derive(Debug, Clone)]
pub(super) enum Servers {
    Verified { roots: TrustRoots, host_name: bool },
    AnyCertificate,
}

impl ClientTlsConfig {
    /// Servers must prove who they are to those who trust `roots`.
    pub fn new(roots: TrustRoots) -> Self {
        Self::with_servers(Servers::Verified { roots, host_name: true })
    }

    /// **Dangerous, for tests only**: any certificate is accepted, so anyone on the way can be the server, read
    /// all and answer. Java: `tls.client.authServer=false`, its default.
    pub fn danger_accept_any_certificate() -> Self {
        Self::with_servers(Servers::AnyCertificate)
    }

    fn with_servers(servers: Servers) -> Self {
        Self { servers, identity: None, server_name: None, handshake: HandshakeConfig::default() }
    }

    /// **Dangerous**: the certificate must be signed by someone trusted, but may be made out for any host. So
    /// whoever has such a certificate can be any server. Java checks host names never.
    #[must_use]
    pub fn danger_skip_host_name(mut self) -> Self {
        if let Servers::Verified { host_name, .. } = &mut self.servers {
            *host_name = false;
        }
        self
    }

    /// The certificate to show to servers that ask for one. Default: none.
    #[must_use]
    pub fn identity(mut self, identity: TlsIdentity) -> Self {
        self.identity = Some(identity);
        self
    }

    /// The host name, or address, that certificates must be made out for, whatever is dialled. Default: the host
    /// that is dialled. An address that has no host (a Unix-domain socket) needs it.
    #[must_use]
    pub fn server_name(mut self, name: impl Into<String>) -> Self {
        self.server_name = Some(name.into());
        self
    }

    pub(super) fn check(&self) -> Result<(), TlsError> {
        self.handshake.check()
    }
}

handshake_setters!(ClientTlsConfig);
