use remoting_transport::protocol::RemotingCommand;

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
    /// Whether the command says itself how its header goes out.
    pub(crate) const fn is_encoded(&self) -> bool {
        matches!(self, Self::Encoded(_))
    }

    #[inline]
    pub(crate) fn into_command(self) -> Option<RemotingCommand> {
        match self {
            Self::Response(command) | Self::Encoded(command) => Some(command),
            Self::None => None,
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
