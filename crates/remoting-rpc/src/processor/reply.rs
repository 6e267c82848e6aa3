use remoting_transport::protocol::{RemotingCommand, SerializeType};

/// What a processor makes of a request.
#[derive(Debug)]
#[non_exhaustive]
pub enum Reply {
    /// Answer with this command. Its opaque and response bit are set, and its header goes out in the encoding
    /// of the request (or the one that the configuration forces), whatever the command says.
    Response(RemotingCommand),
    /// As [`Reply::Response`], but the header goes out in the encoding that the command names
    /// ([`RemotingCommand::with_serialize_type`]).
    Encoded(RemotingCommand),
    /// Answer later, through a [`Responder`](crate::Responder), or never.
    None,
}

impl Reply {
    /// The command to send to whoever asked with `opaque` in the encoding `asked`.
    pub(crate) fn into_response(
        self,
        opaque: i32,
        asked: SerializeType,
        forced: Option<SerializeType>,
    ) -> Option<RemotingCommand> {
        let mut response = match self {
            Self::Response(mut response) => {
                response.set_serialize_type(forced.unwrap_or(asked));
                response
            }
            Self::Encoded(response) => response,
            Self::None => return None,
        };
        response.set_opaque(opaque);
        response.mark_response();
        Some(response)
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
