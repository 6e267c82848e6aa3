//! Decryption of private keys that are protected by a password.

#[cfg(feature = "tls-encrypted-keys")]
use pkcs8::EncryptedPrivateKeyInfoRef;
use rustls::pki_types::PrivateKeyDer;
#[cfg(feature = "tls-encrypted-keys")]
use rustls::pki_types::PrivatePkcs8KeyDer;

use crate::secret::Secret;

/// The remedy for an unsupported encryption. RocketMQ's guides use one (`-v1 PBE-SHA1-RC4-128`).
#[cfg(feature = "tls-encrypted-keys")]
const CONVERT: &str = "convert it with `openssl pkcs8 -in OLD | openssl pkcs8 -topk8 -v2 aes256 -out NEW`";

/// Decrypts an `EncryptedPrivateKeyInfo`.
#[cfg(feature = "tls-encrypted-keys")]
pub(super) fn decrypt(der: &[u8], password: Option<&Secret>) -> Result<PrivateKeyDer<'static>, String> {
    let password = password.ok_or("the key is encrypted, and no password is given")?;
    let info = EncryptedPrivateKeyInfoRef::try_from(der)
        .map_err(|error| format!("it is not encrypted by PBES2 ({error}); {CONVERT}"))?;
    let document = info.decrypt(password.expose()).map_err(|error| match error {
        pkcs8::Error::EncryptedPrivateKey(pkcs8::pkcs5::Error::NoPbes1CryptSupport) => {
            format!("it is encrypted by PBES1, which is broken; {CONVERT}")
        }
        pkcs8::Error::EncryptedPrivateKey(pkcs8::pkcs5::Error::UnsupportedAlgorithm { oid }) => {
            format!("it is encrypted by an algorithm that is not supported ({oid}); {CONVERT}")
        }
        _ => "the password is wrong, or the file is damaged".to_owned(),
    })?;
    Ok(PrivatePkcs8KeyDer::from(document.as_bytes().to_vec()).into())
}

/// Returns an error: this build cannot decrypt keys.
#[cfg(not(feature = "tls-encrypted-keys"))]
pub(super) fn decrypt(_der: &[u8], _password: Option<&Secret>) -> Result<PrivateKeyDer<'static>, String> {
    Err("the key is encrypted, which needs the feature `tls-encrypted-keys` of the crate `remoting`; \
         or decrypt it with `openssl pkcs8 -in OLD -out NEW`"
        .to_owned())
}
