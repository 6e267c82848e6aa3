//! The TLS mode of a server and its client authentication.

use std::{fmt, str::FromStr};

use super::error::TlsError;

/// Which connections a server accepts on one port. Equivalent of Java's `TlsMode` (`tls.server.mode`).
///
/// `Display` and `FromStr` use Java's names: `disabled`, `permissive`, `enforcing`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum TlsMode {
    /// Plaintext only. A ClientHello is an invalid frame: the connection is closed, and the reason names TLS.
    Disabled,
    /// TLS and plaintext, distinguished by the first byte. An attacker on the path can downgrade a client
    /// that falls back to plaintext.
    Permissive,
    /// TLS only. No byte of a plaintext connection reaches the decoder. The default.
    #[default]
    Enforcing,
}

/// Whether a server requests a certificate from its clients. Equivalent of Java's
/// `tls.server.need.client.auth`.
///
/// `Display` and `FromStr` use Java's names: `none`, `optional`, `require`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum ClientAuth {
    /// No certificate is requested. The default.
    #[default]
    None,
    /// A certificate is requested. A client without a certificate is accepted; a client with an untrusted
    /// certificate is rejected.
    Optional,
    /// A certificate is required. A client without a trusted certificate is rejected.
    Require,
}

impl TlsMode {
    const fn name(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Permissive => "permissive",
            Self::Enforcing => "enforcing",
        }
    }
}

impl ClientAuth {
    const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Optional => "optional",
            Self::Require => "require",
        }
    }
}

impl fmt::Display for TlsMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for ClientAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Parses Java's lower-case names. An unknown name is an error; Java treats it as `permissive`.
impl FromStr for TlsMode {
    type Err = TlsError;

    fn from_str(name: &str) -> Result<Self, TlsError> {
        [Self::Disabled, Self::Permissive, Self::Enforcing]
            .into_iter()
            .find(|mode| mode.name() == name)
            .ok_or_else(|| unknown("tls.server.mode", name, "disabled, permissive, enforcing"))
    }
}

/// Parses Java's lower-case names. An unknown name is an error; Java treats it as `none`.
impl FromStr for ClientAuth {
    type Err = TlsError;

    fn from_str(name: &str) -> Result<Self, TlsError> {
        [Self::None, Self::Optional, Self::Require]
            .into_iter()
            .find(|auth| auth.name() == name)
            .ok_or_else(|| unknown("tls.server.need.client.auth", name, "none, optional, require"))
    }
}

fn unknown(setting: &'static str, name: &str, known: &str) -> TlsError {
    TlsError::UnknownName { setting, name: name.to_owned(), known: known.to_owned() }
}
