use remoting_transport::Address;

use crate::extensions::Extensions;

/// What a hook knows of a request beside the request itself.
///
/// On the calling side the extensions last from the before-hooks of a call to its after-hooks. On the answering side
/// they are those of the [`RequestContext`](crate::RequestContext), so pipeline and processor see them too.
#[derive(Debug)]
pub struct HookContext<'a> {
    peer: &'a Address,
    extensions: &'a mut Extensions,
}

impl<'a> HookContext<'a> {
    /// Creates the context of a request of or to `peer`, for tests of hooks.
    pub const fn new(peer: &'a Address, extensions: &'a mut Extensions) -> Self {
        Self { peer, extensions }
    }

    /// Returns the address of the other side.
    #[must_use]
    pub const fn peer_addr(&self) -> &Address {
        self.peer
    }

    /// Returns what hooks and pipeline have found out about this request.
    #[must_use]
    pub const fn extensions(&self) -> &Extensions {
        self.extensions
    }

    /// Returns the extensions of this request, to add to them.
    pub const fn extensions_mut(&mut self) -> &mut Extensions {
        self.extensions
    }
}
