use remoting_transport::Address;
use remoting_transport::protocol::{MqVersion, RemotingCommand, RequestCode, SerializeType};

use super::Reply;
use super::reply::Later;
use crate::channel::RpcChannel;
use crate::latency::{Latency, Outcome};

/// Where a request came from.
#[derive(Debug, Clone)]
pub struct RequestContext {
    channel: RpcChannel,
    info: RequestInfo,
}

/// What remains of a request when its processor has it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestInfo {
    code: i32,
    pub(crate) opaque: i32,
    version: MqVersion,
    /// The encoding of the response: that of the request, if the configuration forces none.
    serialize_type: SerializeType,
    oneway: bool,
    pub(crate) latency: Latency,
}

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
    pub(crate) const fn new(
        request: &RemotingCommand,
        forced: Option<SerializeType>,
        latency: Latency,
    ) -> Self {
        Self {
            code: request.code(),
            opaque: request.opaque(),
            version: request.version(),
            serialize_type: match forced {
                Some(forced) => forced,
                None => request.serialize_type(),
            },
            oneway: request.is_oneway(),
            latency,
        }
    }

    pub(crate) const fn code(&self) -> RequestCode {
        RequestCode(self.code)
    }

    pub(crate) const fn is_oneway(&self) -> bool {
        self.oneway
    }

    /// `response` as the command to send; `None` for a one-way request.
    pub(crate) fn response(&self, response: RemotingCommand) -> Option<RemotingCommand> {
        match self.answer(response.into()) {
            Answer::Response(response) => Some(response),
            Answer::None | Answer::Later(_) => None,
        }
    }

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
        let command = response.as_mut()?;
        command.set_opaque(self.opaque);
        command.mark_response();
        if !encoded {
            command.set_serialize_type(self.serialize_type);
        }
        if self.oneway {
            self.latency.record(Outcome::Oneway, Some(command.code()));
            *response = None;
        }
        None
    }
}

impl RequestContext {
    pub(crate) const fn new(channel: RpcChannel, info: RequestInfo) -> Self {
        Self { channel, info }
    }

    pub(crate) const fn info(&self) -> RequestInfo {
        self.info
    }

    /// The channel of the request: to keep it, to read its attributes or to call the peer.
    #[must_use]
    pub const fn channel(&self) -> &RpcChannel {
        &self.channel
    }

    /// The caller's address.
    #[must_use]
    pub fn peer_addr(&self) -> &Address {
        self.channel.peer_addr()
    }

    /// The code of the request.
    #[must_use]
    pub const fn request_code(&self) -> RequestCode {
        self.info.code()
    }

    /// The number by which the peer knows its request.
    #[must_use]
    pub const fn opaque(&self) -> i32 {
        self.info.opaque
    }

    /// The RocketMQ version of the peer, as told by the request.
    #[must_use]
    pub const fn version(&self) -> MqVersion {
        self.info.version
    }

    /// Whether the peer expects no answer.
    #[must_use]
    pub const fn is_oneway(&self) -> bool {
        self.info.oneway
    }

    /// Whether the caller is gone, so that no response can reach it: see [`caller_gone`](Self::caller_gone).
    #[must_use]
    pub fn is_caller_gone(&self) -> bool {
        self.channel.is_peer_gone()
    }

    /// Waits until the caller is gone: its connection has ended, or it has closed its side of it half a second ago.
    ///
    /// The future of a request that is to be answered is dropped then by itself, unless its processor
    /// [runs to its end](super::RequestProcessor::runs_to_end).
    ///
    /// # Cancellation
    ///
    /// Nothing is lost by dropping the future.
    pub async fn caller_gone(&self) {
        self.channel.peer_gone().await;
    }
}
