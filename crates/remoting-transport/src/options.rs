//! How a channel and its socket behave.

use std::time::Duration;

use remoting_protocol::FrameLimits;
use thiserror::Error;

use crate::socks::SocksProxies;

/// Bytes waiting to be written at which a channel stops and starts being writable, as Netty's
/// `WriteBufferWaterMark`.
///
/// From `high` bytes on the channel is unwritable: [`Channel::send`](crate::Channel::send) waits, and a channel with
/// [`ChannelOptions::suspend_reads_when_unwritable`] reads nothing. Once no more than `low` bytes wait it is
/// writable again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaterMark {
    low: usize,
    high: usize,
}

impl WaterMark {
    /// Both marks, in bytes.
    ///
    /// # Errors
    /// When `high` is zero or beyond 1 GiB, or `low` is above `high`.
    pub fn new(low: usize, high: usize) -> Result<Self, OptionsError> {
        if high == 0 || high > 1 << 30 || low > high {
            return Err(OptionsError::WaterMark { low, high });
        }
        Ok(Self { low, high })
    }

    /// The low mark, in bytes.
    pub fn low(self) -> usize {
        self.low
    }

    /// The high mark, in bytes.
    pub fn high(self) -> usize {
        self.high
    }
}

impl Default for WaterMark {
    /// 256 KiB and 512 KiB. Netty's 32 KiB and 64 KiB would make each message body above 64 KiB wait for an
    /// empty buffer.
    fn default() -> Self {
        Self { low: 256 << 10, high: 512 << 10 }
    }
}

/// A value that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OptionsError {
    /// The water marks contradict each other.
    #[error(
        "water marks low={low} high={high}: low must not exceed high, and high must be 1 to 1073741824 bytes"
    )]
    WaterMark {
        /// The low mark asked for.
        low: usize,
        /// The high mark asked for.
        high: usize,
    },
}

/// How one channel reads and writes. The default suits a client; a server sets
/// [`suspend_reads_when_unwritable`](Self::suspend_reads_when_unwritable).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChannelOptions {
    /// Largest frame and header, both ways. Default: 16 MiB and 24 bits, as Java's
    /// `com.rocketmq.remoting.frameMaxLength`.
    pub frame_limits: FrameLimits,
    /// When the channel stops being writable. Default: see [`WaterMark::default`].
    pub water_mark: WaterMark,
    /// Whether an unwritable channel stops reading, so that a peer that does not read its answers cannot make
    /// this side hold more of them. Default: false. Servers set it; were both sides to do so, two full buffers
    /// could wait for each other until they are closed as idle. Without it, reading stops when the answers of this
    /// side that wait come to four times the high water mark.
    pub suspend_reads_when_unwritable: bool,
    /// How long a frame that has begun may take to make progress. Default: 60 s; `None`: as long as the idle time
    /// lasts. Bounds what a peer that sends byte by byte can hold.
    ///
    /// Progress is its last byte, or 64 KiB of it, or a sixteenth if that is more; then the time begins anew. So a frame
    /// of up to 64 KiB has this time in all, and the largest sixteen times as much: a steady sender needs 18 KB/s for a
    /// frame of 16 MiB. Time in which this side does not read does not count.
    pub frame_timeout: Option<Duration>,
    /// How long a closing channel may take to finish the requests in hand and to write what is queued.
    /// Default: 3 s.
    pub close_timeout: Duration,
    /// After how long without traffic the buffers of a channel are given back. Default: 1 s. An idle channel
    /// then holds no buffer at all; one that is used less often than that takes a buffer for the moment only.
    pub buffer_release_after: Duration,
}

impl Default for ChannelOptions {
    fn default() -> Self {
        Self {
            frame_limits: FrameLimits::default(),
            water_mark: WaterMark::default(),
            suspend_reads_when_unwritable: false,
            frame_timeout: Some(Duration::from_secs(60)),
            close_timeout: Duration::from_secs(3),
            buffer_release_after: Duration::from_secs(1),
        }
    }
}

