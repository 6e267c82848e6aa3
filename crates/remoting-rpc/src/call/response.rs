use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use remoting_transport::Address;
use remoting_transport::protocol::operation::Operation;
use remoting_transport::protocol::{RemotingCommand, ResponseCode};

use crate::error::RpcError;

/// A response to the operation `O` whose content has been read. It dereferences to the content. Returned by
/// [`TypedCall::into_response`](super::TypedCall::into_response).
pub struct Response<O: Operation> {
    content: O::Response,
    command: RemotingCommand,
}

impl<O: Operation> Response<O> {
    /// Reads the content of a response of `peer`.
    pub(super) fn read(peer: Option<Address>, command: RemotingCommand) -> Result<Self, RpcError> {
        if !O::has_content(command.response_code()) {
            return Err(RpcError::Response { addr: peer, error: command.into() });
        }
        match O::read_response(&command) {
            Ok(content) => Ok(Self { content, command }),
            Err(error) => {
                Err(RpcError::UnreadableResponse { addr: peer, operation: O::NAME, cause: Arc::new(error) })
            }
        }
    }

    /// Returns the code of the response.
    #[must_use]
    pub fn code(&self) -> ResponseCode {
        self.command.response_code()
    }

    /// Returns the remark of the response.
    #[must_use]
    pub fn remark(&self) -> Option<&str> {
        self.command.remark()
    }

    /// Returns the response as it was received, with all its ext fields.
    #[must_use]
    pub const fn command(&self) -> &RemotingCommand {
        &self.command
    }

    /// Returns the content.
    #[must_use]
    pub fn into_content(self) -> O::Response {
        self.content
    }

    /// Returns the content and the response as it was received.
    #[must_use]
    pub fn into_parts(self) -> (O::Response, RemotingCommand) {
        (self.content, self.command)
    }
}

impl<O: Operation> Deref for Response<O> {
    type Target = O::Response;

    fn deref(&self) -> &O::Response {
        &self.content
    }
}

impl<O: Operation<Response: fmt::Debug>> fmt::Debug for Response<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("content", &self.content).field("command", &self.command).finish()
    }
}
