use remoting_transport::protocol::RemotingCommand;

use super::reply::{Later, Reply};
use crate::request::RequestInfo;

/// The action after a request has been processed.
#[derive(Debug)]
pub(crate) enum Answer {
    /// None: the request was one-way, or has no response.
    None,
    /// Send this complete response.
    Response(RemotingCommand),
    /// Pass the responder to the callback.
    Later(Later),
}

impl RequestInfo {
    /// Returns the action for a reply.
    pub(crate) fn answer(&self, reply: Reply) -> Answer {
        let mut response = None;
        match reply.take_into(&mut response) {
            Ok(encoded) => self.answer_with(response, encoded),
            Err(later) => Answer::Later(later),
        }
    }

    /// Returns the action for the response of a processor, if it has one.
    pub(crate) fn answer_with(&self, response: Option<RemotingCommand>, encoded: bool) -> Answer {
        let Some(mut response) = response else { return Answer::None };
        if self.complete(&mut response, encoded) { Answer::Response(response) } else { Answer::None }
    }
}

impl Reply {
    /// Moves the response, if any, to an out-parameter. Returns whether the response keeps its own encoding.
    ///
    /// # Errors
    ///
    /// Returns the callback of a deferred response.
    #[inline(always)]
    pub(super) fn take_into(self, response: &mut Option<RemotingCommand>) -> Result<bool, Later> {
        let encoded = matches!(self, Self::Encoded(_));
        *response = match self {
            Self::Response(command) | Self::Encoded(command) => Some(command),
            Self::Later(later) => return Err(later),
            Self::None => None,
        };
        Ok(encoded)
    }
}
