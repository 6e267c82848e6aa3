//! What a method returned, as a response.

use prost::Message;
use remoting_rpc::transport::protocol::{BodyError, RemotingCommand, ResponseCode};

use crate::metadata::Metadata;
use crate::status::Status;

/// Returns the response of a method that succeeded.
#[inline]
pub(super) fn success<Res: Message>(message: &Res, metadata: &Metadata) -> RemotingCommand {
    let mut response = RemotingCommand::response(ResponseCode::SUCCESS).with_proto_body(message);
    if !metadata.is_empty()
        && let Err(error) = metadata.write_to(&mut response)
    {
        return Status::internal(format!("the metadata of the answer cannot be written: {error}"))
            .into_response();
    }
    response
}

/// Returns the status of a request whose message cannot be read. Code and text are tonic's.
#[cold]
pub(super) fn unreadable(error: BodyError) -> Status {
    Status::internal(match error {
        BodyError::Proto { source, .. } => source.to_string(),
        other => other.to_string(),
    })
}

/// Returns the status of a method that was dropped at its deadline.
#[cold]
pub(crate) fn timed_out() -> Status {
    Status::deadline_exceeded("the deadline of the call passed before the method was done")
}
