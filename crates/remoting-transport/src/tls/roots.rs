//! Whom this side trusts.

use rustls::RootCertStore;

use super::{error::TlsError, pem::Pem};

/// The certificates of those who may sign the peer's certificate.
#[derive(Debug, Clone)]
pub struct TrustRoots {
    platform: bool,
    pems: Vec<Pem>,
}

impl TrustRoots {
    /// What the operating system trusts: its certificate files on Unix, the variables `SSL_CERT_FILE` and
    /// `SSL_CERT_DIR` before them; its certificate store on macOS and Windows.
    pub fn platform() -> Self {
        Self { platform: true, pems: Vec::new() }
    }

    /// The certificates in a PEM file or text, and no others.
    pub fn pem(pem: Pem) -> Self {
        Self { platform: false, pems: vec![pem] }
    }

    /// The certificates in a PEM file, and no others.
    pub fn file(path: impl Into<std::path::PathBuf>) -> Self {
        Self::pem(Pem::file(path))
    }

    /// These as well.
    #[must_use]
    pub fn and(mut self, pem: Pem) -> Self {
        self.pems.push(pem);
        self
    }

    pub(super) fn sources(&self) -> impl Iterator<Item = &Pem> {
        self.pems.iter()
    }

    pub(super) fn load(&self) -> Result<RootCertStore, TlsError> {
        const WHAT: &str = "trust roots";
        let mut store = RootCertStore::empty();
        for pem in &self.pems {
            for certificate in pem.certificates(WHAT)? {
                store.add(certificate).map_err(|error| TlsError::Unusable {
                    what: WHAT,
                    origin: pem.to_string(),
                    why: error.to_string(),
                })?;
            }
        }
        if self.platform {
            let platform = rustls_native_certs::load_native_certs();
            for error in &platform.errors {
                tracing::warn!("some of the system's trust roots cannot be read: {error}");
            }
            // The system's store may hold certificates older than any rule; those are of no use to anyone.
            store.add_parsable_certificates(platform.certs);
        }
        if store.is_empty() {
            return Err(TlsError::setting("trust roots", "the system has none: name a file"));
        }
        Ok(store)
    }
}
