//! The set of events that a handler is called for.

use std::ops::{BitOr, BitOrAssign};

/// The set of frequent events that a handler is called for. Equivalent of Netty's execution mask.
///
/// Events of the life cycle, such as `channel_active` and `channel_inactive`, always reach every handler. Netty detects
/// which methods a handler overrides; here the handler declares them. A handler is not called for other frequent events,
/// even if it overrides their methods.
///
/// ```
/// use remoting_transport::Interest;
///
/// let counts_commands = Interest::READ | Interest::WRITE;
/// assert!(counts_commands.contains(Interest::WRITE) && !counts_commands.contains(Interest::DEADLINE));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Interest(u8);

impl Interest {
    /// No frequent event.
    pub const NONE: Self = Self(0);
    /// [`channel_read`](crate::ChannelHandler::channel_read).
    pub const READ: Self = Self(1);
    /// [`channel_read_complete`](crate::ChannelHandler::channel_read_complete).
    pub const READ_COMPLETE: Self = Self(1 << 1);
    /// [`channel_write`](crate::ChannelHandler::channel_write).
    pub const WRITE: Self = Self(1 << 2);
    /// [`channel_flushed`](crate::ChannelHandler::channel_flushed).
    pub const FLUSHED: Self = Self(1 << 3);
    /// [`next_deadline`](crate::ChannelHandler::next_deadline), and with it
    /// [`deadline_reached`](crate::ChannelHandler::deadline_reached).
    pub const DEADLINE: Self = Self(1 << 4);
    /// All frequent events.
    pub const ALL: Self = Self((1 << 5) - 1);

    /// Returns whether this set contains all of `other`.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for Interest {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Interest {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}
