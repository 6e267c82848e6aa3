//! Protocol versions and cipher suites by their JDK and IANA names.

use std::sync::Arc;

use rustls::{
    CipherSuite, ProtocolVersion, SupportedCipherSuite, SupportedProtocolVersion, crypto::CryptoProvider,
};

use super::error::TlsError;

/// The chosen versions and suites: comma-separated lists, like Java's `tls.protocols` and `tls.ciphers`.
/// `None`: all that are supported. Spaces around a name are ignored; Java rejects them.
#[derive(Debug, Clone, Default)]
pub(super) struct Algorithms {
    pub(super) protocols: Option<String>,
    pub(super) ciphers: Option<String>,
}

impl Algorithms {
    pub(super) fn versions(&self) -> Result<Vec<&'static SupportedProtocolVersion>, TlsError> {
        let Some(list) = &self.protocols else { return Ok(rustls::ALL_VERSIONS.to_vec()) };
        choose("tls.protocols", list, rustls::ALL_VERSIONS, |version| version_name(version.version))
    }

    /// Returns the ring provider, restricted to the chosen suites.
    pub(super) fn provider(&self) -> Result<Arc<CryptoProvider>, TlsError> {
        let mut provider = rustls::crypto::ring::default_provider();
        if let Some(list) = &self.ciphers {
            provider.cipher_suites =
                choose("tls.ciphers", list, &provider.cipher_suites, |suite: &SupportedCipherSuite| {
                    suite_name(suite.suite())
                })?;
        }
        Ok(Arc::new(provider))
    }

    /// Converts rustls' error about versions and suites that do not fit together.
    pub(super) fn refused(error: &rustls::Error) -> TlsError {
        TlsError::setting("tls.protocols, tls.ciphers", format!("they leave nothing to use ({error})"))
    }
}

fn choose<T: Clone>(
    setting: &'static str,
    list: &str,
    all: &[T],
    name_of: impl Fn(&T) -> &'static str,
) -> Result<Vec<T>, TlsError> {
    let known = || all.iter().map(&name_of).collect::<Vec<_>>().join(", ");
    list.split(',')
        .map(str::trim)
        .map(|name| {
            all.iter().find(|one| name_of(one) == name).cloned().ok_or_else(|| TlsError::UnknownName {
                setting,
                name: name.to_owned(),
                known: known(),
            })
        })
        .collect()
}

/// Returns the JDK's name of a version.
pub(super) fn version_name(version: ProtocolVersion) -> &'static str {
    match version {
        ProtocolVersion::TLSv1_3 => "TLSv1.3",
        ProtocolVersion::TLSv1_2 => "TLSv1.2",
        _ => "unknown",
    }
}

/// Returns the name of a suite at IANA and in the JDK. rustls has its own names for the suites of TLS 1.3.
pub(super) fn suite_name(suite: CipherSuite) -> &'static str {
    match suite {
        CipherSuite::TLS13_AES_128_GCM_SHA256 => "TLS_AES_128_GCM_SHA256",
        CipherSuite::TLS13_AES_256_GCM_SHA384 => "TLS_AES_256_GCM_SHA384",
        CipherSuite::TLS13_CHACHA20_POLY1305_SHA256 => "TLS_CHACHA20_POLY1305_SHA256",
        other => other.as_str().unwrap_or("unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suites_and_versions_go_by_their_java_names() {
        let chosen = Algorithms {
            protocols: Some("TLSv1.2, TLSv1.3".to_owned()),
            ciphers: Some("TLS_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256".to_owned()),
        };
        assert_eq!(chosen.versions().unwrap().len(), 2);
        assert_eq!(chosen.provider().unwrap().cipher_suites.len(), 2);
    }

    #[test]
    fn every_suite_that_is_known_has_a_name() {
        for suite in rustls::crypto::ring::ALL_CIPHER_SUITES {
            assert!(suite_name(suite.suite()).starts_with("TLS_"), "{suite:?}");
        }
    }

    #[test]
    fn an_unknown_name_is_an_error_that_lists_the_known_ones() {
        for list in ["ECDHE-RSA-AES128-GCM-SHA256", "", "TLS_AES_256_GCM_SHA384,"] {
            let error = Algorithms { ciphers: Some(list.to_owned()), ..Algorithms::default() }.provider();
            let text = error.unwrap_err().to_string();
            assert!(text.contains("TLS_AES_128_GCM_SHA256, TLS_CHACHA20_POLY1305_SHA256"), "{text}");
        }
        let error = Algorithms { protocols: Some("TLSv1.1".to_owned()), ..Algorithms::default() }.versions();
        let text = error.unwrap_err().to_string();
        assert_eq!(text, r#"tls.protocols: "TLSv1.1" is not known; known are TLSv1.3, TLSv1.2"#);
    }
}
