//! Trust roots.

use rustls::RootCertStore;

use super::{error::TlsError, pem::Pem};

/// The certificates of the authorities that may sign the peer's certificate.
#[derive(Debug, Clone)]
#[must_use]
pub struct TrustRoots {
    platform: bool,
    pems: Vec<Pem>,
}

impl TrustRoots {
    /// Creates roots from those of the operating system: its certificate files on Unix, its certificate store
    /// on macOS and Windows. The environment variables `SSL_CERT_FILE` and `SSL_CERT_DIR` replace them on
    /// every system.
    pub fn platform() -> Self {
        Self { platform: true, pems: Vec::new() }
    }

    /// Creates roots from the certificates in a PEM file or text only.
    pub fn pem(pem: Pem) -> Self {
        Self { platform: false, pems: vec![pem] }
    }

    /// Creates roots from the certificates in a PEM file only.
    pub fn file(path: impl Into<std::path::PathBuf>) -> Self {
        Self::pem(Pem::file(path))
    }

    /// Adds the certificates in a PEM file or text.
    pub fn with_pem(mut self, pem: Pem) -> Self {
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
                tracing::warn!("cannot read some of the system's trust roots: {error}");
            }
            // The system's store may hold certificates too old to parse; they are skipped.
            store.add_parsable_certificates(platform.certs);
        }
        if store.is_empty() {
            return Err(TlsError::setting("trust roots", "the system has none: name a file"));
        }
        Ok(store)
    }
}
