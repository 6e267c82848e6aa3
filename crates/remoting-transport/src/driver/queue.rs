//! What lies between the machine and the queue of the channel, which other tasks put commands into.

use std::{task::Context, time::Instant};

use remoting_protocol::ErrorChain;

use super::{pump::Pump, wire::Wire};
use crate::{
    channel::{
        ChannelError, CloseReason,
        outbound::{CloseRequest, Outbound},
    },
    machine::{ClosingNotice, Ending},
};

impl<W: Wire> Pump<W> {
    fn outbound(&self) -> &Outbound {
        self.machine.channel().outbound()
    }

    /// Whether the queue holds anything for this task: commands, or a request to end.
    pub(super) fn has_queued(&self) -> bool {
        self.outbound().is_dirty()
    }

    /// Whether callers that the last read woke may be about to queue more than they have so far: fewer have queued
    /// something than it brought.
    pub(super) fn expects_more(&self) -> bool {
        self.machine.delivered() > 1 && {
            let queued = self.outbound().woken_with();
            queued > 0 && queued < self.machine.delivered()
        }
    }

    /// Whether commands wait to be written on a channel that has been quiet, so that its peer may have gone meanwhile.
    pub(super) fn writes_afresh(&self, now: Instant) -> bool {
        self.has_queued() && !self.machine.wants_write() && self.machine.is_quiet(now)
    }

    /// Takes what other tasks queued and encodes as much of it as the write buffer has room for.
    pub(super) fn take_commands(&mut self, now: Instant) {
        let (channel, commands) = self.machine.commands();
        if let Some(request) = channel.outbound().drain(commands) {
            self.close_requested(request);
        }
        self.machine.handle_commands(now);
    }

    #[cold]
    fn close_requested(&mut self, request: CloseRequest) {
        // The reason is kept by the queue.
        let reason = self.outbound().reason().unwrap_or(CloseReason::local("closing"));
        match request {
            CloseRequest::Close => self.machine.handle_close(reason),
            CloseRequest::Abort => self.machine.handle_abort(reason),
        }
    }

    /// Gives senders the room of what was written, and makes it known whether the channel is writable.
    pub(super) fn end_round(&mut self, now: Instant) {
        let (freed, direct) = (self.machine.take_freed(), self.machine.direct_bytes());
        let outbound = self.outbound();
        outbound.release(freed);
        outbound.set_direct(direct);
        if let Some(writable) = self.machine.poll_writability(outbound.queued_bytes()) {
            outbound.set_writable(writable);
            self.machine.handle_writability(writable, now);
        }
        self.machine.end_round(now);
        self.announce_closing(now);
    }

    /// Lets nobody queue a request any more, if the channel has begun to close.
    #[inline]
    pub(super) fn announce_closing(&mut self, now: Instant) {
        if let Some(notice) = self.machine.poll_closing() {
            self.begin_closing(notice, now);
        }
    }

    #[cold]
    fn begin_closing(&mut self, notice: ClosingNotice, now: Instant) {
        let outbound = self.outbound();
        let reason = outbound.begin_close(notice.reason);
        let withdrawn = if notice.withdraws_requests { outbound.withdraw_requests() } else { Vec::new() };
        self.machine.handle_closing(reason, withdrawn, now);
    }

    pub(super) fn poll_ended(&self, now: Instant) -> Option<(CloseReason, Ending)> {
        self.machine.poll_ended(now, || !self.unflushed && self.outbound().is_empty())
    }

    /// Leaves this task to be woken by the next command that is queued. False if there is something to do already.
    pub(super) fn park(&mut self, cx: &Context<'_>) -> bool {
        let outbound = self.machine.channel().outbound();
        outbound.park(self.machine.holds_commands(), &mut self.parked, cx)
    }

    /// Gives back what a channel that waits does not need.
    pub(super) fn rest(&mut self, now: Instant) {
        self.machine.rest(now);
        if self.machine.take_released() {
            self.outbound().release_memory();
        }
    }

    /// The wire, or what is written to it, is broken. Returns the reason of the end.
    #[cold]
    pub(super) fn broken(&mut self, error: &ChannelError, now: Instant) -> CloseReason {
        let reason = self.machine.handle_broken(error, now);
        let first = self.outbound().begin_close(reason.clone());
        if first != reason {
            tracing::debug!(channel = %self.channel(), "the channel broke while closing: {}", ErrorChain(error));
        }
        first
    }

    /// A handler or the sink panicked with this text. Returns the reason of the end.
    #[cold]
    pub(super) fn panicked(&mut self, panic: &str) -> CloseReason {
        self.machine.handle_panic(panic)
    }

    /// Ends the channel: nobody can queue anything any more, the sink gets back what was not written, handlers and sink
    /// learn the end. Does nothing the second time. Returns the first reason that was given for the end, and the text of
    /// a panic on the way.
    pub(crate) fn finish(
        &mut self,
        reason: CloseReason,
        ending: Ending,
        now: Instant,
    ) -> (CloseReason, Option<String>) {
        if self.machine.has_ended() {
            return (self.channel().close_reason().unwrap_or(reason), None);
        }
        if ending == Ending::Complete {
            self.channel().mark_flushed();
        }
        let reason = self.outbound().begin_close(reason);
        let queued = self.channel().mark_closed(reason.clone());
        let panicked = self.machine.finish(&reason, queued, now);
        (reason, panicked)
    }
}
