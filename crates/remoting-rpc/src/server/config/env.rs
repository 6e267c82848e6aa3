//! The server's part of Java's system properties (`NettySystemConfig`), read from the environment.

use std::time::Duration;

use remoting_transport::protocol::SerializeType;

use super::ServerConfig;
use crate::config::{ConfigError, JavaKeys, Properties};
use crate::java_property::java_property_from_env;

pub(super) const JAVA_KEYS: JavaKeys = JavaKeys {
    async_permits: &["serverAsyncSemaphoreValue"],
    oneway_permits: &["serverOnewaySemaphoreValue"],
    max_idle: &["serverChannelMaxIdleTimeSeconds"],
};
const GRACEFULLY: &str = "enableShutdownGracefully";
const SHUTDOWN_WAIT: &str = "shutdownWaitTimeSeconds";
const BACKLOG: &str = "com.rocketmq.remoting.socket.backlog";
const SERIALIZE_TYPE: &str = "rocketmq.serialize.type";
/// The environment variable that Java reads when the property is not set.
const SERIALIZE_TYPE_VARIABLE: &str = "ROCKETMQ_SERIALIZE_TYPE";

impl ServerConfig {
    /// Returns the defaults, changed by the Java properties in the environment. No other function reads the
    /// environment.
    ///
    /// A property is looked up under its Java name (`env com.rocketmq.remoting.socket.backlog=2048 …`) and, since shells
    /// cannot export such a name, with an underscore for each character that is neither a letter nor a digit
    /// (`com_rocketmq_remoting_socket_backlog=2048`).
    ///
    /// | property | setting |
    /// |---|---|
    /// | `com.rocketmq.remoting.socket.backlog` | [`backlog`](Self::backlog) |
    /// | `com.rocketmq.remoting.socket.sndbuf.size` (bytes) | [`send_buffer`](Self::send_buffer) |
    /// | `com.rocketmq.remoting.socket.rcvbuf.size` (bytes) | [`receive_buffer`](Self::receive_buffer) |
    /// | `com.rocketmq.remoting.write.buffer.low.water.mark`, `….high.water.mark` (bytes, both or neither) | [`water_mark`](Self::water_mark) |
    /// | `com.rocketmq.remoting.frameMaxLength` (bytes) | [`frame_limits`](Self::frame_limits) |
    /// | `rocketmq.serialize.type`, else `ROCKETMQ_SERIALIZE_TYPE` (`JSON` or `ROCKETMQ`) | [`response_serialize_type`](Self::response_serialize_type) |
    /// | `serverChannelMaxIdleTimeSeconds` | [`max_idle`](Self::max_idle) |
    /// | `serverAsyncSemaphoreValue`, `serverOnewaySemaphoreValue` | [`async_permits`](Self::async_permits), [`oneway_permits`](Self::oneway_permits) |
    /// | `enableShutdownGracefully`, `shutdownWaitTimeSeconds` | [`shutdown_gracefully`](Self::shutdown_gracefully), [`shutdown_wait`](Self::shutdown_wait) |
    ///
    /// The last three rows are keys of a broker's properties file, not system properties.
    /// [`from_properties`](Self::from_properties) reads both kinds.
    ///
    /// # Errors
    ///
    /// Returns [`ConfigError`] if a value cannot be parsed or is out of range. Java's static initializer crashes the
    /// process in this case.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_properties(java_property_from_env)
    }

    /// Equivalent of [`from_env`](Self::from_env) with another source of properties. `lookup` takes the Java name.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`from_env`](Self::from_env).
    pub fn from_properties(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let properties = Properties::new(lookup);
        let mut config = Self::new();
        config.endpoint.read_properties(&JAVA_KEYS, &properties)?;
        if let Some(gracefully) = properties.read(GRACEFULLY, "true or false")? {
            config = config.shutdown_gracefully(gracefully);
        }
        if let Some(seconds) = properties.read(SHUTDOWN_WAIT, "a number of seconds")? {
            config = config.shutdown_wait(Duration::from_secs(seconds));
        }
        if let Some(connections) = properties.read(BACKLOG, "a number of connections")? {
            config = config.backlog(connections);
        }
        config.response_serialize_type = serialize_type(&properties, SERIALIZE_TYPE)?
            .or(serialize_type(&properties, SERIALIZE_TYPE_VARIABLE)?);
        config.validate()?;
        Ok(config)
    }
}

fn serialize_type(
    properties: &Properties<impl Fn(&str) -> Option<String>>,
    property: &'static str,
) -> Result<Option<SerializeType>, ConfigError> {
    const EXPECTED: &str = "JSON or ROCKETMQ";
    match properties.read::<String>(property, EXPECTED)?.as_deref() {
        None => Ok(None),
        Some("JSON") => Ok(Some(SerializeType::Json)),
        Some("ROCKETMQ") => Ok(Some(SerializeType::RocketMq)),
        Some(other) => Err(ConfigError::Property { property, value: other.to_owned(), expected: EXPECTED }),
    }
}
