//! RocketMQ's `tls.properties`.

mod parse;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, fmt, fs, path::PathBuf, sync::Arc};

use zeroize::Zeroizing;

use super::{
    client::ClientTlsConfig,
    error::TlsError,
    identity::TlsIdentity,
    mode::{ClientAuth, TlsMode},
    roots::TrustRoots,
    server::ServerTlsConfig,
};
use crate::secret::Secret;

/// The keys of Java's `TlsSystemConfig`, which it reads from its TLS file or, some, from system properties only.
const KEYS: [&str; 17] = [
    "tls.ciphers",
    "tls.client.authServer",
    "tls.client.certPath",
    "tls.client.keyPassword",
    "tls.client.keyPath",
    "tls.client.trustCertPath",
    "tls.config.file",
    "tls.enable",
    "tls.protocols",
    "tls.server.authClient",
    "tls.server.certPath",
    "tls.server.keyPassword",
    "tls.server.keyPath",
    "tls.server.mode",
    "tls.server.need.client.auth",
    "tls.server.trustCertPath",
    "tls.test.mode.enable",
];

/// A `tls.properties` file of RocketMQ, in the format of `java.util.Properties`, to be turned into the
/// configuration of a server or a client. Java: `TlsHelper.extractTlsConfigFromFile`.
///
/// Java's defaults that are not safe count only if the file says so:
///
/// | key | Java, if it is not set | here |
/// |---|---|---|
/// | `tls.test.mode.enable` | true: a self-signed certificate, anyone is trusted | false |
/// | `tls.server.mode` | `permissive`, and not read from a file | `enforcing`, and read |
/// | `tls.server.authClient` | false: any certificate is accepted | an error, if certificates are asked for |
/// | `tls.client.authServer` | false: any certificate is accepted | true |
/// | `tls.server.trustCertPath`, with `authClient` | whoever a public authority signed | an error |
///
/// Blanks behind a boolean, a mode or a demand do not count, as RocketMQ's own guide has them there; Java takes `true` with
/// a blank for false. Besides, host names are verified, which Java never does; `true` and `false` are the only booleans, and names that
/// are not known are errors, where Java takes another value in silence. Relative paths are relative to the working
/// directory, as in Java.
///
/// ```
/// use remoting_transport::tls::JavaTlsProperties;
///
/// let file = JavaTlsProperties::parse(b"tls.server.certPath=/etc/rocketmq/server.pem\ntls.server.keypath=oops\n")?;
/// assert_eq!(file.unknown_keys().collect::<Vec<_>>(), ["tls.server.keypath"]);
/// let error = file.server().unwrap_err().to_string();
/// assert!(error.starts_with("tls.server.keyPath"), "{error}");
/// # Ok::<(), remoting_transport::tls::TlsError>(())
/// ```
#[derive(Clone)]
pub struct JavaTlsProperties {
    values: BTreeMap<String, Secret>,
}

impl JavaTlsProperties {
    /// Reads a file. Keys that Java does not know are logged; see [`JavaTlsProperties::unknown_keys`].
    ///
    /// # Errors
    /// When the file cannot be read or is not in Java's format.
    pub fn load(path: impl Into<PathBuf>) -> Result<Self, TlsError> {
        let path = path.into();
        let file = fs::read(&path).map(Zeroizing::new).map_err(|source| TlsError::Read {
            what: "TLS properties",
            path: path.clone(),
            source: Arc::new(source),
        })?;
        let properties = Self::read(&file, &path.display().to_string())?;
        for key in properties.unknown_keys() {
            tracing::warn!(file = %path.display(), key, "this key means nothing to TLS");
        }
        Ok(properties)
    }

    /// Reads the content of a file.
    ///
    /// # Errors
    /// When it is not in Java's format.
    pub fn parse(file: &[u8]) -> Result<Self, TlsError> {
        Self::read(file, "the given text")
    }

    fn read(file: &[u8], origin: &str) -> Result<Self, TlsError> {
        let pairs = parse::pairs(file).map_err(|why| TlsError::Unusable {
            what: "TLS properties",
            origin: origin.to_owned(),
            why,
        })?;
        // As in Java, the last of several counts.
        let values = pairs.into_iter().map(|(key, value)| (key, Secret::from(value.as_str()))).collect();
        Ok(Self { values })
    }

