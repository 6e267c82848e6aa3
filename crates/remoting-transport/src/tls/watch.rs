//! Reloads a TLS configuration when its files change.

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

/// The time without a change after which files are read. Related files are often written one after the other.
const DEBOUNCE: Duration = Duration::from_millis(200);
/// The longest delay of a read while changes keep coming.
const LONGEST_DELAY: Duration = Duration::from_secs(2);
/// The interval of reads without a notification. Network file systems do not send notifications.
#[cfg(feature = "tls-watch")]
const RECHECK: Duration = Duration::from_secs(60);
/// The interval of reads. There are no notifications.
#[cfg(not(feature = "tls-watch"))]
const RECHECK: Duration = Duration::from_secs(10);

/// Reloads a TLS configuration when one of its files changes, until it is dropped.
///
/// With the feature `tls-watch` the operating system reports changes, and the files are read once their
/// folders have been quiet for 200 ms, at most 2 s after the first change. The folders are watched, not the
/// files, because files are often replaced by renaming, or, in Kubernetes, by switching a symbolic link of
/// their folder. The files are also read once a minute. Without the feature they are read every ten seconds.
/// In each case they are reloaded only if their content has changed. A configuration without files is not
/// watched.
///
/// A reload that has begun completes even if the watch is dropped. A failed reload is logged and keeps the
/// previous configuration.
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
            let latest = Instant::now() + LONGEST_DELAY;
            while Instant::now() < latest
                && timeout_at(latest.min(Instant::now() + DEBOUNCE), changed.notified()).await.is_ok()
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
