//! The KV configuration: namespaces of keys and values.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use remoting::BodyError;
use remoting::body::{from_json, to_json};
use serde::{Deserialize, Serialize};

use crate::atomic_file;

/// A namespace.
pub(crate) type Namespace = BTreeMap<String, String>;

/// The KV configuration. Reads take no lock. Java: `KVConfigManager`.
#[derive(Debug)]
pub(crate) struct KvConfig {
    content: ArcSwap<Content>,
    /// The file. The lock is held by who changes the content.
    path: Mutex<Option<PathBuf>>,
    max_bytes: usize,
}

/// The error of a change.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KvError {
    #[error("the KV configuration has no room: its limit is {limit} bytes (maxKvConfigBytes)")]
    Full { limit: usize },
    #[error(transparent)]
    Store(#[from] io::Error),
}

/// The content of the file. Java: `KVConfigSerializeWrapper`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Content {
    config_table: BTreeMap<String, Namespace>,
}

/// The error of reading the file of the KV configuration.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the KV configuration {}", path.display())]
pub struct KvConfigError {
    path: PathBuf,
    source: KvConfigErrorKind,
}

#[derive(Debug, thiserror::Error)]
enum KvConfigErrorKind {
    #[error(transparent)]
    Io(io::Error),
    #[error(transparent)]
    Content(BodyError),
}

impl KvConfig {
    /// Reads the file. A file that does not exist is an empty configuration.
    pub(crate) fn load(path: Option<PathBuf>, max_bytes: usize) -> Result<Self, KvConfigError> {
        let content = match &path {
            Some(path) => match std::fs::read(path) {
                Ok(file) => from_json(&file).map_err(KvConfigErrorKind::Content),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Content::default()),
                Err(error) => Err(KvConfigErrorKind::Io(error)),
            }
            .map_err(|source| KvConfigError { path: path.clone(), source })?,
            None => Content::default(),
        };
        Ok(Self { content: ArcSwap::from_pointee(content), path: Mutex::new(path), max_bytes })
    }

    pub(crate) fn namespace(&self, namespace: &str) -> Option<Namespace> {
        self.content.load().config_table.get(namespace).cloned()
    }

    pub(crate) fn get(&self, namespace: &str, key: &str) -> Option<String> {
        self.content.load().config_table.get(namespace)?.get(key).cloned()
    }

    /// Returns the number of keys.
    pub(crate) fn len(&self) -> usize {
        self.content.load().config_table.values().map(Namespace::len).sum()
    }

    /// Sets a key, and writes the file.
    pub(crate) fn put(&self, namespace: &str, key: &str, value: &str) -> Result<(), KvError> {
        self.change(|content| {
            let keys = content.config_table.entry(namespace.to_owned()).or_default();
            keys.insert(key.to_owned(), value.to_owned());
        })
    }

    /// Deletes a key, and writes the file. The namespace stays, as in Java.
    pub(crate) fn delete(&self, namespace: &str, key: &str) -> Result<(), KvError> {
        self.change(|content| {
            if let Some(keys) = content.config_table.get_mut(namespace) {
                keys.remove(key);
            }
        })
    }

    /// Changes the content if the file can be written.
    fn change(&self, change: impl FnOnce(&mut Content)) -> Result<(), KvError> {
        let path = self.path.lock();
        let mut content = Content::clone(&self.content.load());
        change(&mut content);
        let json = to_json(&content).map_err(io::Error::other)?;
        if json.len() > self.max_bytes {
            return Err(KvError::Full { limit: self.max_bytes });
        }
        if let Some(path) = &*path {
            atomic_file::replace(path, &json)?;
        }
        self.content.store(Arc::new(content));
        Ok(())
    }
}
