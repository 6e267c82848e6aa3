//! The client's part of Java's system properties (`NettySystemConfig`), read from the environment.

use std::time::Duration;

use super::ClientConfig;
use crate::config::{ConfigError, Properties, java_property_from_env};
use crate::transport::protocol::FrameLimits;
use crate::transport::{SocksProxies, WaterMark};

const SEND_BUFFER: &str = "com.rocketmq.remoting.socket.sndbuf.size";
const RECEIVE_BUFFER: &str = "com.rocketmq.remoting.socket.rcvbuf.size";
const LOW_WATER_MARK: &str = "com.rocketmq.remoting.write.buffer.low.water.mark";
const HIGH_WATER_MARK: &str = "com.rocketmq.remoting.write.buffer.high.water.mark";
const FRAME_MAX_LENGTH: &str = "com.rocketmq.remoting.frameMaxLength";

impl ClientConfig {
    /// The defaults, changed by the Java properties that are set in the environment. Nothing else ever reads it.
    ///
    /// A property is looked for under its Java name (`env com.rocketmq.remoting.client.connect.timeout=500 …`) and,
    /// since shells cannot export such a name, with every character that is no letter or digit as an underscore
    /// (`com_rocketmq_remoting_client_connect_timeout=500`).
    ///
    /// | system property | key of `NettyClientConfig` | setting |
    /// |---|---|---|
    /// | `com.rocketmq.remoting.client.connect.timeout` (ms) | `connectTimeoutMillis` | [`connect_timeout`](Self::connect_timeout) |
    /// | `com.rocketmq.remoting.client.channel.maxIdleTimeSeconds` | `clientChannelMaxIdleTimeSeconds` | [`max_idle`](Self::max_idle) |
    /// | `com.rocketmq.remoting.client.closeSocketIfTimeout` | `clientCloseSocketIfTimeout` | [`close_dead_channel_on_timeout`](Self::close_dead_channel_on_timeout) |
    /// | `com.rocketmq.remoting.clientAsyncSemaphoreValue` | `clientAsyncSemaphoreValue` | [`async_permits`](Self::async_permits) |
    /// | `com.rocketmq.remoting.clientOnewaySemaphoreValue` | `clientOnewaySemaphoreValue` | [`oneway_permits`](Self::oneway_permits) |
    /// | `com.rocketmq.remoting.socket.sndbuf.size` (bytes) | | [`send_buffer`](Self::send_buffer) |
    /// | `com.rocketmq.remoting.socket.rcvbuf.size` (bytes) | | [`receive_buffer`](Self::receive_buffer) |
    /// | `com.rocketmq.remoting.write.buffer.low.water.mark`, `….high.water.mark` (bytes, both or none) | | [`water_mark`](Self::water_mark) |
    /// | `com.rocketmq.remoting.frameMaxLength` (bytes) | | [`frame_limits`](Self::frame_limits) |
    /// | `com.rocketmq.socks.proxy.config` (JSON) | `socksProxyConfig` | [`socks_proxies`](Self::socks_proxies) |
    /// | | `isScanAvailableNameSrv` | [`scan_available_name_servers`](Self::scan_available_name_servers) |
    /// | | `enableReconnectForGoAway` | [`reconnect_for_go_away`](Self::reconnect_for_go_away) |
    ///
    /// Where both columns have a name, the key wins, as it does in Java.
    /// Not read: `com.rocketmq.remoting.client.worker.size` (there are no worker threads).
    ///
    /// # Errors
    ///
    /// When a value cannot be read or is absurd. Java's static initializer crashes the process then.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_properties(java_property_from_env)
    }

    /// As [`from_env`](Self::from_env), with the properties from elsewhere: `lookup` is given the Java name.
    ///
    /// # Errors
    ///
    /// As [`from_env`](Self::from_env).
    pub fn from_properties(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let properties = Properties::new(lookup);
        let mut config = Self::new();
        for property in ["com.rocketmq.remoting.client.connect.timeout", "connectTimeoutMillis"] {
            if let Some(millis) = properties.read(property, "a number of milliseconds")? {
                config = config.connect_timeout(Duration::from_millis(millis));
            }
        }
        for property in
            ["com.rocketmq.remoting.client.channel.maxIdleTimeSeconds", "clientChannelMaxIdleTimeSeconds"]
        {
            if let Some(seconds) = properties.read(property, "a number of seconds")? {
                config = config.max_idle(Duration::from_secs(seconds));
            }
        }
        for property in ["com.rocketmq.remoting.client.closeSocketIfTimeout", "clientCloseSocketIfTimeout"] {
            if let Some(close) = properties.read(property, "true or false")? {
                config = config.close_dead_channel_on_timeout(close);
            }
        }
        for property in ["com.rocketmq.remoting.clientAsyncSemaphoreValue", "clientAsyncSemaphoreValue"] {
            if let Some(permits) = properties.read(property, "a number of calls")? {
                config = config.async_permits(permits);
            }
        }
        for property in ["com.rocketmq.remoting.clientOnewaySemaphoreValue", "clientOnewaySemaphoreValue"] {
            if let Some(permits) = properties.read(property, "a number of calls")? {
                config = config.oneway_permits(permits);
            }
        }
        for property in ["com.rocketmq.socks.proxy.config", "socksProxyConfig"] {
            if let Some(table) = properties.read::<String>(property, "a table of SOCKS proxies")? {
                config = config.socks_proxies(SocksProxies::from_json(&table)?);
            }
        }
        if let Some(scan) = properties.read("isScanAvailableNameSrv", "true or false")? {
            config = config.scan_available_name_servers(scan);
        }
        if let Some(reconnect) = properties.read("enableReconnectForGoAway", "true or false")? {
            config = config.reconnect_for_go_away(reconnect);
        }
        config = config.send_buffer(properties.bytes(SEND_BUFFER)?);
        config = config.receive_buffer(properties.bytes(RECEIVE_BUFFER)?);
        let low = properties.bytes(LOW_WATER_MARK)?.unwrap_or(0);
        let high = properties.bytes(HIGH_WATER_MARK)?.unwrap_or(0);
        if low > 0 || high > 0 {
            config = config.water_mark(WaterMark::new(low, high)?);
        }
        if let Some(bytes) = properties.bytes(FRAME_MAX_LENGTH)? {
            config = config.frame_limits(FrameLimits::default().with_max_frame(bytes));
        }
        config.validate()?;
        Ok(config)
    }
}
