use remoting_transport::protocol::RemotingCommand;

use super::reply::{Later, Reply};
use crate::request::RequestInfo;

/// What is to be done about a request that has been processed.
#[derive(Debug)]
pub(crate) enum Answer {
    /// Nothing: it was one-way, or is never answered.
    None,
    /// Send this, which is complete.
    Response(RemotingCommand),
    /// Hand out the responder.
    Later(Later),
}

impl RequestInfo {
    /// Returns what is to be done about a request whose processor replied.
    pub(crate) fn answer(&self, reply: Reply) -> Answer {
        let mut response = None;
        match self.answer_into(reply, &mut response) {
            Some(later) => Answer::Later(later),
            None => response.map_or(Answer::None, Answer::Response),
        }
    }

    /// As [`answer`](Self::answer), with the response made where it is wanted.
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
