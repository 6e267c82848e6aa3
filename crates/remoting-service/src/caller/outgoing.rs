use std::time::Duration;

use bytes::Bytes;
use remoting_rpc::transport::protocol::{RequestCode, SerializeType};

use crate::metadata::{Metadata, MetadataError};
use crate::status::Status;

/// A call before it is sent.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub(super) path: &'static str,
    pub(super) code: Option<RequestCode>,
    pub(super) oneway: bool,
    /// The encoding of the header over remoting.
    pub(super) serialize_type: SerializeType,
    pub(super) body: Bytes,
    /// The metadata, or the first error of adding to it.
    pub(super) metadata: Result<Metadata, MetadataError>,
    /// The time-out that is sent with the call.
    pub(super) timeout: Option<Duration>,
}

impl Outgoing {
    /// Adds to the metadata, unless that has failed before.
    pub(super) fn add(&mut self, add: impl FnOnce(&mut Metadata) -> Result<(), MetadataError>) {
        if let Ok(metadata) = &mut self.metadata
            && let Err(error) = add(metadata)
        {
            self.metadata = Err(error);
        }
    }
}

/// Returns the status of a call whose time ran out here, and that has no error of its own for it.
#[cfg(any(feature = "tonic", feature = "tower"))]
#[cold]
pub(super) fn out_of_time() -> Status {
    Status::deadline_exceeded("the time of the call ran out before its response came")
}

/// Returns the status of a call whose metadata is invalid.
#[cold]
pub(super) fn invalid_metadata(error: MetadataError) -> Status {
    Status::invalid_argument("the metadata of the call is invalid").with_source(error).unsent()
}
