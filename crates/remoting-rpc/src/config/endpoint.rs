//! The settings that servers and clients share. Each is defined once: its value in [`EndpointConfig`], its
//! setter and documentation in [`endpoint_setters`].

use std::time::Duration;

use super::{ConfigError, MAX_PERMITS, Properties, check_count};
use crate::channel::EndpointLimits;
use crate::transport::protocol::FrameLimits;
use crate::transport::{ChannelOptions, IdleStateHandler, IdleTimeouts, SocketOptions, WaterMark};

/// The settings shared by [`ServerConfig`](crate::ServerConfig) and [`ClientConfig`](crate::ClientConfig).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EndpointConfig {
    pub(crate) limits: EndpointLimits,
    pub(crate) max_idle: Option<Duration>,
    pub(crate) channel: ChannelOptions,
    pub(crate) socket: SocketOptions,
    pub(crate) event_queue: usize,
    pub(crate) shutdown_timeout: Duration,
}

const LOW_WATER_MARK: &str = "com.rocketmq.remoting.write.buffer.low.water.mark";
const HIGH_WATER_MARK: &str = "com.rocketmq.remoting.write.buffer.high.water.mark";

/// The Java names of the settings whose names differ between server and client. The last name of a list is
/// the key of the Java bean, which takes precedence.
#[derive(Debug, Clone, Copy)]
pub(crate) struct JavaKeys {
    pub(crate) async_permits: &'static [&'static str],
    pub(crate) oneway_permits: &'static [&'static str],
    pub(crate) max_idle: &'static [&'static str],
}

/// How long a closing channel may take to finish its requests and to write its queue.
pub(crate) const CLOSE_TIMEOUT: Duration = Duration::from_secs(3);
const FRAME_MAX_LENGTH: &str = "com.rocketmq.remoting.frameMaxLength";
const FRAME_BYTES: &str = "a number of bytes, 8 or more";
/// The size of a frame with an empty header: its length word and its header length word.
const LEAST_FRAME: usize = 8;

fn without_the_other(property: &'static str, mark: usize) -> ConfigError {
    let expected = "set together with the other water mark";
    ConfigError::Property { property, value: mark.to_string(), expected }
}

impl EndpointConfig {
    /// Returns the defaults, except the two that differ between servers and clients.
    pub(crate) fn new(limits: EndpointLimits, shutdown_timeout: Duration) -> Self {
        Self {
            limits,
            max_idle: Some(Duration::from_secs(120)),
            channel: ChannelOptions::new().close_timeout(CLOSE_TIMEOUT),
            socket: SocketOptions::default(),
            event_queue: 10_000,
            shutdown_timeout,
        }
    }

    /// Applies Java's system properties.
    pub(crate) fn read_properties(
        &mut self,
        keys: &JavaKeys,
        properties: &Properties<impl Fn(&str) -> Option<String>>,
    ) -> Result<(), ConfigError> {
        const CALLS: &str = "a number of calls";
        if let Some(permits) = properties.read_last(keys.async_permits, CALLS)? {
            self.limits.invoke = permits;
        }
        if let Some(permits) = properties.read_last(keys.oneway_permits, CALLS)? {
            self.limits.oneway = permits;
        }
        if let Some(seconds) = properties.read_last(keys.max_idle, "a number of seconds")? {
            self.max_idle = not_zero(Duration::from_secs(seconds));
        }
        self.socket = std::mem::take(&mut self.socket)
            .with_send_buffer(properties.bytes("com.rocketmq.remoting.socket.sndbuf.size")?)
            .with_receive_buffer(properties.bytes("com.rocketmq.remoting.socket.rcvbuf.size")?);
        match (properties.bytes(LOW_WATER_MARK)?, properties.bytes(HIGH_WATER_MARK)?) {
            (None, None) => {}
            (Some(low), Some(high)) => {
                self.channel = self.channel.clone().water_mark(WaterMark::new(low, high)?);
            }
            // Java ignores one alone.
            (Some(mark), None) => return Err(without_the_other(LOW_WATER_MARK, mark)),
            (None, Some(mark)) => return Err(without_the_other(HIGH_WATER_MARK, mark)),
        }
        if let Some(bytes) = properties.read::<usize>(FRAME_MAX_LENGTH, FRAME_BYTES)? {
            // Netty's decoder rejects zero, in Java on each new connection. No frame fits into fewer bytes.
            if bytes < LEAST_FRAME {
                let (property, value) = (FRAME_MAX_LENGTH, bytes.to_string());
                return Err(ConfigError::Property { property, value, expected: FRAME_BYTES });
            }
            self.channel = self.channel.clone().frame_limits(FrameLimits::default().with_max_frame(bytes));
        }
        Ok(())
    }

