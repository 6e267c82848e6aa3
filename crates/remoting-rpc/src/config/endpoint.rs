//! The settings that a server and a client both have. Each stands here once: its value in [`EndpointConfig`], its
//! setter with the documentation in [`endpoint_setters`].

use std::time::Duration;

use super::{ConfigError, MAX_PERMITS, Properties, check_count};
use crate::channel::EndpointLimits;
use crate::transport::protocol::FrameLimits;
use crate::transport::{ChannelOptions, IdleStateHandler, IdleTimeouts, SocketOptions, WaterMark};

/// The part of a [`ServerConfig`](crate::ServerConfig) that is also part of a [`ClientConfig`](crate::ClientConfig).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EndpointConfig {
    pub(crate) limits: EndpointLimits,
    pub(crate) max_idle: Option<Duration>,
    pub(crate) channel: ChannelOptions,
    pub(crate) socket: SocketOptions,
    pub(crate) event_queue: usize,
    pub(crate) shutdown_timeout: Duration,
}

/// The Java names of the settings that are called otherwise on a server than on a client. Where there are several,
/// the last one is the key of the bean, which wins.
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
/// A length word and an empty header's.
const LEAST_FRAME: usize = 8;

impl EndpointConfig {
    /// The defaults, but for those two in which servers and clients differ.
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

    /// Takes over what Java's properties say.
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
        self.socket.send_buffer = properties.bytes("com.rocketmq.remoting.socket.sndbuf.size")?;
        self.socket.receive_buffer = properties.bytes("com.rocketmq.remoting.socket.rcvbuf.size")?;
        let low = properties.bytes("com.rocketmq.remoting.write.buffer.low.water.mark")?;
        let high = properties.bytes("com.rocketmq.remoting.write.buffer.high.water.mark")?;
        if low.is_some() || high.is_some() {
            let mark = WaterMark::new(low.unwrap_or(0), high.unwrap_or(0))?;
            self.channel = self.channel.clone().water_mark(mark);
        }
        if let Some(bytes) = properties.read::<usize>(FRAME_MAX_LENGTH, FRAME_BYTES)? {
            // Netty's decoder refuses zero, in Java on each new connection. Nor can any frame pass with less than this.
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
        check_count("max_waiting_responses", NO_JAVA_KEY, self.limits.response_backlog, usize::MAX)?;
        check_count("event_queue", NO_JAVA_KEY, self.event_queue, MAX_PERMITS)
    }

    pub(crate) fn idle_handler(&self) -> IdleStateHandler {
        IdleStateHandler::closing(IdleTimeouts::new().all(self.max_idle))
    }
}

/// What errors say of a setting that Java does not have.
pub(crate) const NO_JAVA_KEY: &str = "no Java key";

/// A duration of which zero means none.
pub(crate) fn not_zero(duration: impl Into<Option<Duration>>) -> Option<Duration> {
    duration.into().filter(|duration| !duration.is_zero())
}

/// A number of which zero means none.
pub(crate) fn positive(number: impl Into<Option<usize>>) -> Option<usize> {
    number.into().filter(|number| *number > 0)
}

