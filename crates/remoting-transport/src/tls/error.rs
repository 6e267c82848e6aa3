//! The errors of a TLS configuration.

use std::{io, path::PathBuf, sync::Arc};

use thiserror::Error;

/// An error in a TLS configuration, from its first load or from a reload. No variant holds a key or a
/// password.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read {what} {}", path.display())]
    #[non_exhaustive]
    Read {
        /// The expected content, such as `a private key`.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: Arc<io::Error>,
    },
    /// A file or text does not have the expected content.
    #[error("{origin} cannot be used as {what}: {why}")]
    #[non_exhaustive]
    Unusable {
        /// The expected content, such as `a private key`.
        what: &'static str,
        /// The file, or `the given text`.
        origin: String,
        /// The reason.
        why: String,
    },
    /// The key does not belong to the certificate: one of the two files was replaced without the other.
    #[error("the key in {key} does not belong to the certificate in {certificate}")]
    #[non_exhaustive]
    KeyMismatch {
        /// The certificate's file, or `the given text`.
        certificate: String,
        /// The key's file, or `the given text`.
        key: String,
    },
    /// A value is not one of the known names: a protocol version, a cipher suite or a mode.
    #[error("{setting}: {name:?} is not known; known are {known}")]
    #[non_exhaustive]
    UnknownName {
        /// The Java key of the setting, such as `tls.protocols`.
        setting: &'static str,
        /// The unknown name.
        name: String,
        /// The known names, separated by commas.
        known: String,
    },
    /// A setting is missing, invalid, or contradicts another setting.
    #[error("{setting}: {why}")]
    #[non_exhaustive]
    Setting {
        /// The name of the setting, or its Java key.
        setting: &'static str,
        /// The reason, and often the remedy.
        why: String,
    },
    /// A folder cannot be watched for changes of its files.
    #[error("cannot watch {} for changes: {why}", path.display())]
    #[non_exhaustive]
    Watch {
        /// The folder.
        path: PathBuf,
        /// The text of the operating system's error.
        why: String,
    },
}

impl TlsError {
    pub(super) fn setting(setting: &'static str, why: impl Into<String>) -> Self {
        Self::Setting { setting, why: why.into() }
    }
}
