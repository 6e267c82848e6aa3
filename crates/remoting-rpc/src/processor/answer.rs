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
        match self.answer_into(reply, &mut response) {
            Some(later) => Answer::Later(later),
            None => response.map_or(Answer::None, Answer::Response),
        }
    }

    /// Like [`answer`](Self::answer), but writes the response to an out-parameter.
    #[inline(always)]
    pub(crate) fn answer_into(&self, reply: Reply, response: &mut Option<RemotingCommand>) -> Option<Later> {
        let encoded = matches!(reply, Reply::Encoded(_));
        *response = match reply {
            Reply::Response(command) | Reply::Encoded(command) => Some(command),
            Reply::Later(later) => return Some(later),
            Reply::None => None,
        };
        self.complete(response, encoded);
        None
    }
}
