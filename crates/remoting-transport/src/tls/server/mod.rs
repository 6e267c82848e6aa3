//! TLS on the accepting side.

mod config;
mod step;
mod verifier;

use std::sync::Arc;

use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier, danger::ClientCertVerifier};

pub use self::config::ServerTlsConfig;
use self::{
    config::{Clients, Identity},
    step::ServerTlsStep,
    verifier::AnyClientCertificate,
};
use super::{
    algorithms::Algorithms,
    error::TlsError,
    generation::{Generations, Load},
    mode::TlsMode,
    pem::Pem,
    reload::reload_methods,
};
use crate::prologue::PrologueStep;

/// TLS for servers: a loaded configuration that can be reloaded. Clones share the configuration.
///
/// Each connection uses the files that were loaded last before its handshake, until it closes.
#[derive(Debug, Clone)]
pub struct ServerTls {
    generations: Arc<Generations<ServerTlsConfig>>,
}

impl ServerTls {
    /// Loads the files of the configuration. Reads files, so it may block briefly.
    ///
    /// # Errors
    /// Returns [`TlsError`] if a file is missing or invalid, the key does not belong to the certificate, or
    /// settings contradict each other.
    pub fn new(config: ServerTlsConfig) -> Result<Self, TlsError> {
        config.check()?;
        Ok(Self { generations: Arc::new(Generations::new(config)?) })
    }

    /// Returns which connections are accepted.
    pub fn mode(&self) -> TlsMode {
        self.generations.settings().mode
    }

    /// Returns the prologue step that starts TLS. Add it after a step that reads a PROXY header.
    pub fn step(&self) -> impl PrologueStep + use<> {
        ServerTlsStep::new(self.clone())
    }

    fn config(&self) -> Option<Arc<rustls::ServerConfig>> {
        self.generations.config().as_ref().clone()
    }

    fn settings(&self) -> &ServerTlsConfig {
        self.generations.settings()
    }
}

reload_methods!(ServerTls);

impl Load for ServerTlsConfig {
    /// `None` if TLS is disabled.
    type Config = Option<Arc<rustls::ServerConfig>>;

    fn sources(&self) -> Vec<&Pem> {
        let mut sources = Vec::new();
        if let Identity::Given(identity) = &self.identity {
            sources.extend(identity.sources());
        }
        if let Clients::Verified { roots, .. } = &self.clients {
            sources.extend(roots.sources());
        }
        sources
    }

    fn load(&self) -> Result<Self::Config, TlsError> {
        if self.mode == TlsMode::Disabled {
            return Ok(None);
        }
        let provider = self.handshake.algorithms.provider()?;
        let builder = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&self.handshake.algorithms.versions()?)
            .map_err(|error| Algorithms::refused(&error))?;
        let builder = match self.client_verifier(provider)? {
            Some(verifier) => builder.with_client_cert_verifier(verifier),
            None => builder.with_no_client_auth(),
        };
        let mut config = match &self.identity {
            Identity::Given(identity) => {
                let loaded = identity.load()?;
                builder
                    .with_single_cert(loaded.certificates, loaded.key)
                    .map_err(|error| identity.refused(&error))?
            }
            #[cfg(feature = "tls-self-signed")]
            Identity::SelfSigned => super::self_signed::configure(builder)?,
            Identity::None => return Ok(None),
        };
        config.alpn_protocols.clone_from(&self.handshake.alpn);
        if !self.handshake.resumption {
            config.session_storage = Arc::new(NoServerSessionStorage {});
            config.send_tls13_tickets = 0;
        }
        Ok(Some(Arc::new(config)))
    }
}

impl ServerTlsConfig {
    fn client_verifier(
        &self,
        provider: Arc<rustls::crypto::CryptoProvider>,
    ) -> Result<Option<Arc<dyn ClientCertVerifier>>, TlsError> {
        match &self.clients {
            Clients::NotRequested => Ok(None),
            Clients::AnyCertificate { required } => {
                Ok(Some(Arc::new(AnyClientCertificate { provider, required: *required })))
            }
            Clients::Verified { required, roots } => {
                let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots.load()?), provider);
                let builder = if *required { builder } else { builder.allow_unauthenticated() };
                let verifier =
                    builder.build().map_err(|error| TlsError::setting("client_auth", error.to_string()))?;
                Ok(Some(verifier))
            }
        }
    }
}
