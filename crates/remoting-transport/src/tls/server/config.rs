//! What a server is told about TLS.

use std::time::Duration;

use crate::tls::{
    error::TlsError,
    handshake::{HandshakeConfig, handshake_setters},
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
    pub(super) handshake: HandshakeConfig,
    pub(super) quiet_time: Duration,
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
            handshake: HandshakeConfig::default(),
            quiet_time: Duration::from_secs(3),
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

    /// In [`TlsMode::Permissive`], how long to wait for the byte that tells TLS from plaintext. Default: 3 s. A
    /// connection that is silent for longer is a plaintext one: a TLS client speaks first, while a plaintext one may
    /// have nothing to say yet. Zero is refused. In [`TlsMode::Enforcing`] there is nothing to tell, and the wait
    /// counts as part of the handshake.
    #[must_use]
    pub fn quiet_time(mut self, time: Duration) -> Self {
        self.quiet_time = time;
        self
    }

    pub(super) fn check(&self) -> Result<(), TlsError> {
        self.handshake.check()?;
        if self.quiet_time.is_zero() {
            return Err(TlsError::setting("quiet_time", "must not be zero"));
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

handshake_setters!(ServerTlsConfig);
