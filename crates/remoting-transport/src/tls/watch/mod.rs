//! Reloading when files change.

use std::{
    collections::BTreeSet,
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Weak},
    time::Duration,
};

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::{
    sync::Notify,
    task::AbortHandle,
    time::{Instant, timeout, timeout_at},
};

use super::{
    error::TlsError,
    generation::{Generations, Load},
};

/// How long the folders must be quiet before files are read: those who write several do so in one go.
const QUIET: Duration = Duration::from_millis(200);
/// How long a folder that is never quiet can put that off.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often files are looked at without being told to: network file systems tell nothing.
const RECHECK: Duration = Duration::from_secs(60);

/// Watches the files of a TLS configuration and reloads it when one of them changes. Dropping it ends that.
///
/// The files' folders are watched, not the files: those are often replaced by renaming, or, as Kubernetes does, by
/// turning a symbolic link of their folder. Files are reloaded when what they hold has changed, once their folders
/// have been quiet for 200 ms; besides, they are looked at once a minute.
#[must_use = "dropping it ends the watching"]
pub struct TlsWatch {
    _watcher: Option<RecommendedWatcher>,
    task: Option<AbortHandle>,
}

impl TlsWatch {
    pub(super) fn start<L: Load>(generations: &Arc<Generations<L>>) -> Result<Self, TlsError> {
        let sources = generations.settings().sources();
        let folders: BTreeSet<PathBuf> =
            sources.into_iter().filter_map(|pem| pem.path()).map(|path| folder(path)).collect();
        if folders.is_empty() {
            return Ok(Self { _watcher: None, task: None });
        }
        let changed = Arc::new(Notify::new());
        let watcher = watch(&folders, Arc::clone(&changed))?;
        let task = tokio::spawn(run(changed, Arc::downgrade(generations)));
        Ok(Self { _watcher: Some(watcher), task: Some(task.abort_handle()) })
    }
}

fn folder(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

fn watch(folders: &BTreeSet<PathBuf>, changed: Arc<Notify>) -> Result<RecommendedWatcher, TlsError> {
    let failed = |path: &Path, error: notify::Error| TlsError::Watch {
        path: path.to_path_buf(),
        why: error.to_string(),
    };
    let tell = move |event: notify::Result<notify::Event>| match event {
        // Reading the files is what the watching leads to.
        Ok(event) if event.kind.is_access() => {}
        Ok(_) => changed.notify_one(),
        Err(error) => {
            tracing::warn!("watching TLS files: {error}");
            changed.notify_one();
        }
    };
    let first = folders.first().map_or_else(|| Path::new("."), PathBuf::as_path);
    let mut watcher = notify::recommended_watcher(tell).map_err(|error| failed(first, error))?;
    for folder in folders {
        watcher.watch(folder, RecursiveMode::NonRecursive).map_err(|error| failed(folder, error))?;
    }
    Ok(watcher)
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
