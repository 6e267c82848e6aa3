//! What new handshakes use, replaced as a whole.

use std::{fmt, sync::Arc};

use arc_swap::ArcSwap;
use parking_lot::Mutex;

use super::{
    error::TlsError,
    pem::{self, Pem},
};
use crate::protocol::ErrorChain;

/// A configuration made of files, and how to make it again.
pub(super) trait Load: fmt::Debug + Send + Sync + 'static {
    /// What handshakes use.
    type Config: Send + Sync + 'static;

    /// The files and texts it is made of.
    fn sources(&self) -> Vec<&Pem>;

    /// Makes it.
    fn load(&self) -> Result<Self::Config, TlsError>;
}

/// Certificate, key, trust roots and settings of one moment. A handshake takes one generation and keeps it.
struct Generation<C> {
    number: u64,
    config: Arc<C>,
}

/// The generation in force, and how the last attempt to replace it went.
pub(super) struct Generations<L: Load> {
    load: L,
    current: ArcSwap<Generation<L::Config>>,
    // Also makes reloads take turns.
    last: Mutex<LastAttempt>,
}

struct LastAttempt {
    digest: u64,
    error: Option<TlsError>,
}

impl<L: Load> Generations<L> {
    pub(super) fn new(load: L) -> Result<Self, TlsError> {
        // The digest first: what changes while it is being read counts as changed afterwards.
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

    /// Reads everything again. On an error the generation in force stays.
    pub(super) fn reload(&self) -> Result<u64, TlsError> {
        self.attempt(&mut self.last.lock())
    }

    /// Reads everything again, if a file holds something else than at the last attempt.
    pub(super) fn reload_if_changed(&self) {
        let mut last = self.last.lock();
        if pem::digest(self.load.sources()) != last.digest {
            // Told by the log and by `last_error`.
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
