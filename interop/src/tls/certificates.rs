//! The certificates of the TLS cases, made for each run.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, io, process};

use anyhow::{Context, ensure};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};

use crate::client::Missing;

/// The password of encrypted keys, as in Java's `TlsTest`.
pub(super) const PASSWORD: &str = "1234";

/// A certificate with its key: two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Identity {
    /// For 127.0.0.1, signed by the authority that everyone trusts.
    Server,
    /// The same, signed by an authority that nobody trusts.
    UntrustedServer,
    /// Signed by the trusted authority, for another host.
    OtherHost,
    /// A server's that changes while it serves: see [`Certificates::rotate_to`].
    Rotating,
    Client,
    UntrustedClient,
    /// [`Identity::Client`], with its key behind [`PASSWORD`], encrypted as OpenSSL does by default.
    EncryptedClient,
    /// The same, encrypted by one of the schemes of PKCS#12, with SHA-1 and triple DES.
    OldEncryptedClient,
}

impl Identity {
    const fn file_stem(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::UntrustedServer => "untrusted-server",
            Self::OtherHost => "other-host",
            Self::Rotating => "rotating",
            Self::Client => "client",
            Self::UntrustedClient => "untrusted-client",
            Self::EncryptedClient => "encrypted-client",
            Self::OldEncryptedClient => "old-encrypted-client",
        }
    }

    /// How `openssl pkcs8` is told to encrypt the key, if it is encrypted.
    pub(super) const fn encryption(self) -> Option<[&'static str; 2]> {
        match self {
            Self::EncryptedClient => Some(["-v2", "aes256"]),
            Self::OldEncryptedClient => Some(["-v1", "PBE-SHA1-3DES"]),
            _ => None,
        }
    }
}

/// A folder with all of them, gone when this is dropped.
pub(super) struct Certificates {
    folder: PathBuf,
}

impl Certificates {
    pub(super) fn make() -> anyhow::Result<Self> {
        let folder = env::temp_dir().join(format!("remoting-interop-tls-{}", process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        let made = Self { folder };
        let (trusted, other) = (Authority::new("trusted")?, Authority::new("other")?);
        fs::write(made.roots(), trusted.0.pem())?;
        fs::write(made.other_roots(), other.0.pem())?;
        let (server, client) = (ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth);
        for (identity, issuer, host, usage) in [
            (Identity::Server, &trusted, "127.0.0.1", &server),
            (Identity::UntrustedServer, &other, "127.0.0.1", &server),
            (Identity::OtherHost, &trusted, "elsewhere.test", &server),
            (Identity::Client, &trusted, "client.test", &client),
            (Identity::UntrustedClient, &other, "client.test", &client),
        ] {
            issuer.issue(host, usage.clone(), &made.certificate(identity), &made.key(identity))?;
        }
        Ok(made)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn certificate(&self, identity: Identity) -> PathBuf {
        self.folder.join(format!("{}.pem", identity.file_stem()))
    }

    pub(super) fn key(&self, identity: Identity) -> PathBuf {
        self.folder.join(format!("{}.key", identity.file_stem()))
    }

    /// The authority that both sides trust.
    pub(super) fn roots(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// The authority that nobody trusts unless a case says so.
    pub(super) fn other_roots(&self) -> PathBuf {
        self.folder.join("other-ca.pem")
    }

    /// Makes [`Identity::Rotating`] this one from now on.
    pub(super) fn rotate_to(&self, identity: Identity) -> io::Result<()> {
        fs::copy(self.certificate(identity), self.certificate(Identity::Rotating))?;
        fs::copy(self.key(identity), self.key(Identity::Rotating))?;
        Ok(())
    }

    /// Makes `identity` from [`Identity::Client`], if its key is to be encrypted. OpenSSL does it.
    pub(super) fn encrypt(&self, identity: Identity) -> anyhow::Result<()> {
        let Some(encryption) = identity.encryption() else { return Ok(()) };
        fs::copy(self.certificate(Identity::Client), self.certificate(identity))?;
        let mut openssl = Command::new("openssl");
        openssl.args(["pkcs8", "-topk8", "-passout", &format!("pass:{PASSWORD}")]).args(encryption);
        openssl.arg("-in").arg(self.key(Identity::Client));
        openssl.arg("-out").arg(self.key(identity));
        let output = match openssl.stdin(Stdio::null()).output() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Missing("openssl").into()),
            output => output.context("starting openssl")?,
        };
        ensure!(output.status.success(), "openssl: {}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }
}

impl Drop for Certificates {
    fn drop(&mut self) {
        // What stays behind is in the folder for temporary files.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new(name: &str) -> anyhow::Result<Self> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        Ok(Self(CertifiedIssuer::self_signed(params, KeyPair::generate()?)?))
    }

    /// Writes a certificate for this host, or for who calls itself so, and its key.
    fn issue(
        &self,
        host: &str,
        usage: ExtendedKeyUsagePurpose,
        certificate_file: &Path,
        key_file: &Path,
    ) -> anyhow::Result<()> {
        let mut params = CertificateParams::new(vec![host.to_owned()])?;
        params.distinguished_name.push(DnType::CommonName, host);
        params.extended_key_usages = vec![usage];
        let key = KeyPair::generate()?;
        fs::write(certificate_file, params.signed_by(&key, &self.0)?.pem())?;
        fs::write(key_file, key.serialize_pem())?;
        Ok(())
    }
}
