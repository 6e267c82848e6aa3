//! What a user lets in before anything is read.

use crate::address::Address;

/// Decides about each connection as it is accepted, before a task is spawned or a byte is read. Closures
/// implement it.
///
/// ```
/// use remoting_transport::{Address, Bootstrap, ChannelOptions, IpNet};
///
/// let office: IpNet = "10.20.0.0/16".parse()?;
/// let bootstrap = Bootstrap::new(ChannelOptions::default()).connection_filter(move |peer: &Address, _: &Address| {
///     peer.as_socket().is_some_and(|socket| office.contains(&socket.ip()))
/// });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait ConnectionFilter: Send + Sync + 'static {
    /// Whether a connection from `peer` to `local` is let in. `peer` is the address of the socket, so a proxy's if
    /// there is one in between. Called by the accepting task for one connection after the other: it must not block. If
    /// it panics, the connection is refused.
    fn admit(&self, peer: &Address, local: &Address) -> bool;
}

impl<F: Fn(&Address, &Address) -> bool + Send + Sync + 'static> ConnectionFilter for F {
    fn admit(&self, peer: &Address, local: &Address) -> bool {
        self(peer, local)
    }
}
