//! A certificate with its private key.

use std::{fmt, path::PathBuf};

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject};
use zeroize::Zeroizing;

use super::{encrypted_key, error::TlsError, explain, pem::Pem};
use crate::secret::Secret;

const KEY: &str = "a private key";

/// A certificate chain, beginning with the certificate of this side, and its private key.
///
/// Keys may be PKCS#8, PKCS#1 (RSA) or SEC1 (EC). With the feature `tls-encrypted-keys` they may also be
/// PKCS#8 encrypted with a password (PBES2: AES or 3DES, PBKDF2 or scrypt). The older encryptions of PKCS#5
/// and PKCS#12, with DES or RC4, are rejected; the error names the command that converts such a key.
///
/// ```
/// use remoting_transport::tls::TlsIdentity;
///
/// let identity = TlsIdentity::files("server.pem", "server.key").password("1234");
/// assert!(!format!("{identity:?}").contains("1234"));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct TlsIdentity {
    certificates: Pem,
    key: Pem,
    password: Option<Secret>,
}

pub(super) struct LoadedIdentity {
    pub(super) certificates: Vec<CertificateDer<'static>>,
    pub(super) key: PrivateKeyDer<'static>,
}

impl TlsIdentity {
    /// Creates an identity from a chain and a key, each from a file or a text.
    pub fn new(certificates: Pem, key: Pem) -> Self {
        Self { certificates, key, password: None }
    }

    /// Creates an identity from two PEM files: the chain and the key. They may be the same file.
    pub fn files(certificates: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        Self::new(Pem::file(certificates), Pem::file(key))
    }

    /// Sets the password of an encrypted key. It is ignored if the key is not encrypted. Default: none.
    pub fn password(mut self, password: impl Into<Secret>) -> Self {
        self.password = Some(password.into());
        self
    }

    pub(super) fn sources(&self) -> [&Pem; 2] {
        [&self.certificates, &self.key]
    }

    pub(super) fn load(&self) -> Result<LoadedIdentity, TlsError> {
        let certificates = self.certificates.certificates("a certificate chain")?;
        let text = self.key.read(KEY)?;
        let key = parse_key(&text, self.password.as_ref()).map_err(|why| TlsError::Unusable {
            what: KEY,
            origin: self.key.to_string(),
            why,
        })?;
        Ok(LoadedIdentity { certificates, key })
    }

    /// Converts rustls' error about this identity into one that names the files.
    pub(super) fn refused(&self, error: &rustls::Error) -> TlsError {
        match error {
            rustls::Error::InconsistentKeys(_) => TlsError::KeyMismatch {
                certificate: self.certificates.to_string(),
                key: self.key.to_string(),
            },
            rustls::Error::InvalidCertificate(why) => TlsError::Unusable {
                what: "a certificate chain",
                origin: self.certificates.to_string(),
                why: explain::certificate(why),
            },
            other => TlsError::Unusable { what: KEY, origin: self.key.to_string(), why: other.to_string() },
        }
    }
}

const ENCRYPTED: (&str, &str) =
    ("-----BEGIN ENCRYPTED PRIVATE KEY-----", "-----END ENCRYPTED PRIVATE KEY-----");

fn parse_key(pem: &[u8], password: Option<&Secret>) -> Result<PrivateKeyDer<'static>, String> {
    if let Some(encrypted) = encrypted_section(pem)? {
        return encrypted_key::decrypt(&encrypted, password);
    }
    if find(pem, "Proc-Type: 4,ENCRYPTED").is_some() {
        return Err("it is encrypted in OpenSSL's old way; convert it with `openssl pkcs8 -topk8`".to_owned());
    }
    PrivateKeyDer::from_pem_slice(pem)
        .map_err(|error| format!("it holds no PKCS#8, PKCS#1 or SEC1 key in PEM ({error})"))
}

/// Returns the DER of the encrypted key, or `None` if the key is not encrypted.
fn encrypted_section(pem: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>, String> {
    let Some(begin) = find(pem, ENCRYPTED.0) else { return Ok(None) };
    let body = &pem[begin + ENCRYPTED.0.len()..];
    let end = find(body, ENCRYPTED.1).ok_or("the encrypted key has no end: is the file half written?")?;
    // The PEM reader does not know this section, so it reads it under the name of an unencrypted one.
    let mut section = Zeroizing::new(b"-----BEGIN PRIVATE KEY-----".to_vec());
    section.extend_from_slice(&body[..end]);
    section.extend_from_slice(b"-----END PRIVATE KEY-----\n");
    PrivatePkcs8KeyDer::from_pem_slice(&section)
        .map(|der| Some(Zeroizing::new(der.secret_pkcs8_der().to_vec())))
        .map_err(|error| format!("the encrypted key is not PEM: {error}"))
}

fn find(text: &[u8], what: &str) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what.as_bytes())
}

impl fmt::Debug for LoadedIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoadedIdentity").finish_non_exhaustive()
    }
}