/// Gives the setters of [`EndpointConfig`] to a config that has one as `endpoint`.
macro_rules! endpoint_setters {
    ($config:ident) => {
        /// # The settings of servers and clients alike
        impl $config {
            /// How many calls that expect a response may be in flight at once on all channels together; a further
            /// one waits within its time-out. Each costs its request, and 350 to 700 bytes of its channel's response
            /// table. Default: 65 535 for a client; 64 for a server, which calls its clients rarely. Zero is refused.
            /// Java: `clientAsyncSemaphoreValue`, `serverAsyncSemaphoreValue`.
            #[must_use]
            pub fn async_permits(mut self, permits: usize) -> Self {
                self.endpoint.limits.invoke = permits;
                self
            }

            /// How many one-way calls may wait for capacity in a channel's queue at once. Default: 65 535 for a client,
            /// 256 for a server. Zero is refused. Java: `clientOnewaySemaphoreValue`, `serverOnewaySemaphoreValue`.
            #[must_use]
            pub fn oneway_permits(mut self, permits: usize) -> Self {
                self.endpoint.limits.oneway = permits;
                self
            }

            /// After how long without a command in either direction a channel is closed. Default: 120 s; `None` or
            /// zero: never. Java: `clientChannelMaxIdleTimeSeconds`, `serverChannelMaxIdleTimeSeconds`.
            #[must_use]
            pub fn max_idle(mut self, idle: impl Into<Option<std::time::Duration>>) -> Self {
                self.endpoint.max_idle = $crate::config::not_zero(idle);
                self
            }

            /// How many requests of one channel may be in flight at once: handed to a task, a thread or a
            /// [`Responder`](crate::Responder), and not answered yet. A channel with so many is not read until one of
            /// them is answered, so that one connection does not use up what all have in common. Default: 16 384. Zero is refused. Java has
            /// no such limit.
            ///
            /// No response is read from such a channel either. Processors that call their own caller back, as many of them
            /// at once as this limit says, wait until their calls time out.
            #[must_use]
            pub fn max_requests_per_channel(mut self, requests: usize) -> Self {
                self.endpoint.limits.requests = requests;
                self
            }

            /// How long a response may wait for capacity in the queue of its channel, before the channel is closed because its
            /// peer reads too slowly. Default: 60 s; `None` or zero: as long as the idle time allows. Java queues
            /// responses without a bound.
            #[must_use]
            pub fn max_response_wait(mut self, wait: impl Into<Option<std::time::Duration>>) -> Self {
                self.endpoint.limits.response_wait = $crate::config::not_zero(wait);
                self
            }

            /// How many bytes of responses may wait for capacity in the queues of their channels, on all channels together. When
            /// there are more, the channel that has made no progress for the longest time is closed as too slow. Default:
            /// 256 MiB. Zero is refused. Java queues responses without a bound.
            #[must_use]
            pub fn max_waiting_responses(mut self, bytes: usize) -> Self {
                self.endpoint.limits.response_backlog = bytes;
                self
            }

            /// Whether the remark of a `SYSTEM_ERROR` says `internal error` instead of what failed, since the texts of
            /// errors and panics may say more than a peer is to know. The log has them in any case. Default: false, as
            /// in Java.
            #[must_use]
            pub fn withhold_errors(mut self, withhold: bool) -> Self {
                self.endpoint.limits.withhold_errors = withhold;
                self
            }

            /// `SO_SNDBUF` of each socket, in bytes. Default: `None` or 0, the system tunes it.
            /// Java: `clientSocketSndBufSize`, `serverSocketSndBufSize`.
            #[must_use]
            pub fn send_buffer(mut self, bytes: impl Into<Option<usize>>) -> Self {
                self.endpoint.socket.send_buffer = $crate::config::positive(bytes);
                self
            }

            /// `SO_RCVBUF` of each socket, in bytes. Default: `None` or 0, the system tunes it.
            /// Java: `clientSocketRcvBufSize`, `serverSocketRcvBufSize`.
            #[must_use]
            pub fn receive_buffer(mut self, bytes: impl Into<Option<usize>>) -> Self {
                self.endpoint.socket.receive_buffer = $crate::config::positive(bytes);
                self
            }

            /// Quiet time after which the system probes whether the peer is still there (`TCP_KEEPIDLE`). Default:
            /// 15 s; `None` or zero: never, as in Java, whose half-open connections live for as long as it writes to
            /// them. With this and the next three, a peer that has vanished is noticed within 45 s.
            #[must_use]
            pub fn keepalive(mut self, quiet: impl Into<Option<std::time::Duration>>) -> Self {
                self.endpoint.socket.keepalive = $crate::config::not_zero(quiet);
                self
            }

            /// Time between two such probes (`TCP_KEEPINTVL`). Default: 10 s. No Java key.
            #[must_use]
            pub fn keepalive_interval(mut self, interval: std::time::Duration) -> Self {
                self.endpoint.socket.keepalive_interval = interval;
                self
            }

            /// Probes without an answer after which the connection is broken (`TCP_KEEPCNT`). Default: 3. No Java key.
            #[must_use]
            pub fn keepalive_retries(mut self, probes: u32) -> Self {
                self.endpoint.socket.keepalive_retries = probes;
                self
            }

            /// How long what was sent may remain unacknowledged, or find the peer's window closed, before the
            /// connection is broken (`TCP_USER_TIMEOUT`, on Linux and Android). Default: 45 s; `None` or zero: the
            /// system's, some 15 minutes on Linux. What it does to a peer that reads slowly is said at
            /// [`SocketOptions::user_timeout`](crate::transport::SocketOptions::user_timeout). No Java key.
            #[must_use]
            pub fn user_timeout(mut self, timeout: impl Into<Option<std::time::Duration>>) -> Self {
                self.endpoint.socket.user_timeout = $crate::config::not_zero(timeout);
                self
            }

            /// The bytes waiting to be written at which a channel stops and starts taking commands. Above the high
            /// mark a call waits within its time-out, where Java queues without a bound, and a server stops reading
            /// that client's requests. Default: [`WaterMark::default`](crate::transport::WaterMark::default).
            /// Java: `writeBufferLowWaterMark`, `writeBufferHighWaterMark`.
            #[must_use]
            pub fn water_mark(mut self, mark: $crate::transport::WaterMark) -> Self {
                self.endpoint.channel = self.endpoint.channel.water_mark(mark);
                self
            }

            /// The largest frame and header, both ways. Default: 16 MiB and 24 bits.
            /// Java: the property `com.rocketmq.remoting.frameMaxLength`.
            #[must_use]
            pub fn frame_limits(mut self, limits: $crate::transport::protocol::FrameLimits) -> Self {
                self.endpoint.channel = self.endpoint.channel.frame_limits(limits);
                self
            }

            /// How long a frame may take to make progress, which is its last byte, 64 KiB of it, or a sixteenth if that is
            /// more: a peer cannot hold memory by sending byte after byte. See
            /// [`ChannelOptions::frame_timeout`](remoting_transport::ChannelOptions::frame_timeout). Default: 60 s;
            /// `None` or zero: as long as the idle time allows. No Java key.
            #[must_use]
            pub fn frame_timeout(mut self, timeout: impl Into<Option<std::time::Duration>>) -> Self {
                self.endpoint.channel = self.endpoint.channel.frame_timeout(timeout);
                self
            }

            /// How many connection events may wait for the listener. Beyond that events other than CLOSE are
            /// dropped and counted, and new connections are refused. Default: 10 000. Zero is refused. Java:
            /// `NettyEventExecutor`'s fixed 10 000.
            #[must_use]
            pub fn event_queue(mut self, events: usize) -> Self {
                self.endpoint.event_queue = events;
                self
            }

            /// How long a shutdown waits for what is in flight: on a
            /// [client](crate::RemotingClient::shutdown) for its calls; on a
            /// [server](crate::RemotingServer::shutdown) for the requests, and for their responses to be written.
            /// Default: 3 s for a client, 10 s for a server. Zero waits for none, as in Java.
            #[must_use]
            pub fn shutdown_timeout(mut self, timeout: std::time::Duration) -> Self {
                self.endpoint.shutdown_timeout = timeout;
                self
            }
        }
    };
}
pub(crate) use endpoint_setters;
