//! RocketMQ's `tls.properties`.

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, fmt, fs, path::PathBuf, sync::Arc};

use remoting_protocol::properties::{self, Charset};
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

/// The keys of Java's `TlsSystemConfig`. Java reads some of them only from system properties, not from the
/// file.
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

/// RocketMQ's `tls.properties`, in the format of `java.util.Properties`. It can be converted into the
/// configuration of a server or a client. Equivalent of Java's `TlsHelper.extractTlsConfigFromFile`.
///
/// Java's unsafe defaults apply only if the file sets them:
///
/// | key | Java, if it is not set | here, if it is not set |
/// |---|---|---|
/// | `tls.test.mode.enable` | true: a self-signed certificate, and any certificate is accepted | false |
/// | `tls.server.mode` | `permissive` (never read from the file) | `enforcing` (read from the file) |
/// | `tls.server.authClient` | false: any certificate is accepted | an error if certificates are requested |
/// | `tls.client.authServer` | false: any certificate is accepted | true |
/// | `tls.server.trustCertPath`, with `authClient` | any certificate of a public authority is accepted | an error |
///
/// Further differences from Java:
///
/// * A client verifies the host name of the server. Java never does.
/// * Trailing blanks of a boolean, of `tls.server.mode` and of `tls.server.need.client.auth` are ignored,
///   because RocketMQ's own guide has such blanks. Java reads `true` with a trailing blank as false.
/// * A boolean other than `true` or `false` (in any case), and an unknown mode, version or cipher suite, is
///   an error. Java silently uses another value for a boolean or mode.
///
/// Relative paths are relative to the working directory, as in Java.
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
    /// Reads a file, so it may block briefly. Logs a warning for each unknown key; see
    /// [`JavaTlsProperties::unknown_keys`].
    ///
    /// # Errors
    /// Returns [`TlsError::Read`] if the file cannot be read, and [`TlsError::Unusable`] if it is not in
    /// Java's format.
    pub fn load(path: impl Into<PathBuf>) -> Result<Self, TlsError> {
        let path = path.into();
        let file = fs::read(&path).map(Zeroizing::new).map_err(|source| TlsError::Read {
            what: "TLS properties",
            path: path.clone(),
            source: Arc::new(source),
        })?;
        let properties = Self::read(&file, &path.display().to_string())?;
        for key in properties.unknown_keys() {
            tracing::warn!(file = %path.display(), key, "unknown key in the TLS properties");
        }
        Ok(properties)
    }

    /// Parses the content of a file. Unknown keys are not logged.
    ///
    /// # Errors
    /// Returns [`TlsError::Unusable`] if the content is not in Java's format.
    pub fn parse(file: &[u8]) -> Result<Self, TlsError> {
        Self::read(file, "the given text")
    }

    fn read(file: &[u8], origin: &str) -> Result<Self, TlsError> {
        let mut values = BTreeMap::new();
        for entry in properties::entries(file) {
            let (mut key, value) = (String::new(), entry.value());
            let mut secret = Zeroizing::new(String::with_capacity(value.max_len()));
            entry
                .key()
                .read(Charset::Latin1, &mut key)
                .and_then(|()| value.read(Charset::Latin1, &mut secret))
                .map_err(|error| TlsError::Unusable {
                    what: "TLS properties",
                    origin: origin.to_owned(),
                    why: error.to_string(),
                })?;
            // As in Java, the last value of a repeated key applies.
            values.insert(key, Secret::from(secret.as_str()));
        }
        Ok(Self { values })
    }

    /// Returns the keys that are no TLS settings, such as misspelt ones, in sorted order.
    pub fn unknown_keys(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str).filter(|key| !KEYS.contains(key))
    }

    /// Returns `tls.enable`: whether clients use TLS. `None` if it is not set. The program must apply this
    /// value itself: a client with a [`ClientTls`](super::ClientTls) never speaks plaintext.
    ///
    /// # Errors
    /// Returns [`TlsError::Setting`] if the value is neither `true` nor `false`.
    pub fn client_enabled(&self) -> Result<Option<bool>, TlsError> {
        self.boolean("tls.enable")
    }

    /// Creates the configuration of a server. Reads no files; [`ServerTls::new`](super::ServerTls::new) does.
    ///
    /// # Errors
    /// Returns [`TlsError::Setting`] if a key is missing, has an invalid value or contradicts another key,
    /// and [`TlsError::UnknownName`] if a mode is unknown. Test mode is an error without the feature
    /// `tls-self-signed`.
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

    /// Creates the configuration of a client, which trusts the system's roots unless
    /// `tls.client.trustCertPath` is set. Reads no files; [`ClientTls::new`](super::ClientTls::new) does.
    ///
    /// # Errors
    /// Returns [`TlsError::Setting`] if a key has an invalid value, or if only one of `tls.client.certPath`
    /// and `tls.client.keyPath` is set.
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

    /// Returns the value of a key. As in Java, an empty value counts as not set.
    fn text(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(Secret::expose).filter(|value| !value.is_empty())
    }

    /// Returns the value of a list. An empty value is kept, and is an error later, as in Java.
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
