//! The messages that need more than a format string.

use std::fmt;
use std::time::Duration;

use remoting_transport::Address;
use remoting_transport::protocol::ResponseError;

use super::{CallKind, CallPhase};

/// The message of a response that is not `SUCCESS`.
pub(super) struct ResponseText<'a> {
    pub(super) addr: &'a Option<Address>,
    pub(super) error: &'a ResponseError,
}

impl fmt::Display for ResponseText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.addr {
            Some(addr) => write!(f, "<{addr}> answered {}", self.error),
            None => write!(f, "the peer answered {}", self.error),
        }
    }
}

/// The peer of a response, if it is known.
pub(super) struct OfPeer<'a>(pub(super) &'a Option<Address>);

impl fmt::Display for OfPeer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(addr) => write!(f, "of <{addr}> "),
            None => Ok(()),
        }
    }
}

/// The message of a time-out, in Java's words where Java has a message for it.
pub(super) struct TimeoutText<'a> {
    pub(super) addr: &'a Address,
    pub(super) phase: &'a CallPhase,
    pub(super) timeout: &'a Duration,
}

impl fmt::Display for TimeoutText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { addr, phase, timeout } = self;
        let millis = timeout.as_millis();
        match phase {
            CallPhase::Connect => write!(f, "connect to <{addr}> timeout, {millis}(ms)"),
            CallPhase::Permit { kind, limit } => {
                let (name, key) = match kind {
                    CallKind::Invoke => (kind.java_name(), "semaphoreAsyncValue"),
                    CallKind::Oneway => (kind.java_name(), "semaphoreOnewayValue"),
                };
                write!(
                    f,
                    "{name} tryAcquire semaphore timeout, {millis}ms, channel <{addr}>, {key}: {limit}"
                )?;
                write!(f, " ({})", kind.setting())
            }
            CallPhase::Send => write!(
                f,
                "the channel <{addr}> did not become writable within {millis} ms: the peer reads too slowly"
            ),
            CallPhase::Response => write!(f, "wait response on the channel <{addr}> timeout, {millis}(ms)"),
        }
    }
}
