//! The step that sends a PROXY protocol header.

use std::{fmt, time::Duration};

use tokio::io::AsyncWriteExt;

use super::header::ProxyHeader;
use crate::{
    connection::Connection,
    prologue::{PrologueError, PrologueFuture, PrologueStep, Verdict},
};

/// A prologue step that sends a version 2 header as the first bytes of a dialled connection. For proxies, and for
/// clients of servers that require a header. It belongs before the TLS step.
///
/// ```
/// use remoting_transport::{Bootstrap, Channel, ChannelOptions, ProxyHeader, ProxyTlv, SendProxyHeader};
///
/// /// Returns a bootstrap that dials on behalf of the client of `accepted`.
/// fn upstream(accepted: &Channel) -> Bootstrap {
///     let header = ProxyHeader::forwarding(accepted).with_tlv(ProxyTlv::UNIQUE_ID, accepted.id().to_string());
///     Bootstrap::new(ChannelOptions::default()).prologue_step(SendProxyHeader::new(header).with_checksum())
/// }
/// ```
pub struct SendProxyHeader {
    header: Box<dyn Fn(&Connection) -> ProxyHeader + Send + Sync>,
    checksum: bool,
}

impl SendProxyHeader {
    /// Creates a step that sends the same header on each connection.
    pub fn new(header: ProxyHeader) -> Self {
        Self::with(move |_| header.clone())
    }

    /// Creates a step that sends the connection's own addresses, or [`ProxyHeader::local`] if these are not IP
    /// addresses.
    pub fn own_addresses() -> Self {
        Self::with(|connection| match (connection.local.as_socket(), connection.peer.as_socket()) {
            (Some(local), Some(peer)) => ProxyHeader::proxied(local, peer),
            _ => ProxyHeader::local(),
        })
    }

    /// Creates a step that calls `header` for the header of each connection.
    pub fn with(header: impl Fn(&Connection) -> ProxyHeader + Send + Sync + 'static) -> Self {
        Self { header: Box::new(header), checksum: false }
    }

    /// Adds a CRC32c to each header. Default: no checksum.
    #[must_use]
    pub fn with_checksum(mut self) -> Self {
        self.checksum = true;
        self
    }
}

impl PrologueStep for SendProxyHeader {
    fn name(&self) -> &'static str {
        "PROXY header"
    }

    fn deadline(&self) -> Duration {
        Duration::from_secs(3)
    }

    fn run(&self, mut connection: Connection) -> PrologueFuture<'_> {
        Box::pin(async move {
            let header = (self.header)(&connection);
            let bytes = header
                .encode(self.checksum)
                .map_err(|error| PrologueError::refused(self.name(), error.to_string()))?;
            let stream = &mut connection.stream;
            stream.write_all(&bytes).await.map_err(|error| PrologueError::io(self.name(), error))?;
            stream.flush().await.map_err(|error| PrologueError::io(self.name(), error))?;
            Ok(Verdict::Continue(connection))
        })
    }
}

impl fmt::Debug for SendProxyHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendProxyHeader").field("checksum", &self.checksum).finish_non_exhaustive()
    }
}
