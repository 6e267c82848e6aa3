//! The errors of calls and of processors.

mod phase;
mod processor;
mod text;

use std::convert::Infallible;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use remoting_transport::protocol::{ResponseCode, ResponseError};
use remoting_transport::{Address, AddressError, CloseReason};

pub use self::phase::{CallKind, CallPhase};
pub use self::processor::{ProcessorError, Refusal};
use self::text::{OfPeer, ResponseText, TimeoutText};

/// The cause of an [`RpcError`]: shared, because one failed dial may fail many waiting calls.
pub type Cause = Arc<dyn Error + Send + Sync + 'static>;

/// The reason why a call ended without a response.
///
/// Most callers need the answer to one question: may the call be repeated?
///
/// | question | method |
/// |---|---|
/// | May the peer have executed the request? `false` is a guarantee | [`may_have_been_sent`](Self::may_have_been_sent) |
/// | Did the call time out? [`Timeout`](Self::Timeout) has the phase | [`is_timeout`](Self::is_timeout) |
/// | Was there no connection? | [`is_connect`](Self::is_connect) |
/// | Were too many calls of this side in flight? | [`is_no_permit`](Self::is_no_permit) |
/// | Did the channel close, or this endpoint shut down? | [`is_closed`](Self::is_closed) |
/// | What was the response, if not `SUCCESS`? | [`response`](Self::response) |
/// | Is the address invalid? | [`is_invalid_address`](Self::is_invalid_address) |
///
/// A request that may be executed twice, such as a query, can be repeated after any failure except an invalid
/// address. Any other request can be repeated only if `may_have_been_sent` is `false`:
///
/// ```
/// use std::time::Duration;
/// use remoting_rpc::transport::protocol::RemotingCommand;
/// use remoting_rpc::{RpcError, Target};
///
/// /// Calls up to three times, and never lets a request be executed twice.
/// async fn call(broker: &Target, request: &RemotingCommand) -> Result<RemotingCommand, RpcError> {
///     let mut attempt = 1;
///     loop {
///         match broker.invoke(request.clone()).into_success().await {
///             Err(error) if attempt < 3 && !error.may_have_been_sent() && !error.is_invalid_address() => {
///                 tokio::time::sleep(Duration::from_millis(100) * attempt).await;
///                 attempt += 1;
///             }
///             result => return result,
///         }
///     }
/// }
/// ```
///
/// The error can be cloned, because one failure may end many calls. The text of each variant follows its Java
/// exception, so a search for the Java message finds it. The text does not include the cause, which is the
/// [`source`](Error::source). [`ErrorChain`] displays both.
///
/// [`ErrorChain`]: remoting_transport::protocol::ErrorChain
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum RpcError {
    /// The connection to the peer failed. Nothing was sent. Java: `RemotingConnectException`.
    #[error("connect to <{addr}> failed")]
    #[non_exhaustive]
    Connect {
        /// The address of the peer.
        addr: Address,
        /// The error of the connector.
        #[source]
        cause: Cause,
    },

    /// The channel did not take the request, for a reason other than its close. Nothing was sent. Java:
    /// `RemotingSendRequestException`.
    #[error("send request to <{addr}> failed")]
    #[non_exhaustive]
    SendRequest {
        /// The peer.
        addr: Address,
        /// The error.
        #[source]
        cause: Cause,
    },

    /// The budget of the call ran out. Java: `RemotingTimeoutException`.
    #[error("{}", TimeoutText { addr, phase, timeout })]
    #[non_exhaustive]
    Timeout {
        /// The peer.
        addr: Address,
        /// The phase in which the budget ran out.
        phase: CallPhase,
        /// The total budget of the call.
        timeout: Duration,
    },

    /// A [`DeadlineLayer`](crate::tower::DeadlineLayer) ended the call. An attempt may have been sent.
    #[cfg(feature = "tower")]
    #[error("call not done within {timeout:?}")]
    #[non_exhaustive]
    DeadlineExceeded {
        /// The time that the call had.
        timeout: Duration,
    },

    /// The call had a time-out of zero, and no permit was free. Nothing was sent. Java:
    /// `RemotingTooMuchRequestException`.
    #[error(
        "{} invoke too fast: all {limit} permits ({}) for calls to <{addr}> are taken",
        kind.java_name(), kind.setting()
    )]
    #[non_exhaustive]
    NoPermit {
        /// The peer.
        addr: Address,
        /// The kind whose permits were exhausted.
        kind: CallKind,
        /// The number of calls of this kind that may be in flight at once.
        limit: usize,
    },

    /// The channel closed before the response arrived, or before the call began. Java:
    /// `RemotingSendRequestException`; on a Java server, such a call waits for its whole time-out.
    #[error("channel <{addr}> closed {}: {reason}", if *.may_have_been_sent { "before the response came" } else { "before the request was sent" })]
    #[non_exhaustive]
    ChannelClosed {
        /// The peer.
        addr: Address,
        /// Which side closed the channel, and why.
        reason: CloseReason,
        /// Whether the request had already been queued for writing.
        may_have_been_sent: bool,
    },

    /// The request cannot be encoded in its serialization, or exceeds a limit. Nothing was sent, and the
    /// channel stays open. Java closes the connection (`NettyEncoder`).
    #[error("request to <{addr}> cannot be encoded")]
    #[non_exhaustive]
    Encode {
        /// The peer.
        addr: Address,
        /// The error of the encoder.
        #[source]
        cause: Cause,
    },

    /// The peer responded with `GO_AWAY` (1500), and the call could not move to a fresh channel. Java:
    /// `RemotingSendRequestException("Receive GO_AWAY …")`.
    #[error("receive GO_AWAY {}in request to <{addr}>", if *.twice { "twice " } else { "" })]
    #[non_exhaustive]
    GoAway {
        /// The peer.
        addr: Address,
        /// Whether the call had already moved to a fresh channel once.
        twice: bool,
    },

    /// The peer responded with a code other than `SUCCESS`, and the caller accepts only `SUCCESS`: a typed call,
    /// [`Invoke::into_success`](crate::Invoke::into_success), or
    /// [`RemotingCommand::into_success`](remoting_transport::protocol::RemotingCommand::into_success) with
    /// `?`.
    #[error("{}", ResponseText { addr, error })]
    #[non_exhaustive]
    Response {
        /// The peer; `None` if the error was converted from a response by `?`.
        addr: Option<Address>,
        /// The response: its code, remark and everything else.
        error: ResponseError,
    },

    /// The peer responded, but the content of its response is not what the operation of a typed call says: a field or
    /// the body is missing or malformed.
    #[error("response {}to {operation} cannot be read", OfPeer(.addr))]
    #[non_exhaustive]
    UnreadableResponse {
        /// The peer; `None` for a call to any name server.
        addr: Option<Address>,
        /// The name of the operation.
        operation: &'static str,
        /// The error of reading the content: a
        /// [`ContentError`](remoting_transport::protocol::operation::ContentError).
        #[source]
        cause: Cause,
    },

    /// The address is invalid. Nothing was sent.
    #[error(transparent)]
    Address(#[from] AddressError),

    /// No name server address is known. Java: `RemotingConnectException` for the address `null`.
    #[error("no name server address is set: call set_name_servers first")]
    NoNameServer,

    /// Every known name server failed. Nothing was sent.
    #[error("none of {tried} name servers could be connected; the last was <{addr}>")]
    #[non_exhaustive]
    NameServer {
        /// The name server that was tried last.
        addr: Address,
        /// The number of name servers that were tried within the budget of the call.
        tried: usize,
        /// The reason why the last name server failed.
        #[source]
        cause: Cause,
    },

    /// This server or client is shut down. Nothing was sent.
    #[error("call to <{addr}> refused: this endpoint has been shut down")]
    #[non_exhaustive]
    ShutDown {
        /// The peer.
        addr: Address,
    },

    /// An [`RpcHook`](crate::RpcHook) of this side rejected the request or the response.
    #[error("hook failed on the call to <{addr}>")]
    #[non_exhaustive]
    Hook {
        /// The peer.
        addr: Address,
        /// The error of the hook.
        #[source]
        cause: Cause,
        /// True if the hook failed on the response: the peer has processed the request.
        may_have_been_sent: bool,
    },
}

