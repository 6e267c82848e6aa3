//! Why a TLS configuration is refused.

use std::{io, path::PathBuf, sync::Arc};

use thiserror::Error;

/// Why a TLS configuration, its first load or a reload, is refused. No variant holds a key or a password.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read {what} {}", path.display())]
    #[non_exhaustive]
    Read {
        /// What the file should hold.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: Arc<io::Error>,
    },
    /// A file or text does not hold what it should.
    #[error("{origin} is of no use as {what}: {why}")]
    #[non_exhaustive]
    Unusable {
        /// What it should hold.
        what: &'static str,
        /// The file, or `the given text`.
        origin: String,
        /// What is wrong with it.
        why: String,
    },
    /// The certificate belongs to another key: one of the two files was replaced without the other.
    #[error("the key in {key} does not belong to the certificate in {certificate}")]
    #[non_exhaustive]
    KeyMismatch {
        /// Where the certificate comes from.
        certificate: String,
        /// Where the key comes from.
        key: String,
    },
    /// A protocol version or cipher suite has a name that is not known.
    #[error("{setting}: {name:?} is not known; known are {known}")]
    #[non_exhaustive]
    UnknownName {
        /// The setting.
        setting: &'static str,
        /// The name.
        name: String,
        /// The names that are known.
        known: String,
    },
    /// A setting makes no sense, alone or with the others.
    #[error("{setting}: {why}")]
    #[non_exhaustive]
    Setting {
        /// The setting, or the Java key.
        setting: &'static str,
        /// What is wrong, and what to do.
        why: String,
    },
    /// Changes of files cannot be watched.
    #[error("cannot watch {} for changes: {why}", path.display())]
    #[non_exhaustive]
    Watch {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
}

impl TlsError {
    pub(super) fn setting(setting: &'static str, why: impl Into<String>) -> Self {
        Self::Setting { setting, why: why.into() }
    }
}