/// What is set on each TCP socket, accepted or dialled. `TCP_NODELAY` is always on: writes are batched before
/// they reach the socket.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SocketOptions {
    /// `SO_SNDBUF`, in bytes. Default `None`: the system tunes it. Java: `serverSocketSndBufSize`,
    /// `clientSocketSndBufSize`.
    pub send_buffer: Option<usize>,
    /// `SO_RCVBUF`, in bytes. Default `None`: the system tunes it. Java: `serverSocketRcvBufSize`,
    /// `clientSocketRcvBufSize`.
    pub receive_buffer: Option<usize>,
    /// Quiet time after which the system probes whether the peer is still there (`SO_KEEPALIVE`, `TCP_KEEPIDLE`).
    /// Default: 15 s; `None` or zero: never, as Java does, whose half-open connections live for as long as it writes to
    /// them. This and the next three count in whole seconds: less than one counts as one, and more than 32 767 s as
    /// that.
    pub keepalive: Option<Duration>,
    /// Time between two probes of which the first was not answered (`TCP_KEEPINTVL`). Default: 10 s. Java has none.
    pub keepalive_interval: Duration,
    /// Probes without an answer after which the connection is broken (`TCP_KEEPCNT`). Default: 3; 1 to 127, anything
    /// else counts as the nearest of them. With [`user_timeout`](Self::user_timeout), Linux goes by that instead.
    /// Java has none.
    pub keepalive_retries: u32,
    /// How long what was sent may remain unacknowledged, or what is to be sent find the peer's window closed, before
    /// the connection is broken (`TCP_USER_TIMEOUT`). Linux and Android only; other systems give up by a time of their
    /// own, often after minutes. Default: 45 s; `None` or zero: the system's, some 15 minutes on Linux. Java has none.
    ///
    /// A peer that is there but does not read for so long is cut too, once all buffers in between are full. Linux
    /// announces a closed window as open again when about a sixteenth of a large receive buffer is free, so a reader of
    /// less than some 10 KB a second may look like one that does not read. Raise it where peers do hold back for longer:
    /// RocketMQ's long polls hold a request for 30 s at most.
    pub user_timeout: Option<Duration>,
}

impl Default for SocketOptions {
    /// With these a peer that has vanished is noticed within 45 s, whether the connection is quiet or not.
    fn default() -> Self {
        Self {
            send_buffer: None,
            receive_buffer: None,
            keepalive: Some(Duration::from_secs(15)),
            keepalive_interval: Duration::from_secs(10),
            keepalive_retries: 3,
            user_timeout: Some(Duration::from_secs(45)),
        }
    }
}

/// How [`connect`](crate::connect) dials.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ConnectOptions {
    /// What is set on each dialled socket.
    pub socket: SocketOptions,
    /// Which addresses are dialled through a SOCKS5 proxy. Default: none.
    pub socks_proxies: SocksProxies,
}

/// How a [`Listener`](crate::Listener) accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListenerOptions {
    /// Connections that the system holds before they are accepted. Default: 1 024. Java:
    /// `serverSocketBacklog`, which it ignores.
    pub backlog: u32,
    /// `SO_REUSEADDR`: whether the port can be bound while connections of an earlier owner linger.
    /// Default: true.
    pub reuse_address: bool,
    /// Connections that may be open at once; a further one is accepted and closed at once, and counted.
    /// Default: 65 536. Each costs memory and a file descriptor.
    pub max_connections: usize,
    /// Connections that may be open at once from one network of peers; a further one is closed at once, and
    /// counted. Default: `None`, no limit. It is the socket's address that counts: behind a proxy all clients share
    /// that of the proxy, and the proxy is the place for such a limit.
    pub max_connections_per_network: Option<usize>,
    /// How many leading bits of an IPv4 address make its network. Default: 32, each address is one. More than 32
    /// counts as 32.
    pub network_prefix_v4: u8,
    /// How many leading bits of an IPv6 address make its network. Default: 64, since one host often has a /64 to
    /// itself. More than 128 counts as 128.
    pub network_prefix_v6: u8,
    /// How long a connection may take for all its prologue steps together. Default: 30 s. It is what holds when all
    /// else fails: each step has a deadline of its own, of seconds.
    pub prologue_timeout: Duration,
    /// Connections that may be in their prologue at once, TLS handshakes above all. A further one displaces the
    /// oldest of the network of peers ([`network_prefix_v4`](Self::network_prefix_v4)) that has most in it, and is
    /// counted ([`ListenerStatistics::displaced_in_prologue`](crate::ListenerStatistics::displaced_in_prologue)): who
    /// opens many displaces its own. Default: 8 192; zero counts as one. A stalled handshake costs some 13 KB.
    pub max_pending_prologues: usize,
    /// What is set on each accepted socket.
    pub socket: SocketOptions,
}

impl Default for ListenerOptions {
    fn default() -> Self {
        Self {
            backlog: 1_024,
            reuse_address: true,
            max_connections: 65_536,
            max_connections_per_network: None,
            network_prefix_v4: 32,
            network_prefix_v6: 64,
            prologue_timeout: Duration::from_secs(30),
            max_pending_prologues: 8_192,
            socket: SocketOptions::default(),
        }
    }
}