impl RpcError {
    /// Returns whether the call ran out of its time budget, in any phase. Java: `RemotingTimeoutException`.
    #[must_use]
    pub const fn is_timeout(&self) -> bool {
        match self {
            Self::Timeout { .. } => true,
            #[cfg(feature = "tower")]
            Self::DeadlineExceeded { .. } => true,
            _ => false,
        }
    }

    /// Returns whether no connection to the peer could be made. Java: `RemotingConnectException`.
    #[must_use]
    pub const fn is_connect(&self) -> bool {
        matches!(
            self,
            Self::Connect { .. }
                | Self::NoNameServer
                | Self::NameServer { .. }
                | Self::Timeout { phase: CallPhase::Connect, .. }
        )
    }

    /// Returns whether the call got no permit because too many calls were in flight on this side. Java:
    /// `RemotingTooMuchRequestException`.
    #[must_use]
    pub const fn is_no_permit(&self) -> bool {
        matches!(self, Self::NoPermit { .. } | Self::Timeout { phase: CallPhase::Permit { .. }, .. })
    }

    /// Returns whether the channel closed, or the whole endpoint shut down, during the call.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        matches!(self, Self::ChannelClosed { .. } | Self::ShutDown { .. })
    }

    /// Returns the response, if the peer responded with a code other than `SUCCESS`.
    #[must_use]
    pub const fn response(&self) -> Option<&ResponseError> {
        match self {
            Self::Response { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Returns whether the address is invalid. The error has the address; repeating the call cannot succeed.
    #[must_use]
    pub const fn is_invalid_address(&self) -> bool {
        matches!(self, Self::Address(_))
    }

    /// Returns whether the peer may have received, and executed, the request.
    ///
    /// `false` is a guarantee: repeating the request cannot execute it twice. A peer that responds with
    /// `GO_AWAY` has not executed the request, so [`RpcError::GoAway`] returns `false`. Any other
    /// [`RpcError::Response`] returns `true`: what the peer executed before it responded depends on the code.
    #[must_use]
    pub fn may_have_been_sent(&self) -> bool {
        match self {
            Self::Response { error, .. } => error.code() != ResponseCode::GO_AWAY,
            Self::UnreadableResponse { .. } => true,
            #[cfg(feature = "tower")]
            Self::DeadlineExceeded { .. } => true,
            Self::Timeout { phase, .. } => phase.may_have_been_sent(),
            Self::ChannelClosed { may_have_been_sent, .. } | Self::Hook { may_have_been_sent, .. } => {
                *may_have_been_sent
            }
            _ => false,
        }
    }

    /// Returns the peer of the call, if one had been chosen.
    #[must_use]
    pub const fn addr(&self) -> Option<&Address> {
        match self {
            Self::Connect { addr, .. }
            | Self::SendRequest { addr, .. }
            | Self::Timeout { addr, .. }
            | Self::NoPermit { addr, .. }
            | Self::ChannelClosed { addr, .. }
            | Self::Encode { addr, .. }
            | Self::GoAway { addr, .. }
            | Self::NameServer { addr, .. }
            | Self::ShutDown { addr }
            | Self::Hook { addr, .. } => Some(addr),
            Self::Response { addr, .. } | Self::UnreadableResponse { addr, .. } => addr.as_ref(),
            Self::Address(_) | Self::NoNameServer => None,
            #[cfg(feature = "tower")]
            Self::DeadlineExceeded { .. } => None,
        }
    }
}

/// The error has no peer address, because the response has none.
impl From<ResponseError> for RpcError {
    fn from(error: ResponseError) -> Self {
        Self::Response { addr: None, error }
    }
}

/// For values that are an [`Address`] already: their conversion cannot fail.
impl From<Infallible> for RpcError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

#[cfg(test)]
mod tests {
    use remoting_transport::protocol::ErrorChain;

    use super::*;

    #[test]
    fn a_text_keeps_javas_words_and_leaves_the_cause_to_the_source() {
        let addr = Address::memory("peer");
        let cause: Cause = Arc::new(std::io::Error::other("the cause"));
        for (error, text) in [
            (
                RpcError::Connect { addr: addr.clone(), cause: cause.clone() },
                "connect to <memory:peer> failed",
            ),
            (
                RpcError::SendRequest { addr: addr.clone(), cause: cause.clone() },
                "send request to <memory:peer> failed",
            ),
            (
                RpcError::Encode { addr: addr.clone(), cause: cause.clone() },
                "request to <memory:peer> cannot be encoded",
            ),
            (
                RpcError::NameServer { addr: addr.clone(), tried: 2, cause: cause.clone() },
                "none of 2 name servers could be connected; the last was <memory:peer>",
            ),
            (
                RpcError::Hook { addr: addr.clone(), cause: cause.clone(), may_have_been_sent: false },
                "hook failed on the call to <memory:peer>",
            ),
            (
                RpcError::UnreadableResponse {
                    addr: Some(addr),
                    operation: "GetRouteInfo",
                    cause: cause.clone(),
                },
                "response of <memory:peer> to GetRouteInfo cannot be read",
            ),
            (
                RpcError::UnreadableResponse { addr: None, operation: "GetRouteInfo", cause },
                "response to GetRouteInfo cannot be read",
            ),
        ] {
            assert_eq!(error.to_string(), text);
            assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("the cause"));
            assert_eq!(ErrorChain(&error).to_string(), format!("{text}: the cause"));
        }
    }
}
