//! The handshake settings that servers and clients share. Each is defined once: its value in
//! [`HandshakeConfig`], its documented setter in [`handshake_setters`].

use std::time::Duration;

use super::{algorithms::Algorithms, error::TlsError};

/// The setter of the time limit of a handshake, for errors.
pub(super) const HANDSHAKE_TIMEOUT: &str = "handshake_timeout";

/// The part of a [`ServerTlsConfig`](super::ServerTlsConfig) that is also part of a
/// [`ClientTlsConfig`](super::ClientTlsConfig).
#[derive(Debug, Clone)]
pub(super) struct HandshakeConfig {
    pub(super) algorithms: Algorithms,
    pub(super) alpn: Vec<Vec<u8>>,
    pub(super) resumption: bool,
    pub(super) timeout: Duration,
    pub(super) watch_files: bool,
}

impl Default for HandshakeConfig {
    fn default() -> Self {
        Self {
            algorithms: Algorithms::default(),
            alpn: Vec::new(),
            resumption: true,
            timeout: Duration::from_secs(10),
            watch_files: true,
        }
    }
}

impl HandshakeConfig {
    pub(super) fn check(&self) -> Result<(), TlsError> {
        if self.timeout.is_zero() {
            return Err(TlsError::setting("handshake_timeout", "must not be zero"));
        }
        Ok(())
    }
}

/// Implements the setters of [`HandshakeConfig`] for a configuration with a field `handshake`.
macro_rules! handshake_setters {
    ($config:ident) => {
        /// # The settings of both sides
        impl $config {
            /// Sets the protocol versions, comma-separated, by their JDK names. Default: `TLSv1.2,TLSv1.3`,
            /// which are all that are supported. Equivalent of Java's `tls.protocols`.
            pub fn protocols(mut self, names: impl Into<String>) -> Self {
                self.handshake.algorithms.protocols = Some(names.into());
                self
            }

            /// Sets the cipher suites, comma-separated, by their JDK (IANA) names. Default: the nine suites
            /// of rustls, all with forward secrecy. Equivalent of Java's `tls.ciphers`.
            pub fn ciphers(mut self, names: impl Into<String>) -> Self {
                self.handshake.algorithms.ciphers = Some(names.into());
                self
            }

            /// Sets the application protocols (ALPN), the preferred one first. Default: none. A server
            /// rejects a client that offers only other protocols, and accepts a client that offers none.
            pub fn alpn<P: Into<Vec<u8>>>(mut self, protocols: impl IntoIterator<Item = P>) -> Self {
                self.handshake.alpn = protocols.into_iter().map(Into::into).collect();
                self
            }

            /// Sets whether sessions are resumed with a shorter handshake. Sessions from before a reload are
            /// not resumed. Default: true.
            pub fn session_resumption(mut self, resumption: bool) -> Self {
                self.handshake.resumption = resumption;
                self
            }

            /// Sets how long a handshake may take; on a client, the connect time-out applies too.
            /// Default: 10 s. Zero is an error. Java has no limit.
            pub fn handshake_timeout(mut self, timeout: std::time::Duration) -> Self {
                self.handshake.timeout = timeout;
                self
            }

            /// Sets whether the server or client watches the files and reloads them when they change.
            /// Default: true.
            pub fn watch_files(mut self, watch: bool) -> Self {
                self.handshake.watch_files = watch;
                self
            }
        }
    };
}
pub(super) use handshake_setters;
