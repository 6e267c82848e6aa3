use remoting_transport::Address;

use crate::extensions::Extensions;

/// The context of a hook: the peer, and the extensions of the request.
///
/// On the calling side the extensions live from the before-hooks of a call to its after-hooks. On the answering side they
/// are those of the [`RequestContext`](crate::RequestContext), so the pipeline and the processor see them too.
#[derive(Debug)]
pub struct HookContext<'a> {
    peer: &'a Address,
    extensions: &'a mut Extensions,
}

impl<'a> HookContext<'a> {
    /// Creates a context for tests of hooks. `peer` is the other side of the connection.
    pub const fn new(peer: &'a Address, extensions: &'a mut Extensions) -> Self {
        Self { peer, extensions }
    }

    /// Returns the address of the peer.
    #[must_use]
    pub const fn peer_addr(&self) -> &Address {
        self.peer
    }

    /// Returns the values that hooks and the pipeline have attached to this request.
    #[must_use]
    pub const fn extensions(&self) -> &Extensions {
        self.extensions
    }

    /// Returns the extensions of this request for modification.
    pub const fn extensions_mut(&mut self) -> &mut Extensions {
        self.extensions
    }
}
