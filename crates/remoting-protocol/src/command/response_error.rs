//! The error of an unsuccessful response.

use std::fmt;

use crate::{RemotingCommand, ResponseCode};

/// A response with a code other than `SUCCESS`, returned by
/// [`RemotingCommand::into_success`](crate::RemotingCommand::into_success).
///
/// `Display` prints the code and the remark. Equivalent of Java's `MQClientException` and `MQBrokerException`.
#[derive(Clone, PartialEq, Eq)]
pub struct ResponseError(Box<RemotingCommand>);

impl ResponseError {
    #[cold]
    pub(crate) fn new(response: RemotingCommand) -> Self {
        Self(Box::new(response))
    }

    /// Returns the code of the response.
    #[must_use]
    pub fn code(&self) -> ResponseCode {
        self.0.response_code()
    }

    /// Returns the remark of the response, usually the error text of the peer.
    #[must_use]
    pub fn remark(&self) -> Option<&str> {
        self.0.remark()
    }

    /// Returns the whole response.
    #[must_use]
    pub fn response(&self) -> &RemotingCommand {
        &self.0
    }

    /// Converts the error back into the response.
    #[must_use]
    pub fn into_response(self) -> RemotingCommand {
        *self.0
    }
}

/// Converts a response of any code. [`into_success`](RemotingCommand::into_success) looks at the code.
impl From<RemotingCommand> for ResponseError {
    fn from(response: RemotingCommand) -> Self {
        Self::new(response)
    }
}

impl std::error::Error for ResponseError {}

impl fmt::Display for ResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.remark() {
            Some(remark) => write!(f, "{}: {remark}", self.code()),
            None => self.code().fmt(f),
        }
    }
}

impl fmt::Debug for ResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ResponseError").field(&self.0).finish()
    }
}