    /// The keys that mean nothing to TLS, such as misspelt ones.
    pub fn unknown_keys(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str).filter(|key| !KEYS.contains(key))
    }

    /// What `tls.enable` says: whether clients use TLS. `None`: nothing. It is for the program to heed, as a client
    /// that has been given a [`ClientTls`](super::ClientTls) never speaks plaintext.
    ///
    /// # Errors
    /// When it is neither true nor false.
    pub fn client_enabled(&self) -> Result<Option<bool>, TlsError> {
        self.boolean("tls.enable")
    }

    /// The configuration of a server.
    ///
    /// # Errors
    /// When keys are missing, contradict each other, or have values that mean nothing. Files are read by
    /// [`ServerTls::new`](super::ServerTls::new).
    pub fn server(&self) -> Result<ServerTlsConfig, TlsError> {
        let mode = match self.text("tls.server.mode") {
            Some(mode) => mode.trim_end().parse()?,
            None => TlsMode::Enforcing,
        };
        if mode == TlsMode::Disabled {
            return Ok(ServerTlsConfig::disabled());
        }
        let mut config = if self.test_mode()? {
            self_signed()?.danger_accept_any_client_certificate(ClientAuth::Optional)
        } else {
            let identity = self
                .identity("tls.server.certPath", "tls.server.keyPath", "tls.server.keyPassword")?
                .ok_or_else(|| {
                    let why = "not set: a server needs a key and its certificate, tls.server.certPath";
                    TlsError::setting("tls.server.keyPath", why)
                })?;
            self.client_auth(ServerTlsConfig::new(identity))?
        };
        if let Some(names) = self.list("tls.protocols") {
            config = config.protocols(names);
        }
        if let Some(names) = self.list("tls.ciphers") {
            config = config.ciphers(names);
        }
        Ok(config.mode(mode))
    }

    fn client_auth(&self, config: ServerTlsConfig) -> Result<ServerTlsConfig, TlsError> {
        let auth = match self.text("tls.server.need.client.auth") {
            Some(auth) => auth.trim_end().parse()?,
            None => ClientAuth::None,
        };
        if auth == ClientAuth::None {
            return Ok(config);
        }
        match (self.boolean("tls.server.authClient")?, self.text("tls.server.trustCertPath")) {
            (Some(true), Some(roots)) => Ok(config.client_auth(auth, TrustRoots::file(roots))),
            (Some(true), None) => Err(TlsError::setting(
                "tls.server.trustCertPath",
                "not set: Java would accept everyone who has a certificate of a public authority",
            )),
            (Some(false), _) => Ok(config.danger_accept_any_client_certificate(auth)),
            (None, _) => Err(TlsError::setting(
                "tls.server.authClient",
                "not set: with true, clients' certificates are verified (tls.server.trustCertPath); with false, \
                 Java's default, any certificate is accepted",
            )),
        }
    }

    /// The configuration of a client.
    ///
    /// # Errors
    /// When keys contradict each other or have values that mean nothing. Files are read by
    /// [`ClientTls::new`](super::ClientTls::new).
    pub fn client(&self) -> Result<ClientTlsConfig, TlsError> {
        let verifies = !self.test_mode()? && self.boolean("tls.client.authServer")?.unwrap_or(true);
        let mut config = match (verifies, self.text("tls.client.trustCertPath")) {
            (false, _) => ClientTlsConfig::danger_accept_any_certificate(),
            (true, Some(roots)) => ClientTlsConfig::new(TrustRoots::file(roots)),
            (true, None) => ClientTlsConfig::new(TrustRoots::platform()),
        };
        let identity =
            self.identity("tls.client.certPath", "tls.client.keyPath", "tls.client.keyPassword")?;
        if let Some(identity) = identity {
            config = config.identity(identity);
        }
        if let Some(names) = self.list("tls.protocols") {
            config = config.protocols(names);
        }
        if let Some(names) = self.list("tls.ciphers") {
            config = config.ciphers(names);
        }
        Ok(config)
    }

    fn test_mode(&self) -> Result<bool, TlsError> {
        Ok(self.boolean("tls.test.mode.enable")?.unwrap_or(false))
    }

    fn identity(
        &self,
        certificate: &'static str,
        key: &'static str,
        password: &'static str,
    ) -> Result<Option<TlsIdentity>, TlsError> {
        match (self.text(certificate), self.text(key)) {
            (None, None) => Ok(None),
            (Some(certificates), Some(key)) => {
                let identity = TlsIdentity::files(certificates, key);
                Ok(Some(match self.text(password) {
                    Some(password) => identity.password(password),
                    None => identity,
                }))
            }
            (Some(_), None) => Err(TlsError::setting(key, format!("not set, though {certificate} is"))),
            (None, Some(_)) => Err(TlsError::setting(certificate, format!("not set, though {key} is"))),
        }
    }

    /// The value of a key; as in Java, an empty one is none.
    fn text(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(Secret::expose).filter(|value| !value.is_empty())
    }

    /// The value of a key that, as in Java, must not be empty.
    fn list(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(Secret::expose)
    }

    fn boolean(&self, key: &'static str) -> Result<Option<bool>, TlsError> {
        match self.text(key).map(str::trim_end) {
            None => Ok(None),
            Some(value) if value.eq_ignore_ascii_case("true") => Ok(Some(true)),
            Some(value) if value.eq_ignore_ascii_case("false") => Ok(Some(false)),
            Some(value) => Err(TlsError::setting(key, format!("{value:?} is neither true nor false"))),
        }
    }
}

#[cfg(feature = "tls-self-signed")]
#[expect(clippy::unnecessary_wraps, reason = "the other build has an error to tell")]
fn self_signed() -> Result<ServerTlsConfig, TlsError> {
    Ok(ServerTlsConfig::danger_self_signed())
}

#[cfg(not(feature = "tls-self-signed"))]
fn self_signed() -> Result<ServerTlsConfig, TlsError> {
    Err(TlsError::setting("tls.test.mode.enable", "a program has it only with the feature `tls-self-signed`"))
}

impl fmt::Debug for JavaTlsProperties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(&self.values).finish()
    }
}
