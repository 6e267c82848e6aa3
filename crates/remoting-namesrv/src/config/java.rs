//! Java's configuration file.

use std::fmt;

use remoting::model::body::PropertiesText;
use remoting::{Address, AddressError, ConfigError, ServerConfig};

use super::{NameServerConfig, SettingError};

/// The port of Java's name server.
const DEFAULT_PORT: u16 = 9876;

/// A configuration that was read from Java's properties file: the keys of `NamesrvConfig` and `NettyServerConfig`.
///
/// ```
/// use remoting_namesrv::JavaConfig;
///
/// let config = JavaConfig::read(b"listenPort=9877\nsupportActingMaster=true\nlistenprot=1\n")?;
/// assert_eq!(config.address()?.to_string(), "0.0.0.0:9877");
/// assert_eq!(config.unknown_keys(), ["listenprot"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct JavaConfig {
    /// The settings of the name server.
    pub name_server: NameServerConfig,
    /// The settings of its remoting server.
    pub server: ServerConfig,
    properties: PropertiesText,
    unknown: Vec<String>,
}

/// The error of reading Java's properties file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JavaConfigError {
    /// The file is not in the format of `java.util.Properties`.
    #[error("the configuration is not a properties file")]
    Syntax(#[source] remoting::protocol::properties::PropertiesError),
    /// A setting of the name server has a wrong value.
    #[error("the configuration has a wrong value")]
    Setting(#[from] SettingError),
    /// A setting of the remoting server has a wrong value.
    #[error("the configuration of the server is wrong")]
    Server(#[from] ConfigError),
    /// `bindAddress` and `listenPort` are not an address.
    #[error("bindAddress and listenPort are not an address")]
    Address(#[from] AddressError),
}

/// The keys of `NettyServerConfig` that have a setting, and the property by which [`ServerConfig`] reads it.
const SERVER_KEYS: [(&str, &str); 10] = [
    ("serverOnewaySemaphoreValue", "serverOnewaySemaphoreValue"),
    ("serverAsyncSemaphoreValue", "serverAsyncSemaphoreValue"),
    ("serverChannelMaxIdleTimeSeconds", "serverChannelMaxIdleTimeSeconds"),
    ("serverSocketSndBufSize", "com.rocketmq.remoting.socket.sndbuf.size"),
    ("serverSocketRcvBufSize", "com.rocketmq.remoting.socket.rcvbuf.size"),
    ("writeBufferHighWaterMark", "com.rocketmq.remoting.write.buffer.high.water.mark"),
    ("writeBufferLowWaterMark", "com.rocketmq.remoting.write.buffer.low.water.mark"),
    ("serverSocketBacklog", "com.rocketmq.remoting.socket.backlog"),
    ("enableShutdownGracefully", "enableShutdownGracefully"),
    ("shutdownWaitTimeSeconds", "shutdownWaitTimeSeconds"),
];

/// The values of Java's keys that are no settings of [`NameServerConfig`], unless the file has them. They are Java's, except
/// for the defaults of [`ServerConfig`] that differ from Java's.
const DEFAULTS: [(&str, &str); 23] = [
    ("bindAddress", "0.0.0.0"),
    ("clientRequestThreadPoolNums", "8"),
    ("clusterTest", "false"),
    ("enableControllerInNamesrv", "false"),
    ("enableShutdownGracefully", "true"),
    ("listenPort", "9876"),
    ("productEnvName", "center"),
    ("serverAsyncSemaphoreValue", "64"),
    ("serverCallbackExecutorThreads", "0"),
    ("serverChannelMaxIdleTimeSeconds", "120"),
    ("serverNettyWorkerGroupEnable", "true"),
    ("serverOnewaySemaphoreValue", "256"),
    ("serverPooledByteBufAllocatorEnable", "true"),
    ("serverSelectorThreads", "3"),
    ("serverSocketBacklog", "1024"),
    ("serverSocketRcvBufSize", "0"),
    ("serverSocketSndBufSize", "0"),
    ("serverWorkerThreads", "8"),
    ("shutdownWaitTimeSeconds", "1"),
    ("unRegisterBrokerQueueCapacity", "3000"),
    ("useEpollNativeSelector", "false"),
    ("writeBufferHighWaterMark", "524288"),
    ("writeBufferLowWaterMark", "262144"),
];

/// Keys that Java has for its threads, buffers and paths. They have no effect here and need no warning.
const WITHOUT_EFFECT: [&str; 10] = [
    "rocketmqHome",
    "productEnvName",
    "clientRequestThreadPoolNums",
    "unRegisterBrokerQueueCapacity",
    "serverWorkerThreads",
    "serverCallbackExecutorThreads",
    "serverSelectorThreads",
    "serverPooledByteBufAllocatorEnable",
    "serverNettyWorkerGroupEnable",
    "useEpollNativeSelector",
];

impl JavaConfig {
    /// Reads the content of a properties file.
    ///
    /// # Errors
    ///
    /// Returns a [`JavaConfigError`] if the syntax or a value is wrong.
    pub fn read(file: &[u8]) -> Result<Self, JavaConfigError> {
        let properties = PropertiesText::from_latin1(file).map_err(JavaConfigError::Syntax)?;
        let mut name_server = NameServerConfig::new();
        let mut unknown = Vec::new();
        for (key, value) in properties.iter() {
            match name_server.set(key, value) {
                Err(SettingError::Unknown { .. }) if !is_known(key) => unknown.push(key.to_owned()),
                Err(SettingError::Unknown { .. }) | Ok(()) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let server = server_config(&properties)?;
        Ok(Self { name_server, server, properties, unknown })
    }

    /// Returns the configurations, and the file as it is.
    pub(crate) fn into_parts(self) -> (NameServerConfig, ServerConfig, PropertiesText) {
        (self.name_server, self.server, self.properties)
    }

    /// Returns the keys of the file that no setting has. They are probably misspelt, or belong to a part of Java's name
    /// server that does not exist here, such as the controller.
    #[must_use]
    pub fn unknown_keys(&self) -> &[String] {
        &self.unknown
    }

    /// Returns the address of `bindAddress` and `listenPort`. Default: `0.0.0.0:9876`.
    ///
    /// # Errors
    ///
    /// Returns a [`JavaConfigError`] if they are not an address.
    pub fn address(&self) -> Result<Address, JavaConfigError> {
        let host = self.properties.get("bindAddress").unwrap_or("0.0.0.0").trim();
        let port = self
            .properties
            .get("listenPort")
            .map_or_else(|| DEFAULT_PORT.to_string(), |port| port.trim().to_owned());
        let text = if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") };
        Ok(text.parse()?)
    }
}

/// Writes all settings, and Java's other keys, as a properties file.
impl fmt::Display for JavaConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        with_defaults(&self.name_server, &self.properties).fmt(f)
    }
}

/// Returns the settings and the other keys of the file, in the order of the keys.
pub(crate) fn all_properties(config: &NameServerConfig, file: &PropertiesText) -> PropertiesText {
    let settings = NameServerConfig::KEYS.iter().filter_map(|key| Some((*key, config.get(key)?)));
    let others = file.iter().filter(|(key, _)| !NameServerConfig::KEYS.contains(key));
    let mut entries: Vec<_> = settings.chain(others.map(|(key, value)| (key, value.to_owned()))).collect();
    entries.sort();
    entries.into_iter().collect()
}

/// Returns what Java's `GET_NAMESRV_CONFIG` returns: all keys of `NamesrvConfig` and `NettyServerConfig`, and those of the file.
pub(crate) fn with_defaults(config: &NameServerConfig, file: &PropertiesText) -> PropertiesText {
    let mut file = file.clone();
    for (key, value) in DEFAULTS {
        if file.get(key).is_none() {
            file.set(key, value);
        }
    }
    all_properties(config, &file)
}

/// Reads the settings of the remoting server.
pub(crate) fn server_config(properties: &PropertiesText) -> Result<ServerConfig, ConfigError> {
    ServerConfig::from_properties(|property| {
        let (key, _) = SERVER_KEYS.iter().find(|(_, read_by)| *read_by == property)?;
        // Zero is Java's default for the sizes of buffers. `ServerConfig` reads it as such.
        properties.get(key).map(ToOwned::to_owned)
    })
}

/// Whether Java has the key, beside those of [`NameServerConfig`].
pub(crate) fn is_known(key: &str) -> bool {
    matches!(key, "bindAddress" | "listenPort")
        || SERVER_KEYS.iter().any(|(bean, _)| *bean == key)
        || WITHOUT_EFFECT.contains(&key)
}
