//! The kinds of connection events.

use std::{fmt, sync::Arc};

use crate::{channel::CloseReason, pipeline::IdleKind};

/// The kind of a [`ChannelEvent`](crate::ChannelEvent). Equivalent of Java's `NettyEventType`.
///
/// Displays as its [name](Self::name) and the details: `IDLE (ALL_IDLE)`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChannelEventKind {
    /// A connection was established or accepted.
    Connect,
    /// A dialled channel is ready for use.
    Active,
    /// Nothing was read or written for the idle time.
    Idle(IdleKind),
    /// The connection broke, or the peer violated the protocol. The text describes the error.
    Exception(Arc<str>),
    /// The channel was closed.
    Close(CloseReason),
}

impl ChannelEventKind {
    /// Returns Java's name of the kind: `CONNECT`, `ACTIVE`, `IDLE`, `EXCEPTION` or `CLOSE`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Connect => "CONNECT",
            Self::Active => "ACTIVE",
            Self::Idle(_) => "IDLE",
            Self::Exception(_) => "EXCEPTION",
            Self::Close(_) => "CLOSE",
        }
    }

    /// Returns whether an event of this kind counts against the capacity of the queue.
    pub(super) fn needs_slot(&self) -> bool {
        !matches!(self, Self::Close(_))
    }

    pub(super) fn fmt_details(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect | Self::Active => Ok(()),
            Self::Idle(kind) => write!(f, " ({kind})"),
            Self::Exception(error) => write!(f, " ({error})"),
            Self::Close(reason) => write!(f, " ({reason})"),
        }
    }
}

impl fmt::Display for ChannelEventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        self.fmt_details(f)
    }
}
