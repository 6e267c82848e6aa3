//! Why a call did not end with a response, and why a processor gave none.

mod processor;
mod text;

use std::convert::Infallible;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use remoting_transport::protocol::{ResponseCode, ResponseError};
use remoting_transport::{Address, AddressError, CloseReason};

pub use self::processor::{AbortProcess, ProcessorError};
use self::text::{ResponseText, TimeoutText};

/// The cause of an [`RpcError`]: shared, because one failed dial may fail many waiting calls.
pub type Cause = Arc<dyn Error + Send + Sync + 'static>;

/// The two kinds of call, which have separate permits (Java: `semaphoreAsync` and `semaphoreOneway`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallKind {
    /// A call that waits for a response: Java's `invokeSync` and `invokeAsync`.
    Invoke,
    /// A call that expects no response: Java's `invokeOneway`.
    Oneway,
}

impl CallKind {
    /// The name that Java's messages give to this operation.
    const fn java_name(self) -> &'static str {
        match self {
            Self::Invoke => "invokeAsyncImpl",
            Self::Oneway => "invokeOnewayImpl",
        }
    }
}

/// Which part of a call spent its time budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallPhase {
    /// Connecting to the peer, or choosing a name server.
    Connect,
    /// Waiting for a permit of its kind: too many calls were in flight.
    Permit {
        /// Whose permits were exhausted.
        kind: CallKind,
        /// How many calls of this kind may be in flight at once.
        limit: usize,
    },
    /// Waiting for capacity in the channel's outbound queue: the peer reads too slowly.
    Send,
    /// Waiting for the response.
    Response,
}

impl CallPhase {
    /// Whether the request may have reached the peer by the time this phase ends without success.
    #[must_use]
    pub const fn may_have_been_sent(self) -> bool {
        matches!(self, Self::Response)
    }
}

