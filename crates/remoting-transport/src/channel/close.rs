//! The reason of a close.

use std::{fmt, io, sync::Arc};

use remoting_protocol::{DecodeError, ErrorChain};

/// What caused a channel to close.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CloseInitiator {
    /// This side: a call of [`Channel::close`](crate::Channel::close), a shutdown or a dropped task.
    Local,
    /// The peer closed its side in an orderly way.
    Peer,
    /// Nothing was read or written for the idle time.
    Idle,
    /// The socket failed.
    Io,
    /// The peer violated the protocol, for example by an invalid frame.
    Protocol,
}

/// The reason for which a channel was closed: its initiator, and a text for people.
///
/// A channel keeps the first reason it is given. Cloning is cheap.
#[derive(Clone)]
pub struct CloseReason {
    by: CloseInitiator,
    why: Why,
}

#[derive(Clone)]
enum Why {
    Static(&'static str),
    Text(Arc<str>),
}

impl CloseReason {
    /// Creates a reason for a close by this side.
    #[must_use]
    pub const fn local(why: &'static str) -> Self {
        Self { by: CloseInitiator::Local, why: Why::Static(why) }
    }

    /// Creates a reason for a close by the peer.
    #[must_use]
    pub const fn peer(why: &'static str) -> Self {
        Self { by: CloseInitiator::Peer, why: Why::Static(why) }
    }

    /// Creates a reason for the close of an idle channel.
    #[must_use]
    pub const fn idle(why: &'static str) -> Self {
        Self { by: CloseInitiator::Idle, why: Why::Static(why) }
    }

    /// Creates a reason for a socket that failed with `error`.
    #[must_use]
    pub fn io(error: &io::Error) -> Self {
        Self::new(CloseInitiator::Io, ErrorChain(error).to_string())
    }

    /// Creates a reason for a peer that sent an invalid frame.
    #[must_use]
    pub fn protocol(error: &DecodeError) -> Self {
        Self::new(CloseInitiator::Protocol, ErrorChain(error).to_string())
    }

    /// Creates a reason with a text built at run time.
    #[must_use]
    pub fn new(by: CloseInitiator, why: impl Into<Arc<str>>) -> Self {
        Self { by, why: Why::Text(why.into()) }
    }

    /// Returns what caused the close.
    #[must_use]
    pub fn by(&self) -> CloseInitiator {
        self.by
    }

    /// Returns the text for people.
    #[must_use]
    pub fn why(&self) -> &str {
        match &self.why {
            Why::Static(text) => text,
            Why::Text(text) => text,
        }
    }
}

impl PartialEq for CloseReason {
    fn eq(&self, other: &Self) -> bool {
        self.by == other.by && self.why() == other.why()
    }
}

impl Eq for CloseReason {}

impl fmt::Display for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = match self.by {
            CloseInitiator::Local => "closed locally",
            CloseInitiator::Peer => "closed by the peer",
            CloseInitiator::Idle => "closed as idle",
            CloseInitiator::Io => "broken",
            CloseInitiator::Protocol => "closed on a protocol violation",
        };
        write!(f, "{by}: {}", self.why())
    }
}

impl fmt::Debug for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CloseReason").field("by", &self.by).field("why", &self.why()).finish()
    }
}
