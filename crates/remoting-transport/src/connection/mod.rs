//! A connection before it becomes a channel.

mod attributes;

use std::future::pending;

use tokio_util::sync::CancellationToken;

pub use self::attributes::{AttributeKey, Attributes};
use crate::{
    address::{Address, canonical_address},
    stream::Stream,
};

/// A connection before it becomes a channel: the stream, the addresses and the attributes.
#[derive(Debug)]
pub struct Connection {
    /// The byte stream. A prologue step may wrap it.
    pub stream: Stream,
    /// The address of this side.
    pub local: Address,
    /// The address of the peer. A prologue step may replace it with the address that a proxy reports.
    pub peer: Address,
    /// The initial attributes of the channel.
    pub attributes: Attributes,
    socket_peer: Address,
    pub(crate) dialled: Option<Address>,
    pub(crate) closing: ClosingSignal,
}

impl Connection {
    /// Creates a connection between two addresses. IPv4-mapped IPv6 addresses (`::ffff:10.0.0.1`), which a listener on
    /// `::` gets for IPv4 peers, are converted to IPv4.
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

    /// Returns the address passed to [`Bootstrap::connect`](crate::Bootstrap::connect), including its host name.
    /// `None` for an accepted connection.
    #[must_use]
    pub fn dialled(&self) -> Option<&Address> {
        self.dialled.as_ref()
    }

    /// Returns the peer address of the socket, even if a step has replaced [`Connection::peer`].
    #[must_use]
    pub fn socket_peer(&self) -> &Address {
        &self.socket_peer
    }

    /// Returns the signal that the listener of an accepted connection has closed, which is the first step of a shutdown.
    ///
    /// A step that [claims](crate::Verdict::Claim) the connection should keep the signal and finish when it is received.
    /// A shutdown waits for claimed connections, and cuts those that take too long.
    #[must_use]
    pub fn closing_signal(&self) -> ClosingSignal {
        self.closing.clone()
    }
}

/// A signal to finish a claimed connection; see [`Connection::closing_signal`]. Clones refer to the same signal.
#[derive(Debug, Clone, Default)]
pub struct ClosingSignal(Option<CancellationToken>);

impl ClosingSignal {
    pub(crate) fn new(token: CancellationToken) -> Self {
        Self(Some(token))
    }

    /// Waits until the listener has closed. Never returns for a connection without a listener.
    ///
    /// # Cancel safety
    /// This method is cancel safe. It may be called again.
    pub async fn received(&self) {
        match &self.0 {
            Some(token) => token.cancelled().await,
            None => pending().await,
        }
    }

    /// Returns whether the listener has closed.
    #[must_use]
    pub fn is_received(&self) -> bool {
        self.0.as_ref().is_some_and(CancellationToken::is_cancelled)
    }
}
