//! The descriptors of the services, in a file that a driver reads.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::java::Drivers;

/// A file with the descriptors. It is removed on drop.
pub(super) struct Descriptors(PathBuf);

impl Descriptors {
    pub(super) fn write(drivers: &Drivers) -> anyhow::Result<Self> {
        let name = format!("remoting-greeter-{}-{}.bin", std::process::id(), drivers.version());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, greeter::helloworld::FILE_DESCRIPTOR_SET)
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Descriptors {
    fn drop(&mut self) {
        // At worst the file stays in the directory for temporary files.
        let _ = std::fs::remove_file(&self.0);
    }
}
