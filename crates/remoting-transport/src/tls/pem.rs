//! The sources of certificates and keys.

use std::{
    fmt, fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::pki_types::{CertificateDer, pem::PemObject};
use zeroize::Zeroizing;

use super::error::TlsError;

/// The source of PEM data: a file, or a text in memory. A file is read again on each reload.
///
/// A text is wiped from memory when the last clone is dropped, and hidden in `Debug` output.
#[derive(Clone)]
pub struct Pem(Source);

#[derive(Clone)]
enum Source {
    File(Arc<Path>),
    // May be a private key.
    Text(Arc<Zeroizing<Vec<u8>>>),
}

impl Pem {
    /// Creates a source from the file at `path`. A relative path is relative to the working directory. The
    /// file is read later, when the configuration is loaded.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self(Source::File(path.into().into()))
    }

    /// Creates a source from a text, which a reload does not change.
    pub fn text(text: impl Into<Vec<u8>>) -> Self {
        Self(Source::Text(Arc::new(Zeroizing::new(text.into()))))
    }

    pub(super) fn path(&self) -> Option<&Arc<Path>> {
        match &self.0 {
            Source::File(path) => Some(path),
            Source::Text(_) => None,
        }
    }

    pub(super) fn read(&self, what: &'static str) -> Result<Zeroizing<Vec<u8>>, TlsError> {
        match &self.0 {
            Source::File(path) => fs::read(path).map(Zeroizing::new).map_err(|source| TlsError::Read {
                what,
                path: path.to_path_buf(),
                source: Arc::new(source),
            }),
            Source::Text(text) => Ok(Zeroizing::clone(text)),
        }
    }

    /// Returns the certificates in file order. None at all is an error.
    pub(super) fn certificates(&self, what: &'static str) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        let text = self.read(what)?;
        let unusable = |why| TlsError::Unusable { what, origin: self.to_string(), why };
        let certificates = CertificateDer::pem_slice_iter(&text)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| unusable(format!("not PEM: {error}")))?;
        if certificates.is_empty() {
            return Err(unusable("it holds no BEGIN CERTIFICATE".to_owned()));
        }
        Ok(certificates)
    }
}

impl fmt::Display for Pem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::File(path) => path.display().fmt(f),
            Source::Text(_) => f.write_str("the given text"),
        }
    }
}

impl fmt::Debug for Pem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::File(path) => f.debug_tuple("Pem").field(path).finish(),
            Source::Text(_) => f.write_str("Pem(***)"),
        }
    }
}

/// Returns a digest of the current content of the sources. All unreadable files count as the same content;
/// the load that follows reports the error.
pub(super) fn digest<'a>(sources: impl IntoIterator<Item = &'a Pem>) -> u64 {
    let mut digest = DefaultHasher::new();
    for source in sources {
        source.read("PEM").ok().as_deref().hash(&mut digest);
    }
    digest.finish()
}
