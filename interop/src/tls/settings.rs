//! What is written into the `tls.properties` that both sides of a case read.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::certificates::{Certificates, Identity, PASSWORD};

/// The values of Java's `TlsSystemConfig`, for both sides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings {
    /// `tls.server.mode`, which Java reads from elsewhere than the file.
    pub(super) mode: &'static str,
    /// `tls.server.need.client.auth`
    pub(super) need_client_auth: &'static str,
    /// `tls.server.authClient`
    pub(super) auth_client: bool,
    pub(super) server: Identity,
    /// Whether the client uses TLS at all.
    pub(super) client_tls: bool,
    /// The client's certificate.
    pub(super) client: Option<Identity>,
    /// `tls.client.authServer`
    pub(super) auth_server: bool,
    /// Whether the client trusts the authority that all others do not, instead of the one that they do.
    pub(super) trusts_other: bool,
    /// `tls.protocols`, which Java knows from 5.4 on.
    pub(super) protocols: &'static str,
}

impl Settings {
    /// Each side shows a certificate that the other demands and trusts. `TlsTest` begins with the same.
    pub(super) const MUTUAL: Self = Self {
        mode: "enforcing",
        need_client_auth: "require",
        auth_client: true,
        server: Identity::Server,
        client_tls: true,
        client: Some(Identity::Client),
        auth_server: true,
        trusts_other: false,
        protocols: "TLSv1.2,TLSv1.3",
    };

    /// The server alone shows a certificate.
    pub(super) const ONE_WAY: Self = Self { need_client_auth: "none", client: None, ..Self::MUTUAL };

    /// Writes the file, with every key: in one Java process those that are missing keep the value of the file before.
    pub(super) fn write(&self, certificates: &Certificates, name: &str) -> anyhow::Result<PathBuf> {
        let path = certificates.folder().join(format!("{name}.properties"));
        fs::write(&path, self.text(certificates)).with_context(|| format!("writing {}", path.display()))?;
        Ok(path)
    }

    fn text(&self, certificates: &Certificates) -> String {
        let roots = certificates.roots();
        let client_roots = if self.trusts_other { certificates.other_roots() } else { roots.clone() };
        let identity = |identity: Option<Identity>| match identity {
            Some(identity) => (certificates.certificate(identity), certificates.key(identity)),
            None => (PathBuf::new(), PathBuf::new()),
        };
        let server = identity(Some(self.server));
        let client = identity(self.client);
        let encrypted = self.client.is_some_and(|client| client.encryption().is_some());
        let password = if encrypted { PASSWORD } else { "" };
        let mut text = String::new();
        for (key, value) in [
            ("tls.test.mode.enable", "false"),
            ("tls.server.mode", self.mode),
            ("tls.server.need.client.auth", self.need_client_auth),
            ("tls.server.keyPath", &escape(&server.1)),
            ("tls.server.keyPassword", ""),
            ("tls.server.certPath", &escape(&server.0)),
            ("tls.server.authClient", &self.auth_client.to_string()),
            ("tls.server.trustCertPath", &escape(&roots)),
            ("tls.client.keyPath", &escape(&client.1)),
            ("tls.client.keyPassword", password),
            ("tls.client.certPath", &escape(&client.0)),
            ("tls.client.authServer", &self.auth_server.to_string()),
            ("tls.client.trustCertPath", &escape(&client_roots)),
            ("tls.protocols", self.protocols),
        ] {
            let _ = writeln!(text, "{key}={value}");
        }
        text
    }
}

/// A path as a value of a properties file.
fn escape(path: &Path) -> String {
    path.display().to_string().replace('\\', "\\\\")
}
