//! The buffers of a channel, and when they are given back.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use super::ChannelMachine;

/// A channel that is to keep its buffers for longer keeps them for good.
const LONGEST_RELEASE: Duration = Duration::from_secs(365 * 24 * 3600);

impl ChannelMachine {
    /// To be called before a wait. A channel on which nothing has moved for a while is not expected to be
    /// used again soon, so after a single exchange it keeps no buffer, and needs no timer to give one back.
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

    /// Whether bytes have moved on this channel lately, before this round.
    pub(super) fn is_busy(&self, now: Instant) -> bool {
        self.busy_until.is_some_and(|until| now < until)
    }

    /// Gives back the buffers that are empty, and what a part of a frame does not fill.
    pub(super) fn release(&mut self) {
        self.input.release();
        self.egress.buffer.release();
        if self.commands.is_empty() && self.commands.capacity() > 0 {
            self.commands = VecDeque::new();
            self.released = true;
        }
    }

    /// Whether the memory of the commands was given back since this was called last: that of the queue behind them is
    /// not needed either.
    pub(crate) fn take_released(&mut self) -> bool {
        std::mem::take(&mut self.released)
    }

    pub(super) fn holds_memory(&self) -> bool {
        self.input.is_releasable()
            || (self.egress.buffer.holds_memory() && self.egress.buffer.is_empty())
            || (self.commands.capacity() > 0 && self.commands.is_empty())
    }
}
