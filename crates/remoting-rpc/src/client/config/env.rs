//! The client's part of Java's system properties (`NettySystemConfig`), read from the environment.

use std::str::FromStr;
use std::time::Duration;

use super::{ClientConfig, ClientConfigError};
use crate::transport::WaterMark;
use crate::transport::protocol::FrameLimits;

const CONNECT_TIMEOUT: &str = "com.rocketmq.remoting.client.connect.timeout";
const MAX_IDLE: &str = "com.rocketmq.remoting.client.channel.maxIdleTimeSeconds";
const CLOSE_IF_TIMEOUT: &str = "com.rocketmq.remoting.client.closeSocketIfTimeout";
const ASYNC_PERMITS: &str = "com.rocketmq.remoting.clientAsyncSemaphoreValue";
const ONEWAY_PERMITS: &str = "com.rocketmq.remoting.clientOnewaySemaphoreValue";
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
    /// | property | setting |
    /// |---|---|
    /// | `com.rocketmq.remoting.client.connect.timeout` (ms) | [`connect_timeout`](Self::connect_timeout) |
    /// | `com.rocketmq.remoting.client.channel.maxIdleTimeSeconds` | [`max_idle`](Self::max_idle) |
    /// | `com.rocketmq.remoting.client.closeSocketIfTimeout` | [`close_dead_channel_on_timeout`](Self::close_dead_channel_on_timeout) |
    /// | `com.rocketmq.remoting.clientAsyncSemaphoreValue` | [`async_permits`](Self::async_permits) |
    /// | `com.rocketmq.remoting.clientOnewaySemaphoreValue` | [`oneway_permits`](Self::oneway_permits) |
    /// | `com.rocketmq.remoting.socket.sndbuf.size` (bytes) | [`send_buffer`](Self::send_buffer) |
    /// | `com.rocketmq.remoting.socket.rcvbuf.size` (bytes) | [`receive_buffer`](Self::receive_buffer) |
    /// | `com.rocketmq.remoting.write.buffer.low.water.mark`, `….high.water.mark` (bytes, both or none) | [`water_mark`](Self::water_mark) |
    /// | `com.rocketmq.remoting.frameMaxLength` (bytes) | [`frame_limits`](Self::frame_limits) |
    ///
    /// Not read: `com.rocketmq.remoting.client.worker.size` (there are no worker threads).
    ///
    /// # Errors
    ///
    /// When a value cannot be read or is absurd. Java's static initializer crashes the process then.
    pub fn from_env() -> Result<Self, ClientConfigError> {
        Self::from_properties(|name| {
            let exported = || name.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
            std::env::var(name).or_else(|_| std::env::var(exported())).ok()
        })
    }

    /// As [`from_env`](Self::from_env), with the properties from elsewhere: `lookup` is given the Java name.
    ///
    /// # Errors
    ///
    /// As [`from_env`](Self::from_env).
    pub fn from_properties(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ClientConfigError> {
        let properties = Properties { lookup };
        let mut config = Self::new();
        if let Some(millis) = properties.read(CONNECT_TIMEOUT, "a number of milliseconds")? {
            config = config.connect_timeout(Duration::from_millis(millis));
        }
        if let Some(seconds) = properties.read(MAX_IDLE, "a number of seconds")? {
            config = config.max_idle(Duration::from_secs(seconds));
        }
        if let Some(close) = properties.read(CLOSE_IF_TIMEOUT, "true or false")? {
            config = config.close_dead_channel_on_timeout(close);
        }
        if let Some(permits) = properties.read(ASYNC_PERMITS, "a number of calls")? {
            config = config.async_permits(permits);
        }
        if let Some(permits) = properties.read(ONEWAY_PERMITS, "a number of calls")? {
            config = config.oneway_permits(permits);
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

struct Properties<F> {
    lookup: F,
}

impl<F: Fn(&str) -> Option<String>> Properties<F> {
    fn bytes(&self, property: &'static str) -> Result<Option<usize>, ClientConfigError> {
        self.read(property, "a number of bytes")
    }

    fn read<T: FromStr>(
        &self,
        property: &'static str,
        expected: &'static str,
    ) -> Result<Option<T>, ClientConfigError> {
        let Some(value) = (self.lookup)(property) else { return Ok(None) };
        match value.trim().parse() {
            Ok(parsed) => Ok(Some(parsed)),
            Err(_) => Err(ClientConfigError::Property { property, value, expected }),
        }
    }
}
