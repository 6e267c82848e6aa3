//! The directories of the processes of a run.

use std::path::{Path, PathBuf};

use anyhow::Context;

/// The packages of the JDK that RocketMQ reaches into, which a JDK since 17 must be told to permit.
const OPENED: [&str; 6] = ["java.lang", "java.io", "java.nio", "java.util", "sun.nio.ch", "jdk.internal.ref"];

/// What RocketMQ 4.9 logs, and where. It does not start without the file.
const LOGBACK: &str = r#"<configuration>
  <appender name="file" class="ch.qos.logback.core.FileAppender">
    <file>${user.home}/rocketmq.log</file>
    <encoder><pattern>%d %p %t - %m%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="file"/></root>
</configuration>
"#;

/// A directory with a directory for each process. It is kept if a case fails.
pub(super) struct Homes(PathBuf);

impl Homes {
    pub(super) fn create(root: &Path) -> anyhow::Result<Self> {
        let path = root.join("target").join(format!("interop-product-{}", std::process::id()));
        std::fs::create_dir_all(&path).with_context(|| format!("cannot create {}", path.display()))?;
        Ok(Self(path))
    }

    /// Returns the home of a process, with the configuration of its log.
    pub(super) fn home(&self, name: &str) -> anyhow::Result<Home> {
        let home = self.0.join(name);
        let conf = home.join("conf");
        std::fs::create_dir_all(&conf).with_context(|| format!("cannot create {}", conf.display()))?;
        for program in ["broker", "namesrv", "tools"] {
            std::fs::write(conf.join(format!("logback_{program}.xml")), LOGBACK)?;
        }
        Ok(Home(home))
    }

    /// Removes everything.
    pub(super) fn remove(self) {
        // At worst the files stay in the directory of what cargo builds.
        let _ = std::fs::remove_dir_all(self.0);
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

/// The directory of one process: its configuration, logs and store.
pub(super) struct Home(PathBuf);

impl Home {
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes a Java properties file.
    pub(super) fn write_properties(
        &self,
        name: &str,
        properties: &[(&str, String)],
    ) -> anyhow::Result<PathBuf> {
        let path = self.file(name);
        let lines: String = properties.iter().map(|(key, value)| format!("{key}={value}\n")).collect();
        std::fs::write(&path, lines).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }

    /// Returns the options of a JVM that runs RocketMQ here.
    pub(super) fn jvm_options(&self) -> Vec<String> {
        let mut options: Vec<String> =
            OPENED.iter().map(|package| format!("--add-opens=java.base/{package}=ALL-UNNAMED")).collect();
        options.push("--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED".to_owned());
        // A broker that is killed leaves the libraries that it has unpacked.
        for property in ["user.home", "rocketmq.home.dir", "java.io.tmpdir"] {
            options.push(format!("-D{property}={}", self.0.display()));
        }
        options
    }
}
