use std::fmt;

use remoting_transport::protocol::RemotingCommand;

use super::Responder;

/// What a processor makes of a request.
#[non_exhaustive]
pub enum Reply {
    /// Answer with this command. Its opaque and response bit are set, and its header goes out in the encoding
    /// of the request (or the one that the configuration forces), whatever the command says.
    Response(RemotingCommand),
    /// As [`Reply::Response`], but the header goes out in the encoding that the command names
    /// ([`RemotingCommand::with_serialize_type`]).
    Encoded(RemotingCommand),
    /// Answer later: made by [`Reply::later`].
    Later(Later),
    /// Never answer.
    None,
}

/// What takes the responder of a request that is answered later.
pub struct Later(Box<dyn FnOnce(Responder) + Send>);

impl Reply {
    /// Answers later than the processor returns, as long polling does: `keep` is given the [`Responder`] once the hooks
    /// have run. It runs where the processor ran and must not block.
    ///
    /// A request has one responder, and only if its processor does not answer it. So it is answered once. If `keep`
    /// panics, the peer is left to its time-out.
    ///
    /// ```
    /// use std::sync::{Arc, Mutex};
    /// use remoting_rpc::transport::protocol::RemotingCommand;
    /// use remoting_rpc::{ProcessorError, Reply, RequestContext, Responder};
    ///
    /// /// The pulls that wait for messages.
    /// static PULLS: Mutex<Vec<Responder>> = Mutex::new(Vec::new());
    ///
    /// async fn pull(_ctx: RequestContext, _request: RemotingCommand) -> Result<Reply, ProcessorError> {
    ///     Ok(Reply::later(|responder| PULLS.lock().unwrap().push(responder)))
    /// }
    ///
    /// /// Called now and then: those whose callers are gone need no message.
    /// fn forget_the_gone() {
    ///     PULLS.lock().unwrap().retain(|responder| !responder.context().is_caller_gone());
    /// }
    /// ```
    pub fn later(keep: impl FnOnce(Responder) + Send + 'static) -> Self {
        Self::Later(Later(Box::new(keep)))
    }
}

impl Later {
    pub(crate) fn give(self, responder: Responder) {
        (self.0)(responder);
    }
}

impl fmt::Debug for Later {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Later(..)")
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Response(response) => f.debug_tuple("Response").field(response).finish(),
            Self::Encoded(response) => f.debug_tuple("Encoded").field(response).finish(),
            Self::Later(later) => later.fmt(f),
            Self::None => f.write_str("None"),
        }
    }
}

impl From<RemotingCommand> for Reply {
    fn from(response: RemotingCommand) -> Self {
        Self::Response(response)
    }
}

impl From<Option<RemotingCommand>> for Reply {
    fn from(response: Option<RemotingCommand>) -> Self {
        response.map_or(Self::None, Self::Response)
    }
}

impl From<()> for Reply {
    /// For processors of one-way requests.
    fn from((): ()) -> Self {
        Self::None
    }
}
