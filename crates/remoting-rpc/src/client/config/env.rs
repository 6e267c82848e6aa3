//! The client's Java system properties (`NettySystemConfig`), read from the environment.

use std::time::Duration;

use super::ClientConfig;
use crate::config::{ConfigError, JavaKeys, Properties};
use crate::java_property::java_property_from_env;
use crate::transport::SocksProxies;

pub(super) const JAVA_KEYS: JavaKeys = JavaKeys {
    async_permits: &["com.rocketmq.remoting.clientAsyncSemaphoreValue", "clientAsyncSemaphoreValue"],
    oneway_permits: &["com.rocketmq.remoting.clientOnewaySemaphoreValue", "clientOnewaySemaphoreValue"],
    max_idle: &["com.rocketmq.remoting.client.channel.maxIdleTimeSeconds", "clientChannelMaxIdleTimeSeconds"],
};
const CONNECT_TIMEOUT: [&str; 2] = ["com.rocketmq.remoting.client.connect.timeout", "connectTimeoutMillis"];
const CLOSE_ON_TIMEOUT: [&str; 2] =
    ["com.rocketmq.remoting.client.closeSocketIfTimeout", "clientCloseSocketIfTimeout"];
const SOCKS_PROXIES: [&str; 2] = ["com.rocketmq.socks.proxy.config", "socksProxyConfig"];
const SCAN_NAME_SERVERS: &str = "isScanAvailableNameSrv";
const RECONNECT_FOR_GO_AWAY: &str = "enableReconnectForGoAway";

impl ClientConfig {
    /// Returns the defaults, changed by the Java properties in the environment. No other function reads the
    /// environment.
    ///
    /// A property is looked up under its Java name (`env com.rocketmq.remoting.client.connect.timeout=500 …`)
    /// and, since shells cannot export such a name, with an underscore for each character that is neither a
    /// letter nor a digit (`com_rocketmq_remoting_client_connect_timeout=500`).
    ///
    /// | system property | key of `NettyClientConfig` | setting |
    /// |---|---|---|
    /// | `com.rocketmq.remoting.client.connect.timeout` (ms) | `connectTimeoutMillis` | [`connect_timeout`](Self::connect_timeout) |
    /// | `com.rocketmq.remoting.client.channel.maxIdleTimeSeconds` | `clientChannelMaxIdleTimeSeconds` | [`max_idle`](Self::max_idle) |
    /// | `com.rocketmq.remoting.client.closeSocketIfTimeout` | `clientCloseSocketIfTimeout` | [`retire_silent_channel_on_timeout`](Self::retire_silent_channel_on_timeout) |
    /// | `com.rocketmq.remoting.clientAsyncSemaphoreValue` | `clientAsyncSemaphoreValue` | [`async_permits`](Self::async_permits) |
    /// | `com.rocketmq.remoting.clientOnewaySemaphoreValue` | `clientOnewaySemaphoreValue` | [`oneway_permits`](Self::oneway_permits) |
    /// | `com.rocketmq.remoting.socket.sndbuf.size` (bytes) | | [`send_buffer`](Self::send_buffer) |
    /// | `com.rocketmq.remoting.socket.rcvbuf.size` (bytes) | | [`receive_buffer`](Self::receive_buffer) |
    /// | `com.rocketmq.remoting.write.buffer.low.water.mark`, `….high.water.mark` (bytes, both or neither) | | [`water_mark`](Self::water_mark) |
    /// | `com.rocketmq.remoting.frameMaxLength` (bytes) | | [`frame_limits`](Self::frame_limits) |
    /// | `com.rocketmq.socks.proxy.config` (JSON) | `socksProxyConfig` | [`socks_proxies`](Self::socks_proxies) |
    /// | | `isScanAvailableNameSrv` | [`scan_available_name_servers`](Self::scan_available_name_servers) |
    /// | | `enableReconnectForGoAway` | [`reconnect_for_go_away`](Self::reconnect_for_go_away) |
    ///
    /// If both names of a setting are set, the key takes precedence, as in Java.
    /// `com.rocketmq.remoting.client.worker.size` is not read, because there are no worker threads.
    ///
    /// # Errors
    ///
    /// Returns [`ConfigError`] if a value cannot be parsed or is out of range. Java's static initializer
    /// crashes the process in this case.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_properties(java_property_from_env)
    }

    /// Equivalent of [`from_env`](Self::from_env) with another source of properties. `lookup` takes the Java
    /// name.
    ///
    /// # Errors
    ///
    /// Returns [`ConfigError`] as [`from_env`](Self::from_env) does.
    pub fn from_properties(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let properties = Properties::new(lookup);
        let mut config = Self::new();
        config.endpoint.read_properties(&JAVA_KEYS, &properties)?;
        if let Some(millis) = properties.read_last(&CONNECT_TIMEOUT, "a number of milliseconds")? {
            config = config.connect_timeout(Duration::from_millis(millis));
        }
        if let Some(retire) = properties.read_last(&CLOSE_ON_TIMEOUT, "true or false")? {
            config = config.retire_silent_channel_on_timeout(retire);
        }
        if let Some(table) = properties.read_last::<String>(&SOCKS_PROXIES, "a table of SOCKS proxies")? {
            config = config.socks_proxies(SocksProxies::from_json(&table)?);
        }
        if let Some(scan) = properties.read(SCAN_NAME_SERVERS, "true or false")? {
            config = config.scan_available_name_servers(scan);
        }
        if let Some(reconnect) = properties.read(RECONNECT_FOR_GO_AWAY, "true or false")? {
            config = config.reconnect_for_go_away(reconnect);
        }
        config.validate()?;
        Ok(config)
    }
}
