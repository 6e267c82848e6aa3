//! The official broker and name server.

use std::path::Path;

use tokio::process::Command;

use super::{Toolchain, maven};

/// The jars of the broker and the name server of one RocketMQ version.
#[derive(Clone)]
pub(crate) struct Servers {
    version: String,
    class_path: String,
}

/// Runs Maven in `interop/servers/`.
pub(crate) async fn fetch_servers(_: &Toolchain, root: &Path, version: &str) -> anyhow::Result<Servers> {
    let class_path = maven::compile(&root.join("interop").join("servers"), version).await?;
    Ok(Servers { version: version.to_owned(), class_path })
}

impl Servers {
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// Returns the command for a JVM that runs a class of these jars.
    pub(crate) fn command(&self, options: &[String], main_class: &str) -> Command {
        let mut java = Command::new("java");
        java.args(["-Xmx320m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]).args(options);
        java.args(["-cp", &self.class_path, main_class]);
        java
    }
}
