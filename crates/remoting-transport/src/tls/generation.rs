//! The configuration that new handshakes use, replaced as a whole by a reload.

use std::{fmt, sync::Arc};

use arc_swap::ArcSwap;
use parking_lot::Mutex;

use super::{
    error::TlsError,
    pem::{self, Pem},
};
use crate::protocol::ErrorChain;

/// Settings that name files, from which a configuration can be loaded repeatedly.
pub(super) trait Load: fmt::Debug + Send + Sync + 'static {
    /// The loaded configuration that handshakes use.
    type Config: Send + Sync + 'static;

    /// Returns the files and texts that `load` reads.
    fn sources(&self) -> Vec<&Pem>;

    /// Loads the configuration.
    fn load(&self) -> Result<Self::Config, TlsError>;
}

/// A certificate, its key and the trust roots that were loaded together. A handshake uses one generation
/// throughout.
struct Generation<C> {
    number: u64,
    config: Arc<C>,
}

/// The current generation, and the result of the last attempt to replace it.
pub(super) struct Generations<L: Load> {
    load: L,
    current: ArcSwap<Generation<L::Config>>,
    // This lock also serializes reloads.
    last: Mutex<LastAttempt>,
}

struct LastAttempt {
    digest: u64,
    error: Option<TlsError>,
}

impl<L: Load> Generations<L> {
    pub(super) fn new(load: L) -> Result<Self, TlsError> {
        // The digest comes first: a file that changes during the load then counts as changed.
        let digest = pem::digest(load.sources());
        let config = Arc::new(load.load()?);
        Ok(Self {
            load,
            current: ArcSwap::from_pointee(Generation { number: 1, config }),
            last: Mutex::new(LastAttempt { digest, error: None }),
        })
    }

    pub(super) fn settings(&self) -> &L {
        &self.load
    }

    pub(super) fn config(&self) -> Arc<L::Config> {
        Arc::clone(&self.current.load().config)
    }

    pub(super) fn number(&self) -> u64 {
        self.current.load().number
    }

    pub(super) fn last_error(&self) -> Option<TlsError> {
        self.last.lock().error.clone()
    }

    /// Reads all files again. If this fails, the current generation stays in use.
    pub(super) fn reload(&self) -> Result<u64, TlsError> {
        self.attempt(&mut self.last.lock())
    }

    /// Reloads if the content of a file has changed since the last attempt.
    pub(super) fn reload_if_changed(&self) {
        let mut last = self.last.lock();
        if pem::digest(self.load.sources()) != last.digest {
            // The error is logged, and `last_error` returns it.
            let _ = self.attempt(&mut last);
        }
    }

    fn attempt(&self, last: &mut LastAttempt) -> Result<u64, TlsError> {
        last.digest = pem::digest(self.load.sources());
        match self.load.load() {
            Ok(config) => {
                let number = self.number() + 1;
                self.current.store(Arc::new(Generation { number, config: Arc::new(config) }));
                last.error = None;
                tracing::info!(generation = number, "TLS files reloaded: new connections use them");
                Ok(number)
            }
            Err(error) => {
                tracing::error!(
                    generation = self.number(),
                    "TLS files not reloaded, what was loaded before stays in use: {}",
                    ErrorChain(&error)
                );
                last.error = Some(error.clone());
                Err(error)
            }
        }
    }
}

impl<L: Load> fmt::Debug for Generations<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Generations")
            .field("settings", &self.load)
            .field("number", &self.number())
            .finish_non_exhaustive()
    }
}
