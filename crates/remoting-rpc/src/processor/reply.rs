use std::fmt;

use remoting_transport::protocol::RemotingCommand;

use super::Responder;

/// The result of a processor.
#[non_exhaustive]
pub enum Reply {
    /// Respond with this command. Its opaque and response bit are set automatically. Its header is encoded like the request,
    /// or as the configuration forces, whatever encoding the command names.
    Response(RemotingCommand),
    /// Respond with this command in the encoding that it names ([`RemotingCommand::with_serialize_type`]).
    Encoded(RemotingCommand),
    /// Respond later; created by [`Reply::later`].
    Later(Later),
    /// Send no response.
    None,
}

/// The callback that receives the responder of a deferred request.
pub struct Later(Box<dyn FnOnce(Responder) + Send>);

impl Reply {
    /// Defers the response, as long polling does. `keep` receives the [`Responder`] after the hooks have run. It runs where
    /// the processor ran and must not block.
    ///
    /// A request has a responder only if its processor defers the response, so it is answered once. If `keep` panics, the
    /// caller runs into its time-out.
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
    /// /// Drops the pulls of disconnected callers.
    /// fn drop_disconnected() {
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
    /// Converts the result of a processor of one-way requests.
    fn from((): ()) -> Self {
        Self::None
    }
}
