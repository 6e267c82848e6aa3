//! Why a channel ended.

use std::{fmt, io, sync::Arc};

use remoting_protocol::{DecodeError, ErrorChain};

/// Who brought a channel to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CloseInitiator {
    /// This side: a call of [`Channel::close`](crate::Channel::close), a shutdown, a dropped task.
    Local,
    /// The peer closed its side in an orderly way.
    Peer,
    /// Nothing was read or written for too long.
    Idle,
    /// The socket failed.
    Io,
    /// The peer sent what is no frame of this protocol.
    Protocol,
}

/// Why a channel ended: who did it, and a sentence for people.
///
/// The first reason given to a channel is the one it keeps. Cloning is cheap.
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
    /// This side closes, because of `why`.
    pub const fn local(why: &'static str) -> Self {
        Self { by: CloseInitiator::Local, why: Why::Static(why) }
    }

    /// The peer closed, as `why` tells.
    pub const fn peer(why: &'static str) -> Self {
        Self { by: CloseInitiator::Peer, why: Why::Static(why) }
    }

    /// Nothing moved for too long.
    pub const fn idle(why: &'static str) -> Self {
        Self { by: CloseInitiator::Idle, why: Why::Static(why) }
    }

    /// The socket failed with `error`.
    pub fn io(error: &io::Error) -> Self {
        Self::new(CloseInitiator::Io, ErrorChain(error).to_string())
    }

    /// The peer's bytes are no frame.
    pub fn protocol(error: &DecodeError) -> Self {
        Self::new(CloseInitiator::Protocol, ErrorChain(error).to_string())
    }

    /// A reason with a text made at run time.
    pub fn new(by: CloseInitiator, why: impl Into<Arc<str>>) -> Self {
        Self { by, why: Why::Text(why.into()) }
    }

    /// Who brought the channel to its end.
    pub fn by(&self) -> CloseInitiator {
        self.by
    }

    /// What happened, for people.
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
