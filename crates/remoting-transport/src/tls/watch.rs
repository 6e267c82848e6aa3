//! Reloading when files change.

use std::{
    collections::BTreeSet,
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Weak},
    time::Duration,
};

use tokio::{
    sync::Notify,
    task::AbortHandle,
    time::{Instant, timeout, timeout_at},
};

use super::{
    error::TlsError,
    generation::{Generations, Load},
};

/// How long the folders must be quiet before files are read: several files are often written one after the other.
const QUIET: Duration = Duration::from_millis(200);
/// How long a folder that is never quiet can delay the reading.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often files are read without a notification, which network file systems do not send.
#[cfg(feature = "tls-watch")]
const RECHECK: Duration = Duration::from_secs(60);
/// How often files are read: there are no notifications.
#[cfg(not(feature = "tls-watch"))]
const RECHECK: Duration = Duration::from_secs(10);

/// Reloads a TLS configuration when one of its files changes, until it is dropped.
///
/// With the feature `tls-watch` the operating system reports changes: files are reloaded once their folders have been
/// quiet for 200 ms. The folders are watched, not the files, because files are often replaced by renaming, or, as
/// Kubernetes does, by a symbolic link of their folder. The files are also read once a minute, and reloaded if their
/// content has changed. Without the feature they are read every ten seconds.
#[must_use = "dropping it ends the watching"]
pub struct TlsWatch {
    #[cfg(feature = "tls-watch")]
    _notifications: Option<notify::RecommendedWatcher>,
    task: Option<AbortHandle>,
}

impl TlsWatch {
    pub(super) fn start<L: Load>(generations: &Arc<Generations<L>>) -> Result<Self, TlsError> {
        let sources = generations.settings().sources();
        let folders: BTreeSet<PathBuf> =
            sources.into_iter().filter_map(|pem| pem.path()).map(|path| folder(path)).collect();
        if folders.is_empty() {
            return Ok(Self {
                #[cfg(feature = "tls-watch")]
                _notifications: None,
                task: None,
            });
        }
        let changed = Arc::new(Notify::new());
        #[cfg(feature = "tls-watch")]
        let notifications = super::notifications::start(&folders, Arc::clone(&changed))?;
        let task = tokio::spawn(run(changed, Arc::downgrade(generations)));
        Ok(Self {
            #[cfg(feature = "tls-watch")]
            _notifications: Some(notifications),
            task: Some(task.abort_handle()),
        })
    }
}

fn folder(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

async fn run<L: Load>(changed: Arc<Notify>, generations: Weak<Generations<L>>) {
    loop {
        if timeout(RECHECK, changed.notified()).await.is_ok() {
            let latest = Instant::now() + PATIENCE;
            while Instant::now() < latest
                && timeout_at(latest.min(Instant::now() + QUIET), changed.notified()).await.is_ok()
            {
            }
        }
        let Some(generations) = generations.upgrade() else { return };
        let reload = tokio::task::spawn_blocking(move || generations.reload_if_changed());
        if let Err(error) = reload.await {
            tracing::error!("reloading TLS files failed: {error}");
        }
    }
}

impl Drop for TlsWatch {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

impl fmt::Debug for TlsWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsWatch").finish_non_exhaustive()
    }
}
