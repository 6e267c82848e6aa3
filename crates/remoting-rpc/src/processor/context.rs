use remoting_transport::Address;
use remoting_transport::protocol::{MqVersion, RemotingCommand, RequestCode, SerializeType};

use super::Reply;
use crate::error::RpcError;
use crate::latency::{Latency, Outcome};
use crate::rpc_channel::RpcChannel;

/// Where a request came from, and how to answer it later.
#[derive(Debug, Clone)]
pub struct RequestContext {
    channel: RpcChannel,
    asked: Asked,
}

/// What remains of a request when its processor has it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    code: i32,
    pub(crate) opaque: i32,
    version: MqVersion,
    serialize_type: SerializeType,
    /// The encoding of the response, if the configuration forces one.
    forced: Option<SerializeType>,
    oneway: bool,
    pub(crate) latency: Latency,
}

impl Asked {
    pub(crate) const fn new(
        request: &RemotingCommand,
        forced: Option<SerializeType>,
        latency: Latency,
    ) -> Self {
        Self {
            code: request.code(),
            opaque: request.opaque(),
            version: request.version(),
            serialize_type: request.serialize_type(),
            forced,
            oneway: request.is_oneway(),
            latency,
        }
    }

    pub(crate) const fn code(&self) -> RequestCode {
        RequestCode(self.code)
    }

    /// `reply` as the command to send; `None` when there is nothing to send.
    pub(crate) fn response(&self, reply: Reply) -> Option<RemotingCommand> {
        let mut response = None;
        self.answer(reply, &mut response);
        response
    }

    /// As [`response`](Self::response), made where it is wanted.
    #[inline]
    pub(crate) fn answer(&self, reply: Reply, place: &mut Option<RemotingCommand>) {
        let encoded = reply.is_encoded();
        *place = reply.into_command();
        let Some(response) = place else { return };
        response.set_opaque(self.opaque);
        response.mark_response();
        if !encoded {
            response.set_serialize_type(self.forced.unwrap_or(self.serialize_type));
        }
        if self.oneway {
            self.latency.record(Outcome::Oneway, Some(response.code()));
            *place = None;
        }
    }
}

impl RequestContext {
    pub(crate) const fn new(channel: RpcChannel, asked: Asked) -> Self {
        Self { channel, asked }
    }

    /// The channel of the request: to keep it, to read its attributes or to call the peer.
    #[must_use]
    pub const fn channel(&self) -> &RpcChannel {
        &self.channel
    }

    /// Who asks.
    #[must_use]
    pub fn peer_addr(&self) -> &Address {
        self.channel.peer_addr()
    }

    /// What is asked.
    #[must_use]
    pub const fn request_code(&self) -> RequestCode {
        self.asked.code()
    }

    /// The number by which the peer knows its request.
    #[must_use]
    pub const fn opaque(&self) -> i32 {
        self.asked.opaque
    }

    /// The RocketMQ version of the peer, as told by the request.
    #[must_use]
    pub const fn version(&self) -> MqVersion {
        self.asked.version
    }

    /// Whether the peer expects no answer.
    #[must_use]
    pub const fn is_oneway(&self) -> bool {
        self.asked.oneway
    }

    /// Something to answer with after the processor has returned [`Reply::None`].
    pub fn responder(&self) -> Responder {
        Responder { ctx: self.clone() }
    }

    pub(crate) const fn asked(&self) -> Asked {
        self.asked
    }
}

/// Answers one request later than its processor returned, as long polling does.
/// Java: `NettyRemotingAbstract.writeResponse`.
///
/// A responder that is dropped without an answer leaves the peer to its time-out. A response sent by a
/// responder passes no hooks, which have run when the processor returned.
#[derive(Debug)]
#[must_use = "a request whose responder is dropped is never answered"]
pub struct Responder {
    ctx: RequestContext,
}

impl Responder {
    /// Where the request came from.
    #[must_use]
    pub const fn context(&self) -> &RequestContext {
        &self.ctx
    }

    /// Queues the response, waiting for room when the peer reads slowly. The response to a one-way request is
    /// dropped.
    ///
    /// # Errors
    ///
    /// [`RpcError::ChannelClosed`].
    ///
    /// # Cancellation
    ///
    /// Dropping the future before it is ready sends nothing.
    pub async fn send(self, reply: impl Into<Reply> + Send) -> Result<(), RpcError> {
        let Some(response) = self.ctx.asked.response(reply.into()) else { return Ok(()) };
        let code = response.code();
        let sent = self.ctx.channel.send(response).await;
        let outcome = if sent.is_ok() { Outcome::Success } else { Outcome::WriteChannelFailed };
        self.ctx.asked.latency.of_long_poll().record(outcome, Some(code));
        sent
    }
}
