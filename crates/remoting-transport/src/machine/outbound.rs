//! The outbound half of the machine: commands in, bytes out.

use std::{collections::VecDeque, io::IoSlice, time::Instant};

use remoting_protocol::{RemotingCommand, RequestCode};

use super::{
    ChannelMachine,
    end::State,
    sink::{SinkContext, UnencodableCommand},
};
use crate::{channel::Channel, file_region::FileRegion};

impl ChannelMachine {
    /// Returns the channel and the queue of commands to be written. Commands that are already in the queue go first.
    pub(crate) fn commands(&mut self) -> (&Channel, &mut VecDeque<RemotingCommand>) {
        (self.egress.channel(), &mut self.commands)
    }

    /// Encodes as many commands as the write buffer has capacity for.
    #[inline]
    pub(crate) fn handle_commands(&mut self, now: Instant) {
        if !self.commands.is_empty() {
            self.encode_commands(now);
        }
        self.apply_close(now);
    }

    /// Encodes the commands in place, because moving each of them would cost more than the rest of the loop.
    fn encode_commands(&mut self, now: Instant) {
        if !matches!(self.state, State::Open) && !self.may_encode() {
            return;
        }
        for command in &mut self.commands {
            if self.egress.is_full() {
                break;
            }
            // Before the handlers see it: if a handler panics, the command may already be changed or written.
            self.encoded += 1;
            if let Err(error) = self.egress.write_queued(command, now) {
                let command = std::mem::replace(command, RemotingCommand::request(RequestCode(0)));
                let mut cx = SinkContext::new(&mut self.egress, now);
                self.sink.write_failed(&mut cx, UnencodableCommand { command: Box::new(command), error });
            }
        }
        match self.encoded as usize {
            all if all == self.commands.len() => self.commands.clear(),
            some => drop(self.commands.drain(..some)),
        }
        self.encoded = 0;
    }

    /// Returns whether commands wait for capacity in the write buffer.
    pub(crate) fn holds_commands(&self) -> bool {
        !self.commands.is_empty()
    }

    /// Returns whether nothing was read or written for a while, so that the peer may have closed unnoticed.
    pub(crate) fn is_quiet(&self, now: Instant) -> bool {
        self.egress.is_quiet(now)
    }

    /// Returns whether bytes or a file region are pending.
    pub(crate) fn wants_write(&self) -> bool {
        !self.egress.buffer.is_empty()
    }

    /// Returns the bytes to write next, if they are contiguous.
    pub(crate) fn only_chunk(&self) -> Option<&[u8]> {
        self.egress.buffer.only_chunk()
    }

    /// Fills `slices` with the bytes to write next, up to a file region, and returns how many slices it filled.
    pub(crate) fn chunks<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        self.egress.buffer.chunks(slices)
    }

    /// Returns the file region to write next, and how much of it was written already. There are then no chunks.
    pub(crate) fn region(&self) -> Option<(&FileRegion, usize)> {
        self.egress.buffer.region()
    }

    /// Handles a write of `bytes` bytes.
    pub(crate) fn handle_written(&mut self, bytes: usize, now: Instant) {
        self.moved = true;
        self.egress.written(bytes, now);
    }

    /// Handles a write of `bytes` bytes of the file region.
    pub(crate) fn handle_region_written(&mut self, bytes: usize, now: Instant) {
        self.moved = true;
        self.egress.region_written(bytes, now);
    }

    /// Returns the bytes of queued commands that were written since the last call. Senders may queue as many.
    pub(crate) fn take_freed(&mut self) -> usize {
        std::mem::take(&mut self.egress.freed)
    }

    /// Returns the pending bytes that handlers and sink wrote, not senders.
    pub(crate) fn direct_bytes(&self) -> usize {
        self.egress.direct
    }

    /// Compares the pending bytes, `queued` of them from senders, with the water marks. Returns the new writability if it
    /// has changed. The caller publishes it and calls `handle_writability`.
    #[inline]
    pub(crate) fn poll_writability(&self, queued: usize) -> Option<bool> {
        self.egress.poll_writability(queued)
    }

    /// Notifies the handlers that the pending bytes have crossed a water mark.
    pub(crate) fn handle_writability(&mut self, writable: bool, now: Instant) {
        self.egress.set_writable(writable, now);
    }
}
