//! What a client is told about TLS.

use std::time::Duration;

use crate::tls::{algorithms::Algorithms, error::TlsError, identity::TlsIdentity, roots::TrustRoots};

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
    pub(super) algorithms: Algorithms,
    pub(super) alpn: Vec<Vec<u8>>,
    pub(super) resumption: bool,
    pub(super) handshake_timeout: Duration,
    pub(super) watch_files: bool,
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
        Self {
            servers,
            identity: None,
            server_name: None,
            algorithms: Algorithms::default(),
            alpn: Vec::new(),
            resumption: true,
            handshake_timeout: Duration::from_secs(10),
            watch_files: true,
        }
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

    /// The versions to speak, comma-separated, by their JDK names. Default: `TLSv1.2,TLSv1.3`; there are no others.
    /// Java: `tls.protocols`.
    #[must_use]
    pub fn protocols(mut self, names: impl Into<String>) -> Self {
        self.algorithms.protocols = Some(names.into());
        self
    }

    /// The cipher suites to offer, comma-separated, by their JDK (IANA) names. Default: the nine that rustls has,
    /// all with forward secrecy. Java: `tls.ciphers`.
    #[must_use]
    pub fn ciphers(mut self, names: impl Into<String>) -> Self {
        self.algorithms.ciphers = Some(names.into());
        self
    }

    /// The application protocols to offer, the preferred one first. Default: none.
    #[must_use]
    pub fn alpn<P: Into<Vec<u8>>>(mut self, protocols: impl IntoIterator<Item = P>) -> Self {
        self.alpn = protocols.into_iter().map(Into::into).collect();
        self
    }

    /// Whether sessions are resumed with a shorter handshake. Sessions last for as long as the files do: after a
    /// reload none is resumed. Default: true.
    #[must_use]
    pub fn session_resumption(mut self, resumption: bool) -> Self {
        self.resumption = resumption;
        self
    }

    /// How long a handshake may take, within the time for connecting. Default: 10 s. Zero is refused.
    #[must_use]
    pub fn handshake_timeout(mut self, timeout: Duration) -> Self {
        self.handshake_timeout = timeout;
        self
    }

    /// Whether whoever owns the client watches the files and reloads them when they change. Default: true.
    #[must_use]
    pub fn watch_files(mut self, watch: bool) -> Self {
        self.watch_files = watch;
        self
    }

    pub(super) fn check(&self) -> Result<(), TlsError> {
        if self.handshake_timeout.is_zero() {
            return Err(TlsError::setting("handshake_timeout", "must not be zero"));
        }
        Ok(())
    }
}
