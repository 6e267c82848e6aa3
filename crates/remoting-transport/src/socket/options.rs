//! The options of TCP sockets.

use std::{net::IpAddr, time::Duration};

/// The options of TCP sockets. A client or server passes them to its [`Network`](crate::Network), which applies them,
/// at each dial and bind.
///
/// With the defaults, a peer that has vanished is noticed within 45 s, whether or not the connection is in use.
/// `TCP_NODELAY` is always on: writes are batched before they reach the socket.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct SocketOptions {
    send_buffer: Option<usize>,
    receive_buffer: Option<usize>,
    keepalive: Option<Duration>,
    keepalive_interval: Duration,
    keepalive_retries: u32,
    user_timeout: Option<Duration>,
    local_address: Option<IpAddr>,
    backlog: u32,
    reuse_address: bool,
}

impl SocketOptions {
    /// Creates the default options.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets `SO_SNDBUF`, in bytes. Default: `None`, the system tunes it. Equivalent of Java's
    /// `serverSocketSndBufSize` and `clientSocketSndBufSize`.
    pub fn with_send_buffer(mut self, bytes: impl Into<Option<usize>>) -> Self {
        self.send_buffer = bytes.into();
        self
    }

    /// Sets `SO_RCVBUF`, in bytes. Default: `None`, the system tunes it. Equivalent of Java's
    /// `serverSocketRcvBufSize` and `clientSocketRcvBufSize`.
    pub fn with_receive_buffer(mut self, bytes: impl Into<Option<usize>>) -> Self {
        self.receive_buffer = bytes.into();
        self
    }

    /// Sets the idle time after which the system probes the peer (`SO_KEEPALIVE`, `TCP_KEEPIDLE`). Default: 15 s.
    /// `None` or zero disables probes, as in Java, where a half-open connection lasts until the next write fails.
    ///
    /// The system counts whole seconds here, in the interval and in the user time-out: 1 s to 32 767 s; other values
    /// count as the nearest bound.
    pub fn with_keepalive(mut self, idle: impl Into<Option<Duration>>) -> Self {
        self.keepalive = idle.into();
        self
    }

    /// Sets the time between two probes if the first was not answered (`TCP_KEEPINTVL`). Default: 10 s. No Java
    /// equivalent.
    pub fn with_keepalive_interval(mut self, interval: Duration) -> Self {
        self.keepalive_interval = interval;
        self
    }

    /// Sets the number of unanswered probes after which the connection is broken (`TCP_KEEPCNT`). Default: 3; 1 to 127,
    /// other values count as the nearest bound. On Linux a [user time-out](Self::with_user_timeout) takes precedence.
    /// No Java equivalent.
    pub fn with_keepalive_retries(mut self, probes: u32) -> Self {
        self.keepalive_retries = probes;
        self
    }

    /// Sets how long sent bytes may stay unacknowledged, or the peer's window may stay closed while bytes are waiting,
    /// before the connection is broken (`TCP_USER_TIMEOUT`). Linux and Android only; other systems use their own limit,
    /// often minutes. Default: 45 s; `None` or zero: the system's, about 15 minutes on Linux. No Java equivalent.
    ///
    /// A live peer that does not read for so long is disconnected too, once all buffers in between are full. Linux
    /// announces a closed window as open again when about a sixteenth of a large receive buffer is free, so a peer that
    /// reads less than about 10 KB/s may look like a peer that does not read. Raise the limit if peers do stop reading
    /// for longer: RocketMQ's long polls hold a request for 30 s at most.
    pub fn with_user_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.user_timeout = timeout.into();
        self
    }

    /// Sets the IP address that connections are dialled from, for hosts with several addresses. The system chooses the
    /// port. Default: `None`, the system chooses both. Addresses of the other family cannot be dialled if this is set.
    pub fn with_local_address(mut self, address: impl Into<Option<IpAddr>>) -> Self {
        self.local_address = address.into();
        self
    }

    /// Sets how many connections a listener holds before they are accepted. Default: 1 024. Java ignores its
    /// `serverSocketBacklog`.
    pub fn with_backlog(mut self, connections: u32) -> Self {
        self.backlog = connections;
        self
    }

    /// Sets `SO_REUSEADDR` of a listener: whether the port can be bound while connections of a previous owner linger.
    /// Default: true.
    pub fn with_reuse_address(mut self, reuse: bool) -> Self {
        self.reuse_address = reuse;
        self
    }

    /// Returns `SO_SNDBUF` in bytes; `None`: the system tunes it.
    #[must_use]
    pub const fn send_buffer(&self) -> Option<usize> {
        self.send_buffer
    }

    /// Returns `SO_RCVBUF` in bytes; `None`: the system tunes it.
    #[must_use]
    pub const fn receive_buffer(&self) -> Option<usize> {
        self.receive_buffer
    }

    /// Returns the idle time before the first probe; `None` or zero: no probes.
    #[must_use]
    pub const fn keepalive(&self) -> Option<Duration> {
        self.keepalive
    }

    /// Returns the time between two probes.
    #[must_use]
    pub const fn keepalive_interval(&self) -> Duration {
        self.keepalive_interval
    }

    /// Returns the number of unanswered probes after which the connection is broken.
    #[must_use]
    pub const fn keepalive_retries(&self) -> u32 {
        self.keepalive_retries
    }

    /// Returns the user time-out; `None` or zero: the system's.
    #[must_use]
    pub const fn user_timeout(&self) -> Option<Duration> {
        self.user_timeout
    }

    /// Returns the IP address that connections are dialled from; `None`: the system chooses.
    #[must_use]
    pub const fn local_address(&self) -> Option<IpAddr> {
        self.local_address
    }

    /// Returns how many connections a listener holds before they are accepted.
    #[must_use]
    pub const fn backlog(&self) -> u32 {
        self.backlog
    }

    /// Returns whether a listener sets `SO_REUSEADDR`.
    #[must_use]
    pub const fn reuse_address(&self) -> bool {
        self.reuse_address
    }
}

impl Default for SocketOptions {
    fn default() -> Self {
        Self {
            send_buffer: None,
            receive_buffer: None,
            keepalive: Some(Duration::from_secs(15)),
            keepalive_interval: Duration::from_secs(10),
            keepalive_retries: 3,
            user_timeout: Some(Duration::from_secs(45)),
            local_address: None,
            backlog: 1_024,
            reuse_address: true,
        }
    }
}
