//! The TLS configuration of a client.

use crate::tls::{
    error::TlsError,
    handshake::{HandshakeConfig, handshake_setters},
    identity::TlsIdentity,
    roots::TrustRoots,
};

/// The TLS configuration of a client, for [`ClientTls::new`](super::ClientTls::new).
///
/// The server's certificate must be signed by one of the trust roots and contain the dialled host name or IP
/// address. All connections use TLS; there is no fallback to plaintext.
///
/// ```
/// use remoting_transport::tls::{ClientTlsConfig, TlsIdentity, TrustRoots};
///
/// let config = ClientTlsConfig::new(TrustRoots::file("ca.pem"))
///     .identity(TlsIdentity::files("client.pem", "client.key").password("1234"));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct ClientTlsConfig {
    pub(super) servers: Servers,
    pub(super) identity: Option<TlsIdentity>,
    pub(super) server_name: Option<String>,
    pub(super) handshake: HandshakeConfig,
}

/// The requirements for a server's certificate.
#[derive(Debug, Clone)]
pub(super) enum Servers {
    Verified { roots: TrustRoots, host_name: bool },
    AnyCertificate,
}

impl ClientTlsConfig {
    /// Creates a configuration that accepts servers whose certificate is signed by one of `roots` and
    /// contains the dialled host.
    pub fn new(roots: TrustRoots) -> Self {
        Self::with_servers(Servers::Verified { roots, host_name: true })
    }

    /// **Dangerous, for tests only**: creates a configuration that accepts any certificate. Anyone on the
    /// path can impersonate the server, read all requests and answer them. Java:
    /// `tls.client.authServer=false`, its default.
    pub fn danger_accept_any_certificate() -> Self {
        Self::with_servers(Servers::AnyCertificate)
    }

    fn with_servers(servers: Servers) -> Self {
        Self { servers, identity: None, server_name: None, handshake: HandshakeConfig::default() }
    }

    /// **Dangerous**: accepts certificates for any host if a trust root has signed them. The owner of one
    /// such certificate can impersonate any server. Java never checks host names.
    pub fn danger_skip_host_name(mut self) -> Self {
        if let Servers::Verified { host_name, .. } = &mut self.servers {
            *host_name = false;
        }
        self
    }

    /// Sets the certificate for servers that request one. Default: none.
    pub fn identity(mut self, identity: TlsIdentity) -> Self {
        self.identity = Some(identity);
        self
    }

    /// Sets the host name or IP address that certificates must contain, whatever address is dialled. Default:
    /// the host of the dialled address. Required for addresses without a host, such as Unix-domain sockets.
    pub fn server_name(mut self, name: impl Into<String>) -> Self {
        self.server_name = Some(name.into());
        self
    }

    pub(super) fn check(&self) -> Result<(), TlsError> {
        self.handshake.check()
    }
}

handshake_setters!(ClientTlsConfig);
