//! The operating system's notifications of changes in folders.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::Notify;

use super::error::TlsError;

/// Notifies `changed` when something changes in one of these folders, until the returned watcher is dropped.
pub(super) fn start(
    folders: &BTreeSet<PathBuf>,
    changed: Arc<Notify>,
) -> Result<RecommendedWatcher, TlsError> {
    let failed = |path: &Path, error: notify::Error| TlsError::Watch {
        path: path.to_path_buf(),
        why: error.to_string(),
    };
    let notify = move |event: notify::Result<notify::Event>| match event {
        // A reload reads the files; this is not a change.
        Ok(event) if event.kind.is_access() => {}
        Ok(_) => changed.notify_one(),
        Err(error) => {
            tracing::warn!("watching TLS files: {error}");
            changed.notify_one();
        }
    };
    let first = folders.first().map_or_else(|| Path::new("."), PathBuf::as_path);
    let mut watcher = notify::recommended_watcher(notify).map_err(|error| failed(first, error))?;
    for folder in folders {
        watcher.watch(folder, RecursiveMode::NonRecursive).map_err(|error| failed(folder, error))?;
    }
    Ok(watcher)
}
