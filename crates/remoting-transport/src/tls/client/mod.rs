//! TLS on the dialling side.

mod config;
mod step;
mod verifier;

use std::sync::Arc;

use rustls::{
    client::{Resumption, WebPkiServerVerifier, danger::ServerCertVerifier},
    crypto::CryptoProvider,
    pki_types::ServerName,
};

pub use self::config::ClientTlsConfig;
use self::{config::Servers, step::ClientTlsStep, verifier::AnyHost};
use super::{
    algorithms::Algorithms,
    error::TlsError,
    generation::{Generations, Load},
    pem::Pem,
    reload::reload_methods,
};
use crate::prologue::PrologueStep;

/// TLS for clients: a loaded configuration that can be reloaded. Clones share the configuration.
///
/// Each connection uses the files that were loaded last before its handshake, until it closes.
#[derive(Debug, Clone)]
pub struct ClientTls {
    generations: Arc<Generations<ClientTlsConfig>>,
}

impl ClientTls {
    /// Loads the files of the configuration. Reads files, so it may block briefly.
    ///
    /// # Errors
    /// Returns [`TlsError`] if a file is missing or invalid, the key does not belong to the certificate, or
    /// settings contradict each other.
    pub fn new(config: ClientTlsConfig) -> Result<Self, TlsError> {
        config.check()?;
        Ok(Self { generations: Arc::new(Generations::new(config)?) })
    }

    /// Returns the prologue step that starts TLS. Add it after the steps that talk to a proxy.
    pub fn step(&self) -> impl PrologueStep + use<> {
        ClientTlsStep::new(self.clone())
    }

    fn settings(&self) -> &ClientTlsConfig {
        self.generations.settings()
    }
}

reload_methods!(ClientTls);

/// The loaded configuration that handshakes use.
#[derive(Debug)]
pub(super) struct Loaded {
    config: Arc<rustls::ClientConfig>,
    server_name: Option<ServerName<'static>>,
}

impl Load for ClientTlsConfig {
    type Config = Loaded;

    fn sources(&self) -> Vec<&Pem> {
        let mut sources = Vec::new();
        if let Some(identity) = &self.identity {
            sources.extend(identity.sources());
        }
        if let Servers::Verified { roots, .. } = &self.servers {
            sources.extend(roots.sources());
        }
        sources
    }

    fn load(&self) -> Result<Loaded, TlsError> {
        let provider = self.handshake.algorithms.provider()?;
        let builder = rustls::ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&self.handshake.algorithms.versions()?)
            .map_err(|error| Algorithms::refused(&error))?
            .dangerous()
            .with_custom_certificate_verifier(self.server_verifier(provider)?);
        let mut config = match &self.identity {
            Some(identity) => {
                let loaded = identity.load()?;
                builder
                    .with_client_auth_cert(loaded.certificates, loaded.key)
                    .map_err(|error| identity.refused(&error))?
            }
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols.clone_from(&self.handshake.alpn);
        if !self.handshake.resumption {
            config.resumption = Resumption::disabled();
        }
        let server_name = self.server_name.as_deref().map(server_name).transpose()?;
        Ok(Loaded { config: Arc::new(config), server_name })
    }
}

impl ClientTlsConfig {
    fn server_verifier(
        &self,
        provider: Arc<CryptoProvider>,
    ) -> Result<Arc<dyn ServerCertVerifier>, TlsError> {
        match &self.servers {
            Servers::AnyCertificate => Ok(Arc::new(AnyHost { provider, roots: None })),
            Servers::Verified { roots, host_name: false } => {
                Ok(Arc::new(AnyHost { provider, roots: Some(roots.load()?) }))
            }
            Servers::Verified { roots, host_name: true } => {
                let roots = Arc::new(roots.load()?);
                let verifier = WebPkiServerVerifier::builder_with_provider(roots, provider)
                    .build()
                    .map_err(|error| TlsError::setting("trust roots", error.to_string()))?;
                Ok(verifier)
            }
        }
    }
}

fn server_name(name: &str) -> Result<ServerName<'static>, TlsError> {
    ServerName::try_from(name.to_owned()).map_err(|_invalid| {
        TlsError::setting("server_name", format!("{name:?} is no host name and no address"))
    })
}
