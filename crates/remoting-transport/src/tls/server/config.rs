//! The TLS configuration of a server.

use std::time::Duration;

use crate::tls::{
    error::TlsError,
    handshake::{HandshakeConfig, handshake_setters},
    identity::TlsIdentity,
    mode::{ClientAuth, TlsMode},
    roots::TrustRoots,
};

/// The TLS configuration of a server, for [`ServerTls::new`](super::ServerTls::new).
///
/// ```
/// use remoting_transport::tls::{ClientAuth, ServerTlsConfig, TlsIdentity, TrustRoots};
///
/// let config = ServerTlsConfig::new(TlsIdentity::files("server.pem", "server.key"))
///     .client_auth(ClientAuth::Require, TrustRoots::file("clients-ca.pem"));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct ServerTlsConfig {
    pub(super) mode: TlsMode,
    pub(super) identity: Identity,
    pub(super) clients: Clients,
    pub(super) handshake: HandshakeConfig,
    pub(super) quiet_time: Duration,
}

#[derive(Debug, Clone)]
pub(super) enum Identity {
    /// Only in [`TlsMode::Disabled`].
    None,
    Given(TlsIdentity),
    #[cfg(feature = "tls-self-signed")]
    SelfSigned,
}

#[derive(Debug, Clone)]
pub(super) enum Clients {
    NotRequested,
    Verified { required: bool, roots: TrustRoots },
    AnyCertificate { required: bool },
}

impl ServerTlsConfig {
    /// Creates a configuration that accepts only TLS, with this certificate, and requests no certificate from
    /// clients.
    pub fn new(identity: TlsIdentity) -> Self {
        Self::with_identity(Identity::Given(identity))
    }

    /// Creates a configuration that accepts only plaintext and loads no files.
    pub fn disabled() -> Self {
        Self::with_identity(Identity::None).mode(TlsMode::Disabled)
    }

    /// **Dangerous, for tests only**: creates a configuration with a new self-signed certificate for
    /// `localhost`, 127.0.0.1 and ::1. No client can verify it. Java: `tls.test.mode.enable`, on by default.
    #[cfg(feature = "tls-self-signed")]
    pub fn danger_self_signed() -> Self {
        Self::with_identity(Identity::SelfSigned)
    }

    fn with_identity(identity: Identity) -> Self {
        Self {
            mode: TlsMode::default(),
            identity,
            clients: Clients::NotRequested,
            handshake: HandshakeConfig::default(),
            quiet_time: Duration::from_secs(3),
        }
    }

    /// Sets which connections are accepted. Default: [`TlsMode::Enforcing`]; Java: `permissive`.
    pub fn mode(mut self, mode: TlsMode) -> Self {
        self.mode = mode;
        self
    }

    /// Sets whether the server requests a certificate from clients, and the trust roots that may sign it.
    /// With [`ClientAuth::None`] the roots are ignored. Default: no certificate is requested.
    pub fn client_auth(mut self, auth: ClientAuth, roots: TrustRoots) -> Self {
        self.clients = match auth {
            ClientAuth::None => Clients::NotRequested,
            ClientAuth::Optional => Clients::Verified { required: false, roots },
            ClientAuth::Require => Clients::Verified { required: true, roots },
        };
        self
    }

    /// **Dangerous**: requests a certificate from clients and accepts any, even one that is expired or that
    /// no root has signed. The contents of such a certificate prove nothing. Java:
    /// `tls.server.authClient=false`, its default.
    pub fn danger_accept_any_client_certificate(mut self, auth: ClientAuth) -> Self {
        self.clients = match auth {
            ClientAuth::None => Clients::NotRequested,
            ClientAuth::Optional => Clients::AnyCertificate { required: false },
            ClientAuth::Require => Clients::AnyCertificate { required: true },
        };
        self
    }

    /// Sets how long a server in [`TlsMode::Permissive`] waits for the first byte, which distinguishes TLS
    /// from plaintext. A connection that has sent nothing by then is plaintext: a TLS client sends first,
    /// while a plaintext client may have no request yet. Default: 3 s. Zero is an error. Not used in
    /// [`TlsMode::Enforcing`], which waits for `handshake_timeout`.
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
