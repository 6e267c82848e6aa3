//! Which connections a server encrypts, and what it asks of its clients.

use std::{fmt, str::FromStr};

use super::error::TlsError;

/// Which connections a server accepts on one port, as Java's `TlsMode` (`tls.server.mode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TlsMode {
    /// Plaintext only. A ClientHello is no frame: the connection is closed, and the reason says what was seen.
    Disabled,
    /// TLS and plaintext, told apart by the first byte. Anyone on the way can make a client use plaintext, if the
    /// client lets itself be made to.
    Permissive,
    /// TLS only. Not one byte of a plaintext connection reaches the decoder. The default.
    #[default]
    Enforcing,
}

/// Whether a server asks its clients for a certificate, as Java's `tls.server.need.client.auth`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ClientAuth {
    /// It does not ask.
    #[default]
    None,
    /// It asks. A client without a certificate is accepted, one with a certificate that is not trusted is not.
    Optional,
    /// It asks, and refuses a client without a trusted certificate.
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

/// Java's names, in lower case as there. An unknown name is an error; Java takes it for `permissive`.
impl FromStr for TlsMode {
    type Err = TlsError;

    fn from_str(name: &str) -> Result<Self, TlsError> {
        [Self::Disabled, Self::Permissive, Self::Enforcing]
            .into_iter()
            .find(|mode| mode.name() == name)
            .ok_or_else(|| unknown("tls.server.mode", name, "disabled, permissive, enforcing"))
    }
}

/// Java's names, in lower case. An unknown name is an error; Java takes it for `none`.
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
