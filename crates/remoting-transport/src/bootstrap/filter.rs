//! Filters of accepted connections.

use crate::address::Address;

/// A filter of accepted connections, applied before a task is spawned or a byte is read. Closures implement this trait.
///
/// ```
/// use remoting_transport::{Address, Bootstrap, ChannelOptions, IpNet};
///
/// let office: IpNet = "10.20.0.0/16".parse()?;
/// let bootstrap = Bootstrap::new(ChannelOptions::default()).connection_filter(
///     move |peer: &Address, _: &Address| {
///         peer.as_socket().is_some_and(|socket| office.contains(&socket.ip()))
///     },
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait ConnectionFilter: Send + Sync + 'static {
    /// Returns whether to admit a connection from `peer` to `local`. `peer` is the address of the socket, so behind a
    /// proxy it is that of the proxy.
    ///
    /// The accepting task calls this for one connection after another, so it must not block. If it panics, the connection
    /// is rejected.
    fn admit(&self, peer: &Address, local: &Address) -> bool;
}

impl<F: Fn(&Address, &Address) -> bool + Send + Sync + 'static> ConnectionFilter for F {
    fn admit(&self, peer: &Address, local: &Address) -> bool {
        self(peer, local)
    }
}
