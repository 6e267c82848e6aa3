//! What a server is told about TLS.

use std::time::Duration;

use crate::tls::{
    algorithms::Algorithms,
    error::TlsError,
    identity::TlsIdentity,
    mode::{ClientAuth, TlsMode},
    roots::TrustRoots,
};

/// How a server uses TLS. To be given to [`ServerTls::new`](super::ServerTls::new).
///
/// ```
/// use remoting_transport::tls::{ClientAuth, ServerTlsConfig, TlsIdentity, TrustRoots};
///
/// let config = ServerTlsConfig::new(TlsIdentity::files("server.pem", "server.key"))
///     .client_auth(ClientAuth::Require, TrustRoots::file("clients-ca.pem"));
/// ```
#[derive(Debug, Clone)]
pub struct ServerTlsConfig {
    pub(super) mode: TlsMode,
    pub(super) identity: Identity,
    pub(super) clients: Clients,
    pub(super) algorithms: Algorithms,
    pub(super) alpn: Vec<Vec<u8>>,
    pub(super) resumption: bool,
    pub(super) handshake_timeout: Duration,
    pub(super) quiet_time: Duration,
    pub(super) watch_files: bool,
}

#[derive(Debug, Clone)]
pub(super) enum Identity {
    /// Only with TLS off.
    None,
    Given(TlsIdentity),
    #[cfg(feature = "tls-self-signed")]
    SelfSigned,
}

#[derive(Debug, Clone)]
pub(super) enum Clients {
    NotAsked,
    Verified { required: bool, roots: TrustRoots },
    AnyCertificate { required: bool },
}

impl ServerTlsConfig {
    /// TLS for all connections, with this certificate. Clients are not asked for theirs.
    pub fn new(identity: TlsIdentity) -> Self {
        Self::with_identity(Identity::Given(identity))
    }

    /// Plaintext only; nothing is loaded.
    pub fn disabled() -> Self {
        Self::with_identity(Identity::None).mode(TlsMode::Disabled)
    }

    /// **For tests only**: a certificate that the server makes for itself, for `localhost`, 127.0.0.1 and ::1. No
    /// client can verify it. Java: `tls.test.mode.enable`, which is on unless it is turned off.
    #[cfg(feature = "tls-self-signed")]
    pub fn danger_self_signed() -> Self {
        Self::with_identity(Identity::SelfSigned)
    }

    fn with_identity(identity: Identity) -> Self {
        Self {
            mode: TlsMode::default(),
            identity,
            clients: Clients::NotAsked,
            algorithms: Algorithms::default(),
            alpn: Vec::new(),
            resumption: true,
            handshake_timeout: Duration::from_secs(10),
            quiet_time: Duration::from_secs(3),
            watch_files: true,
        }
    }

    /// Which connections are accepted. Default: [`TlsMode::Enforcing`]; Java: `permissive`.
    #[must_use]
    pub fn mode(mut self, mode: TlsMode) -> Self {
        self.mode = mode;
        self
    }

    /// Whether clients are asked for a certificate, and who must have signed it. Default: they are not.
    #[must_use]
    pub fn client_auth(mut self, auth: ClientAuth, roots: TrustRoots) -> Self {
        self.clients = match auth {
            ClientAuth::None => Clients::NotAsked,
            ClientAuth::Optional => Clients::Verified { required: false, roots },
            ClientAuth::Require => Clients::Verified { required: true, roots },
        };
        self
    }

    /// **Dangerous**: asks clients for a certificate and accepts any, whoever signed it, expired or not. What such
    /// a certificate says proves nothing. Java: `tls.server.authClient=false`, its default.
    #[must_use]
    pub fn danger_accept_any_client_certificate(mut self, auth: ClientAuth) -> Self {
        self.clients = match auth {
            ClientAuth::None => Clients::NotAsked,
            ClientAuth::Optional => Clients::AnyCertificate { required: false },
            ClientAuth::Require => Clients::AnyCertificate { required: true },
        };
        self
    }

    /// The versions to speak, comma-separated, by their JDK names. Default: `TLSv1.2,TLSv1.3`; there are no others.
    /// Java: `tls.protocols`.
    #[must_use]
    pub fn protocols(mut self, names: impl Into<String>) -> Self {
        self.algorithms.protocols = Some(names.into());
        self
    }

    /// The cipher suites to use, comma-separated, by their JDK (IANA) names. Default: the nine that rustls has, all
    /// with forward secrecy. Java: `tls.ciphers`.
    #[must_use]
    pub fn ciphers(mut self, names: impl Into<String>) -> Self {
        self.algorithms.ciphers = Some(names.into());
        self
    }

    /// The application protocols to agree on, the preferred one first. Default: none. A client that names others
    /// only is refused; one that names none is not.
    #[must_use]
    pub fn alpn<P: Into<Vec<u8>>>(mut self, protocols: impl IntoIterator<Item = P>) -> Self {
        self.alpn = protocols.into_iter().map(Into::into).collect();
        self
    }

    /// Whether a client may resume a session with a shorter handshake. Sessions last for as long as the files do:
    /// after a reload none is resumed. Default: true.
    #[must_use]
    pub fn session_resumption(mut self, resumption: bool) -> Self {
        self.resumption = resumption;
        self
    }

    /// How long a handshake may take. Default: 10 s. Zero is refused. Java has no limit.
    #[must_use]
    pub fn handshake_timeout(mut self, timeout: Duration) -> Self {
        self.handshake_timeout = timeout;
        self
    }

    /// In [`TlsMode::Permissive`], how long to wait for the byte that tells TLS from plaintext. Default: 3 s. A
    /// connection that is silent for longer is a plaintext one: a TLS client speaks first, while a plaintext one may
    /// have nothing to say yet. Zero is refused. In [`TlsMode::Enforcing`] there is nothing to tell, and the wait
    /// counts as part of the handshake.
    #[must_use]
    pub fn quiet_time(mut self, time: Duration) -> Self {
        self.quiet_time = time;
        self
    }

    /// Whether whoever owns the server watches the files and reloads them when they change. Default: true.
    #[must_use]
    pub fn watch_files(mut self, watch: bool) -> Self {
        self.watch_files = watch;
        self
    }

    pub(super) fn check(&self) -> Result<(), TlsError> {
        if self.handshake_timeout.is_zero() || self.quiet_time.is_zero() {
            return Err(TlsError::setting("handshake_timeout, quiet_time", "must not be zero"));
        }
        if self.mode != TlsMode::Disabled && matches!(self.identity, Identity::None) {
            return Err(TlsError::setting(
                "tls.server.certPath, tls.server.keyPath",
                format!("mode {} needs a certificate and its key", self.mode),
            ));
        }
        Ok(())
    }
}