/// Why a call did not end with a response.
///
/// Most callers want to know one thing: may the call be repeated?
///
/// | question | method |
/// |---|---|
/// | May the peer have executed the request? `false` is a promise | [`may_have_been_sent`](Self::may_have_been_sent) |
/// | Did the time-out end the call? On what it was spent says the phase of [`Timeout`](Self::Timeout) | [`is_timeout`](Self::is_timeout) |
/// | Was there no connection? | [`is_connect`](Self::is_connect) |
/// | Were too many calls of this side in flight? | [`is_no_permit`](Self::is_no_permit) |
/// | Did the channel close, or this endpoint shut down? | [`is_closed`](Self::is_closed) |
/// | What did the peer answer, if not `SUCCESS`? | [`response`](Self::response) |
/// | Is the address invalid? | [`is_invalid_address`](Self::is_invalid_address) |
///
/// A request that may be executed twice, such as a query, can be repeated after any failure but an invalid address. Any
/// other only while `may_have_been_sent` is `false`:
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
/// The error is cloneable, so that one failure may be reported to every call that it ended. The text of each variant
/// follows the Java exception it stands for, so that a search for the Java message finds it. It does not quote the cause,
/// which is the [`source`](Error::source); [`ErrorChain`] displays both.
///
/// [`ErrorChain`]: remoting_transport::protocol::ErrorChain
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum RpcError {
    /// The peer could not be connected. Nothing was sent. Java: `RemotingConnectException`.
    #[error("connect to <{addr}> failed")]
    #[non_exhaustive]
    Connect {
        /// The address that was dialled.
        addr: Address,
        /// What the connector reported.
        #[source]
        cause: Cause,
    },

    /// The request could not be handed to the channel for a reason other than its close. Nothing was sent.
    /// Java: `RemotingSendRequestException`.
    #[error("send request to <{addr}> failed")]
    #[non_exhaustive]
    SendRequest {
        /// The peer.
        addr: Address,
        /// What went wrong.
        #[source]
        cause: Cause,
    },

    /// The budget of the call ran out. Java: `RemotingTimeoutException`.
    #[error("{}", TimeoutText { addr, phase, timeout })]
    #[non_exhaustive]
    Timeout {
        /// The peer.
        addr: Address,
        /// What the call was waiting for when its time ran out.
        phase: CallPhase,
        /// The whole budget of the call.
        timeout: Duration,
    },

    /// The call came with a zero time-out and no permit was free at once. Nothing was sent.
    /// Java: `RemotingTooMuchRequestException`.
    #[error("{} invoke too fast: all {limit} permits for calls to <{addr}> are taken", kind.java_name())]
    #[non_exhaustive]
    NoPermit {
        /// The peer.
        addr: Address,
        /// Whose permits were exhausted.
        kind: CallKind,
        /// How many calls of this kind may be in flight at once.
        limit: usize,
    },

    /// The channel closed before the response came, or was closed already when the call began.
    /// Java: `RemotingSendRequestException` (and, on a Java server, a call that waits for its whole time-out).
    #[error("channel <{addr}> closed {}: {reason}", if *.may_have_been_sent { "before the response came" } else { "before the request was sent" })]
    #[non_exhaustive]
    ChannelClosed {
        /// The peer.
        addr: Address,
        /// Who closed the channel and why.
        reason: CloseReason,
        /// Whether the request had already been queued for writing.
        may_have_been_sent: bool,
    },

    /// The request cannot be written in the chosen serialization or exceeds a limit. Nothing was sent, and the
    /// channel lives on. Java closes the connection in this case (`NettyEncoder`).
    #[error("request to <{addr}> cannot be encoded")]
    #[non_exhaustive]
    Encode {
        /// The peer.
        addr: Address,
        /// What the encoder refused.
        #[source]
        cause: Cause,
    },

    /// The peer answered `GO_AWAY` (1500) and the call could not be moved to a fresh channel.
    /// Java: `RemotingSendRequestException("Receive GO_AWAY …")`.
    #[error("receive GO_AWAY {}in request to <{addr}>", if *.twice { "twice " } else { "" })]
    #[non_exhaustive]
    GoAway {
        /// The peer.
        addr: Address,
        /// Whether the call had already been moved to a fresh channel once.
        twice: bool,
    },

    /// The peer answered with a code other than `SUCCESS`, and the caller wanted no other:
    /// [`Invoke::into_success`](crate::Invoke::into_success), or
    /// [`RemotingCommand::into_success`](remoting_transport::protocol::RemotingCommand::into_success) and `?`.
    #[error("{}", ResponseText { addr, error })]
    #[non_exhaustive]
    Response {
        /// The peer, which `?` on a response alone does not know.
        addr: Option<Address>,
        /// The response: its code, its remark, and all else.
        error: ResponseError,
    },

    /// The text is not an address. Nothing was sent.
    #[error(transparent)]
    Address(#[from] AddressError),

    /// No name server address is known. Java: `RemotingConnectException` for the address `null`.
    #[error("no name server address is set: call set_name_servers first")]
    NoNameServer,

    /// Each known name server failed. Nothing was sent.
    #[error("none of {tried} name servers could be connected; the last was <{addr}>")]
    #[non_exhaustive]
    NameServer {
        /// The candidate that was tried last.
        addr: Address,
        /// How many candidates were tried within the budget of the call.
        tried: usize,
        /// Why the last candidate failed.
        #[source]
        cause: Cause,
    },

    /// This server or client has been shut down. Nothing was sent.
    #[error("call to <{addr}> refused: this endpoint has been shut down")]
    #[non_exhaustive]
    ShutDown {
        /// The peer.
        addr: Address,
    },

    /// An [`RpcHook`](crate::RpcHook) of this side refused the request or its response.
    #[error("hook failed on the call to <{addr}>")]
    #[non_exhaustive]
    Hook {
        /// The peer.
        addr: Address,
        /// What the hook returned.
        #[source]
        cause: Cause,
        /// True when the hook failed on the response: the peer has processed the request.
        may_have_been_sent: bool,
    },
}

impl RpcError {
    /// The call ran out of its time budget, in whatever phase. Java: `RemotingTimeoutException`.
    #[must_use]
    pub const fn is_timeout(&self) -> bool {
        matches!(self, Self::Timeout { .. })
    }

    /// No connection to the peer could be made. Java: `RemotingConnectException`.
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

    /// Too many calls were in flight on this side, so that this one got no permit. Java:
    /// `RemotingTooMuchRequestException`.
    #[must_use]
    pub const fn is_no_permit(&self) -> bool {
        matches!(self, Self::NoPermit { .. } | Self::Timeout { phase: CallPhase::Permit { .. }, .. })
    }

    /// The channel, or the whole endpoint, was closed under the call.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        matches!(self, Self::ChannelClosed { .. } | Self::ShutDown { .. })
    }

    /// Returns the response of a peer that answered with a code other than `SUCCESS`.
    #[must_use]
    pub const fn response(&self) -> Option<&ResponseError> {
        match self {
            Self::Response { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Whether the text given as an address is not one. The error names the text; repeating the call is no use.
    #[must_use]
    pub const fn is_invalid_address(&self) -> bool {
        matches!(self, Self::Address(_))
    }

    /// Whether the peer may have seen, and executed, the request.
    ///
    /// `false` is a promise: repeating the request cannot execute it twice. A peer that answers `GO_AWAY`
    /// has not executed the request, so [`RpcError::GoAway`] says `false`. For any other [`RpcError::Response`] it is
    /// `true`: what the peer has done before it answered, only its code can tell.
    #[must_use]
    pub fn may_have_been_sent(&self) -> bool {
        match self {
            Self::Response { error, .. } => error.code() != ResponseCode::GO_AWAY,
            Self::Timeout { phase, .. } => phase.may_have_been_sent(),
            Self::ChannelClosed { may_have_been_sent, .. } | Self::Hook { may_have_been_sent, .. } => {
                *may_have_been_sent
            }
            _ => false,
        }
    }

    /// The peer that the call was for, where one had been chosen.
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
            Self::Response { addr, .. } => addr.as_ref(),
            Self::Address(_) | Self::NoNameServer => None,
        }
    }
}

/// Without the peer's address, which the response does not have.
impl From<ResponseError> for RpcError {
    fn from(error: ResponseError) -> Self {
        Self::Response { addr: None, error }
    }
}

/// For what is an address already, and so cannot fail to become one.
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
                RpcError::Hook { addr, cause, may_have_been_sent: false },
                "hook failed on the call to <memory:peer>",
            ),
        ] {
            assert_eq!(error.to_string(), text);
            assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("the cause"));
            assert_eq!(ErrorChain(&error).to_string(), format!("{text}: the cause"));
        }
    }
}
