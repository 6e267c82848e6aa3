//! The release of a channel's buffers.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use super::ChannelMachine;

/// The longest time after which buffers are released. A longer option counts as this time.
const LONGEST_RELEASE: Duration = Duration::from_secs(365 * 24 * 3600);

impl ChannelMachine {
    /// Prepares for a wait. A channel that was quiet before this exchange is not expected to be used again soon, so it
    /// releases its buffers at once and needs no timer for that.
    pub(crate) fn rest(&mut self, now: Instant) {
        if !std::mem::take(&mut self.moved) {
            return;
        }
        let busy = self.is_busy(now);
        self.busy_until = now.checked_add(self.options().buffer_release_after.min(LONGEST_RELEASE));
        if !busy {
            self.release();
        }
    }

    /// Returns whether bytes were read or written recently, before this round.
    pub(super) fn is_busy(&self, now: Instant) -> bool {
        self.busy_until.is_some_and(|until| now < until)
    }

    /// Releases empty buffers, and the unused memory behind a partial frame.
    pub(super) fn release(&mut self) {
        self.input.release();
        self.egress.buffer.release();
        if self.commands.is_empty() && self.commands.capacity() > 0 {
            self.commands = VecDeque::new();
            self.released = true;
        }
    }

    /// Returns whether the memory of the commands was released since the last call. The channel's queue then does not need
    /// its memory either.
    pub(crate) fn take_released(&mut self) -> bool {
        std::mem::take(&mut self.released)
    }

    pub(super) fn holds_memory(&self) -> bool {
        self.input.is_releasable()
            || (self.egress.buffer.holds_memory() && self.egress.buffer.is_empty())
            || (self.commands.capacity() > 0 && self.commands.is_empty())
    }
}
