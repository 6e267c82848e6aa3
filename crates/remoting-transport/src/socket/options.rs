//! What is set on each socket.

use std::{net::IpAddr, time::Duration};

/// The options of TCP sockets. A client or server hands them to its [`Network`](crate::Network) at each dial and bind.
///
/// `TCP_NODELAY` is always on: writes are batched before they reach the socket.
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
    /// The IP address that connections are dialled from, for hosts with several. The port is the system's choice.
    /// Default: `None`, the system chooses both. Addresses of the other family cannot be dialled then.
    pub local_address: Option<IpAddr>,
    /// Connections that a listener holds before they are accepted. Default: 1 024. Java: `serverSocketBacklog`, which
    /// it ignores.
    pub backlog: u32,
    /// `SO_REUSEADDR` of a listener: whether the port can be bound while connections of an earlier owner linger.
    /// Default: true.
    pub reuse_address: bool,
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
            local_address: None,
            backlog: 1_024,
            reuse_address: true,
        }
    }
}
