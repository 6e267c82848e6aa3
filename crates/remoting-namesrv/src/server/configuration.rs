//! The configuration as tools read and change it. Java: `Configuration`.

use std::io;

use parking_lot::Mutex;
use remoting::ConfigError;
use remoting::model::body::PropertiesText;

use crate::atomic_file;
use crate::config::{NameServerConfig, SettingError, all_properties, is_known, server_config, with_defaults};

/// The configuration file, with keys that only the start reads.
#[derive(Debug, Default)]
pub(super) struct Configuration {
    /// Held by the one who changes the configuration.
    file: Mutex<PropertiesText>,
}

/// The error of a change.
#[derive(Debug, thiserror::Error)]
pub(super) enum UpdateError {
    #[error("Can not update config in black list.")]
    BlackListed,
    #[error(transparent)]
    Setting(#[from] SettingError),
    #[error(transparent)]
    Server(#[from] ConfigError),
    #[error("cannot write the configuration: {0}")]
    Store(#[from] io::Error),
}

impl Configuration {
    pub(super) const fn new(file: PropertiesText) -> Self {
        Self { file: Mutex::new(file) }
    }

    /// Returns all keys and values, in the order of the keys.
    pub(super) fn to_properties(&self, config: &NameServerConfig) -> PropertiesText {
        with_defaults(config, &self.file.lock())
    }

    /// Changes `config`, writes the file, and then passes the new configuration to `apply`. Keys that do not exist are
    /// ignored, as in Java.
    pub(super) fn update(
        &self,
        config: impl FnOnce() -> NameServerConfig,
        update: &PropertiesText,
        apply: impl FnOnce(NameServerConfig),
    ) -> Result<(), UpdateError> {
        let mut file = self.file.lock();
        let mut config = config();
        if update.iter().any(|(key, _)| config.is_black_listed(key)) {
            return Err(UpdateError::BlackListed);
        }
        let mut changed_file = file.clone();
        for (key, value) in update.iter() {
            match config.set(key, value) {
                Ok(()) => tracing::info!(key, value, "configuration changed"),
                Err(SettingError::Unknown { .. }) if is_known(key) => {
                    changed_file.set(key, value);
                    tracing::info!(key, value, "configuration changed for the next start");
                }
                Err(SettingError::Unknown { .. }) if changed_file.get(key).is_some() => {
                    changed_file.set(key, value);
                }
                Err(SettingError::Unknown { .. }) => {
                    tracing::warn!(key, "configuration not changed: unknown key")
                }
                Err(error) => return Err(error.into()),
            }
        }
        // A value that is wrong would prevent the next start.
        server_config(&changed_file).map(drop)?;
        if let Some(path) = &config.config_store_path {
            atomic_file::replace(path, all_properties(&config, &changed_file).to_string().as_bytes())?;
        }
        *file = changed_file;
        apply(config);
        Ok(())
    }
}
