//! Commands in memory of their own.

use bytes::Bytes;
use bytestring::ByteString;

use crate::{Body, ExtFields, RemotingCommand};

/// Keeping.
impl RemotingCommand {
    /// The same command in memory of its own, exactly as large as needed.
    ///
    /// The parts of a decoded command are slices of the connection's read buffer, and one of them keeps the whole
    /// buffer alive: 64 KiB as a rule, and what a larger frame needed. Whoever keeps a command, or a slice of its body,
    /// beyond the answer (a cache, a queue) copies it once. Costs two allocations at most, and one more for the ext
    /// fields of a JSON header.
    #[must_use]
    pub fn detached(&self) -> Self {
        let mut detached = self.clone();
        detached.detach();
        detached
    }

    /// Copies the parts of a small command out of the connection's read buffer; one of more than
    /// [`SMALL`](Self::SMALL) bytes stays as it is.
    ///
    /// For a request that waits, such as a long poll: it then keeps alive what it needs, and at most eight times as much.
    /// Costs two allocations at most, and nothing where there is nothing to copy.
    pub fn detach_if_small(&mut self) {
        if self.sliced_len() <= Self::SMALL {
            self.detach();
        }
    }

    /// Up to how many bytes of remark, ext fields and body [`detach_if_small`](Self::detach_if_small) copies: 16 KiB.
    pub const SMALL: usize = 16 << 10;

    /// Bytes of the parts that may be slices of a read buffer.
    fn sliced_len(&self) -> usize {
        self.remark.as_deref().map_or(0, str::len)
            + self.ext_fields.as_ref().and_then(ExtFields::as_slice_of_frame).map_or(0, Bytes::len)
            + self.body.as_bytes().len()
    }

    /// Puts the parts one behind the other into one buffer of their own.
    fn detach(&mut self) {
        let remark = self.remark.as_deref().unwrap_or_default();
        let ext =
            self.ext_fields.as_ref().and_then(ExtFields::as_slice_of_frame).cloned().unwrap_or_default();
        let lengths = (remark.len(), ext.len());
        let mut copy = Vec::with_capacity(self.sliced_len());
        for part in [remark.as_bytes(), &ext, self.body.as_bytes()] {
            copy.extend_from_slice(part);
        }
        let mut rest = Bytes::from(copy);
        if lengths.0 > 0 {
            self.remark = ByteString::try_from(rest.split_to(lengths.0)).ok();
        }
        if lengths.1 > 0 {
            self.ext_fields = Some(ExtFields::from_wire(rest.split_to(lengths.1)));
        }
        if let Body::Bytes(body) = &mut self.body {
            *body = rest;
        }
    }
}