    pub(crate) fn validate(&self, keys: &JavaKeys) -> Result<(), ConfigError> {
        let of_bean = |keys: &[&'static str]| keys.last().copied().unwrap_or(NO_JAVA_KEY);
        check_count("async_permits", of_bean(keys.async_permits), self.limits.invoke, MAX_PERMITS)?;
        check_count("oneway_permits", of_bean(keys.oneway_permits), self.limits.oneway, MAX_PERMITS)?;
        check_count("max_requests_per_channel", NO_JAVA_KEY, self.limits.requests, MAX_PERMITS)?;
        check_count("max_request_bytes_per_channel", NO_JAVA_KEY, self.limits.request_bytes, usize::MAX)?;
        check_count("max_waiting_responses", NO_JAVA_KEY, self.limits.response_backlog, usize::MAX)?;
        check_count("event_queue", NO_JAVA_KEY, self.event_queue, MAX_PERMITS)
    }

    pub(crate) fn idle_handler(&self) -> IdleStateHandler {
        IdleStateHandler::closing(IdleTimeouts::new().all(self.max_idle))
    }
}

/// The text of errors for a setting that Java does not have.
pub(crate) const NO_JAVA_KEY: &str = "no Java key";

/// Returns the duration, or `None` if it is zero.
pub(crate) fn not_zero(duration: impl Into<Option<Duration>>) -> Option<Duration> {
    duration.into().filter(|duration| !duration.is_zero())
}

/// Returns the number, or `None` if it is zero.
pub(crate) fn positive(number: impl Into<Option<usize>>) -> Option<usize> {
    number.into().filter(|number| *number > 0)
}

/// Adds the setters of [`EndpointConfig`] to a config with a field `endpoint` of that type.
macro_rules! endpoint_setters {
    ($config:ident) => {
        /// # Settings shared by servers and clients
        impl $config {
            /// Sets how many calls that expect a response may be in flight at once, on all channels together.
            /// Further calls wait within their time-out. Each call in flight costs its request and 350 to 700
            /// bytes of its channel's response table.
            ///
            /// Default: 65,535 for a client; 64 for a server, which rarely calls its clients. Zero is
            /// rejected. Java: `clientAsyncSemaphoreValue`, `serverAsyncSemaphoreValue`.
            pub fn async_permits(mut self, permits: usize) -> Self {
                self.endpoint.limits.invoke = permits;
                self
            }

            /// Sets how many one-way calls may wait for capacity in a channel's queue at once. Default:
            /// 65,535 for a client, 256 for a server. Zero is rejected. Java: `clientOnewaySemaphoreValue`,
            /// `serverOnewaySemaphoreValue`.
            pub fn oneway_permits(mut self, permits: usize) -> Self {
                self.endpoint.limits.oneway = permits;
                self
            }

            /// Sets how long a channel may go without a command in either direction before it is closed.
            /// Default: 120 s. `None` or zero: never. The progress of a large command counts; see
            /// [`IdleStateHandler`](remoting_transport::IdleStateHandler). Java:
            /// `clientChannelMaxIdleTimeSeconds`, `serverChannelMaxIdleTimeSeconds`.
            pub fn max_idle(mut self, idle: impl Into<Option<std::time::Duration>>) -> Self {
                self.endpoint.max_idle = $crate::config::not_zero(idle);
                self
            }

            /// Sets how many requests of one channel may be in flight at once: handed to a task, a thread or
            /// a [`Responder`](crate::Responder) and not answered yet. A channel at this limit is not read
            /// until a request is answered, so one connection cannot exhaust what all channels share.
            /// Default: 16,384. Zero is rejected. Java has no such limit.
            ///
            /// A channel at this limit reads no responses either. If that many processors call their own
            /// caller back at once, they wait until their calls time out.
            pub fn max_requests_per_channel(mut self, requests: usize) -> Self {
                self.endpoint.limits.requests = requests;
                self
            }

            /// Sets how many bytes of requests of one channel may be in flight at once: their remarks, ext
            /// fields and bodies. A channel at this limit is not read until a request is answered; a single
            /// request may be larger. Default: 64 MiB. Zero is rejected. Java has no such limit.
            pub fn max_request_bytes_per_channel(mut self, bytes: usize) -> Self {
                self.endpoint.limits.request_bytes = bytes;
                self
            }

            /// Sets how long a response may wait for capacity in its channel's queue before the channel is
            /// closed because its peer reads too slowly. Default: 60 s. `None` or zero: as long as the idle
            /// time allows. Java queues responses without a bound.
            pub fn max_response_wait(mut self, wait: impl Into<Option<std::time::Duration>>) -> Self {
                self.endpoint.limits.response_wait = $crate::config::not_zero(wait);
                self
            }

            /// Sets how many bytes of responses may wait for capacity in their channels' queues, on all
            /// channels together. Above it, the channels without progress for the longest time are closed as
            /// too slow. Default: 256 MiB. Zero is rejected. Java queues responses without a bound.
            pub fn max_waiting_responses(mut self, bytes: usize) -> Self {
                self.endpoint.limits.response_backlog = bytes;
                self
            }

            /// Sets whether the remark of a `SYSTEM_ERROR` is `internal error` instead of the error's text.
            /// The texts of errors and panics may reveal internals to the peer. The log has them in any case.
            /// Default: false, as in Java. The connections of a server have the attribute
            /// [`ERRORS_WITHHELD`]($crate::ERRORS_WITHHELD) then, for other protocols on its port.
            pub fn withhold_errors(mut self, withhold: bool) -> Self {
                self.endpoint.limits.withhold_errors = withhold;
                self
            }

            /// Sets `SO_SNDBUF` of each socket, in bytes. Default: `None` or zero, the system tunes it. Java:
            /// `clientSocketSndBufSize`, `serverSocketSndBufSize`.
            pub fn send_buffer(mut self, bytes: impl Into<Option<usize>>) -> Self {
                self.endpoint.socket = self.endpoint.socket.with_send_buffer($crate::config::positive(bytes));
                self
            }

            /// Sets `SO_RCVBUF` of each socket, in bytes. Default: `None` or zero, the system tunes it. Java:
            /// `clientSocketRcvBufSize`, `serverSocketRcvBufSize`.
            pub fn receive_buffer(mut self, bytes: impl Into<Option<usize>>) -> Self {
                self.endpoint.socket =
                    self.endpoint.socket.with_receive_buffer($crate::config::positive(bytes));
                self
            }

            /// Sets the idle time after which the system probes whether the peer is still there
            /// (`TCP_KEEPIDLE`). With this and the next three settings, a vanished peer is detected within 45
            /// s. Default: 15 s. `None` or zero: never, as in Java, where a half-open connection lives until
            /// it is written to.
            pub fn keepalive(mut self, quiet: impl Into<Option<std::time::Duration>>) -> Self {
                self.endpoint.socket = self.endpoint.socket.with_keepalive($crate::config::not_zero(quiet));
                self
            }

            /// Sets the time between two keepalive probes (`TCP_KEEPINTVL`). Default: 10 s. No Java key.
            pub fn keepalive_interval(mut self, interval: std::time::Duration) -> Self {
                self.endpoint.socket = self.endpoint.socket.with_keepalive_interval(interval);
                self
            }

            /// Sets after how many unanswered probes the connection is broken (`TCP_KEEPCNT`). Default: 3. No
            /// Java key.
            pub fn keepalive_retries(mut self, probes: u32) -> Self {
                self.endpoint.socket = self.endpoint.socket.with_keepalive_retries(probes);
                self
            }

            /// Sets how long sent data may remain unacknowledged, or the peer's window closed, before the
            /// connection is broken (`TCP_USER_TIMEOUT`, on Linux and Android). Its effect on a peer that
            /// reads slowly is described at
            /// [`SocketOptions::with_user_timeout`](crate::transport::SocketOptions::with_user_timeout). Default: 45 s.
            /// `None` or zero: the system's default, some 15 minutes on Linux. No Java key.
            pub fn user_timeout(mut self, timeout: impl Into<Option<std::time::Duration>>) -> Self {
                self.endpoint.socket =
                    self.endpoint.socket.with_user_timeout($crate::config::not_zero(timeout));
                self
            }

            /// Sets the number of queued bytes above which a channel is not writable (high), and below which
            /// it is writable again (low). While a channel is not writable, calls wait within their time-out,
            /// and a server does not read that client's requests. Java queues without a bound. Default:
            /// [`WaterMark::default`](crate::transport::WaterMark::default). Java: `writeBufferLowWaterMark`,
            /// `writeBufferHighWaterMark`.
            pub fn water_mark(mut self, mark: $crate::transport::WaterMark) -> Self {
                self.endpoint.channel = self.endpoint.channel.water_mark(mark);
                self
            }

            /// Sets the largest frame and header, in both directions. Default: 16 MiB and 24 bits. Java: the
            /// property `com.rocketmq.remoting.frameMaxLength`.
            pub fn frame_limits(mut self, limits: $crate::transport::protocol::FrameLimits) -> Self {
                self.endpoint.channel = self.endpoint.channel.frame_limits(limits);
                self
            }

            /// Sets how long a frame may take to progress by 64 KiB, by a sixteenth if that is more, or to
            /// its last byte. A peer cannot hold memory by sending single bytes. See
            /// [`ChannelOptions::frame_timeout`](remoting_transport::ChannelOptions::frame_timeout). Default:
            /// 60 s. `None` or zero: as long as the idle time allows. No Java key.
            pub fn frame_timeout(mut self, timeout: impl Into<Option<std::time::Duration>>) -> Self {
                self.endpoint.channel = self.endpoint.channel.frame_timeout(timeout);
                self
            }

            /// Sets how many connection events may wait for the listener. Above it, events other than CLOSE
            /// are dropped and counted, and new connections are rejected. Default: 10,000. Zero is rejected.
            /// Java: `NettyEventExecutor`'s fixed 10,000.
            pub fn event_queue(mut self, events: usize) -> Self {
                self.endpoint.event_queue = events;
                self
            }

            /// Sets how long a shutdown waits for work in flight: on a
            /// [client](crate::RemotingClient::shutdown) for its calls, on a
            /// [server](crate::RemotingServer::shutdown) for its requests, and for connections of other protocols on
            /// its port. The writing of responses has further time, up to 4 s.
            /// Default: 3 s for a client, 10 s for a server. Zero: no wait, as in Java.
            pub fn shutdown_timeout(mut self, timeout: std::time::Duration) -> Self {
                self.endpoint.shutdown_timeout = timeout;
                self
            }
        }
    };
}
pub(crate) use endpoint_setters;
