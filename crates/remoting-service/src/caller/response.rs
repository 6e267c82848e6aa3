use std::ops::Deref;

use crate::metadata::Metadata;

/// The response of a method: its message and its metadata. It dereferences to the message. Returned by
/// [`ServiceCall::into_response`](super::ServiceCall::into_response).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceResponse<Res> {
    message: Res,
    metadata: Metadata,
}

impl<Res> ServiceResponse<Res> {
    pub(super) const fn new(message: Res, metadata: Metadata) -> Self {
        Self { message, metadata }
    }

    /// Returns the metadata.
    #[must_use]
    pub const fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// Returns the message.
    #[must_use]
    pub fn into_message(self) -> Res {
        self.message
    }

    /// Returns the message and the metadata.
    #[must_use]
    pub fn into_parts(self) -> (Res, Metadata) {
        (self.message, self.metadata)
    }
}

impl<Res> Deref for ServiceResponse<Res> {
    type Target = Res;

    fn deref(&self) -> &Res {
        &self.message
    }
}
