//! What goes out: commands in, bytes out.

use std::{collections::VecDeque, io::IoSlice, time::Instant};

use remoting_protocol::{RemotingCommand, RequestCode};

use super::{
    ChannelMachine,
    end::State,
    sink::{SinkContext, UnencodableCommand},
};
use crate::{channel::Channel, file_region::FileRegion};

impl ChannelMachine {
    /// Where commands to be written are put, and the channel that they come from. Those that lie here already go first.
    pub(crate) fn commands(&mut self) -> (&Channel, &mut VecDeque<RemotingCommand>) {
        (self.egress.channel(), &mut self.commands)
    }

    /// Encodes as many of the commands as the write buffer has room for.
    #[inline]
    pub(crate) fn handle_commands(&mut self, now: Instant) {
        if !self.commands.is_empty() {
            self.encode_commands(now);
        }
        self.apply_close(now);
    }

    /// Encodes the commands where they lie: moving each of them costs more than the rest of the loop.
    fn encode_commands(&mut self, now: Instant) {
        if !matches!(self.state, State::Open) && !self.may_encode() {
            return;
        }
        for command in &mut self.commands {
            if self.egress.is_full() {
                break;
            }
            // Before the handlers see it: if one of them panics, nobody knows how far it came.
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

    /// Whether commands wait for room in the write buffer.
    pub(crate) fn holds_commands(&self) -> bool {
        !self.commands.is_empty()
    }

    /// Whether no command has come or gone for a while, so that the peer may have gone meanwhile.
    pub(crate) fn is_quiet(&self, now: Instant) -> bool {
        self.egress.is_quiet(now)
    }

    /// Whether there are bytes, or a region, to write.
    pub(crate) fn wants_write(&self) -> bool {
        !self.egress.buffer.is_empty()
    }

    /// The bytes to write first, if they lie in one piece.
    pub(crate) fn only_chunk(&self) -> Option<&[u8]> {
        self.egress.buffer.only_chunk()
    }

    /// Fills `slices` with the bytes to write next, up to a region, and returns how many it filled.
    pub(crate) fn chunks<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        self.egress.buffer.chunks(slices)
    }

    /// The region of a file to write next, and how much of it is out already. Then there are no chunks.
    pub(crate) fn region(&self) -> Option<(&FileRegion, usize)> {
        self.egress.buffer.region()
    }

    /// The stream has taken `bytes` bytes.
    pub(crate) fn handle_written(&mut self, bytes: usize, now: Instant) {
        self.moved = true;
        self.egress.written(bytes, now);
    }

    /// The stream has taken `bytes` bytes of the region.
    pub(crate) fn handle_region_written(&mut self, bytes: usize, now: Instant) {
        self.moved = true;
        self.egress.region_written(bytes, now);
    }

    /// The bytes of queued commands that have been written since this was called last. Senders may queue as many.
    pub(crate) fn take_freed(&mut self) -> usize {
        std::mem::take(&mut self.egress.freed)
    }

    /// Bytes to be written that no sender queued: what handlers and sink wrote.
    pub(crate) fn direct_bytes(&self) -> usize {
        self.egress.direct
    }

    /// Compares the bytes that wait, `queued` of them from senders, with the water marks. Returns whether the channel
    /// is writable if that has changed; whoever asks makes it known, then calls `handle_writability`.
    #[inline]
    pub(crate) fn poll_writability(&self, queued: usize) -> Option<bool> {
        self.egress.poll_writability(queued)
    }

    /// Tells the handlers that the bytes that wait have crossed a water mark.
    pub(crate) fn handle_writability(&mut self, writable: bool, now: Instant) {
        self.egress.set_writable(writable, now);
    }
}
