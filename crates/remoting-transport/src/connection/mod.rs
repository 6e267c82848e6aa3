//! A connection on its way to become a channel: what the prologue and the channel both hold.

mod attributes;

use std::future::pending;

use tokio_util::sync::CancellationToken;

pub use self::attributes::{AttributeKey, Attributes};
use crate::{
    address::{Address, canonical_address},
    stream::Stream,
};

/// A connection on its way to become a channel.
#[derive(Debug)]
pub struct Connection {
    /// The bytes. A step may wrap it.
    pub stream: Stream,
    /// This side's address.
    pub local: Address,
    /// The other side's address, which a step may correct to the one a proxy reports.
    pub peer: Address,
    /// What the channel's attributes begin with.
    pub attributes: Attributes,
    socket_peer: Address,
    pub(crate) dialled: Option<Address>,
    pub(crate) closing: ClosingSignal,
}

impl Connection {
    /// A connection between two addresses. An IPv4 address in its IPv6 form (`::ffff:10.0.0.1`), as a listener on `::`
    /// sees its IPv4 peers, becomes the IPv4 address that it is.
    pub fn new(stream: impl Into<Stream>, local: Address, peer: Address) -> Self {
        let peer = canonical_address(peer);
        Self {
            stream: stream.into(),
            local: canonical_address(local),
            socket_peer: peer.clone(),
            peer,
            attributes: Attributes::default(),
            dialled: None,
            closing: ClosingSignal::default(),
        }
    }

    /// What [`Bootstrap::connect`](crate::Bootstrap::connect) was asked to dial, with the host name if it had one:
    /// whom this side believes to talk to. `None` for an accepted connection.
    pub fn dialled(&self) -> Option<&Address> {
        self.dialled.as_ref()
    }

    /// The address at the other end of the socket itself, whatever [`Connection::peer`] has been corrected to.
    pub fn socket_peer(&self) -> &Address {
        &self.socket_peer
    }

    /// Tells that the listener of an accepted connection has closed, as the first act of a shutdown. Whoever
    /// [claims](crate::Verdict::Claim) the connection keeps it, and ends the conversation when it comes: a shutdown
    /// waits for claimed connections, and cuts those that take too long.
    pub fn closing_signal(&self) -> ClosingSignal {
        self.closing.clone()
    }
}

/// Tells a conversation on a claimed connection that it should end; see [`Connection::closing_signal`]. Clones are the
/// same signal.
#[derive(Debug, Clone, Default)]
pub struct ClosingSignal(Option<CancellationToken>);

impl ClosingSignal {
    pub(crate) fn new(token: CancellationToken) -> Self {
        Self(Some(token))
    }

    /// Waits until the listener has closed. For a connection that has no listener, for ever.
    ///
    /// # Cancellation
    /// Dropping this future changes nothing.
    pub async fn received(&self) {
        match &self.0 {
            Some(token) => token.cancelled().await,
            None => pending().await,
        }
    }

    /// Whether the listener has closed.
    pub fn is_received(&self) -> bool {
        self.0.as_ref().is_some_and(CancellationToken::is_cancelled)
    }
}
