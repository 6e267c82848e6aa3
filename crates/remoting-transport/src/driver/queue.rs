//! The link between the machine and the queue of its channel.

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

    /// Returns whether the queue holds anything for this task: commands, or a request to close.
    pub(super) fn has_queued(&self) -> bool {
        self.outbound().is_dirty()
    }

    /// Returns whether callers wait until the channel is writable.
    pub(super) fn is_awaited(&self) -> bool {
        self.outbound().is_awaited()
    }

    /// Returns whether callers that the last read woke may be about to send: fewer commands are queued than it delivered.
    pub(super) fn expects_more(&self) -> bool {
        self.machine.delivered() > 1 && {
            let queued = self.outbound().woken_with();
            queued > 0 && queued < self.machine.delivered()
        }
    }

    /// Returns whether commands are queued on a quiet channel, whose peer may have closed unnoticed.
    pub(super) fn writes_after_quiet(&self, now: Instant) -> bool {
        self.has_queued() && !self.machine.wants_write() && self.machine.is_quiet(now)
    }

    /// Takes the queued commands and encodes as many as the write buffer has capacity for.
    pub(super) fn take_commands(&mut self, now: Instant) {
        let (channel, commands) = self.machine.commands();
        if let Some(request) = channel.outbound().drain(commands) {
            self.close_requested(request);
        }
        self.machine.handle_commands(now);
    }

    #[cold]
    fn close_requested(&mut self, request: CloseRequest) {
        // The queue keeps the reason.
        let reason = self.outbound().reason().unwrap_or(CloseReason::local("closing"));
        match request {
            CloseRequest::Close => self.machine.handle_close(reason),
            CloseRequest::Abort => self.machine.handle_abort(reason),
        }
    }

    /// Releases the capacity of written commands to senders, and publishes whether the channel is writable.
    pub(super) fn end_round(&mut self, now: Instant) {
        let (freed, direct) = (self.machine.take_freed(), self.machine.direct_bytes());
        let outbound = self.outbound();
        outbound.release(freed);
        outbound.set_direct(direct);
        if let Some(writable) = self.machine.poll_writability(outbound.queued_bytes()) {
            outbound.set_writable(writable);
            self.machine.handle_writability(writable, now);
        }
        self.outbound().notify_writable();
        self.machine.end_round(now);
        self.announce_closing(now);
    }

    /// Rejects new requests, if the channel has started to close.
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

    /// Parks this task, which the next queued command wakes. Returns false if there is something to do already.
    pub(super) fn park(&mut self, cx: &Context<'_>) -> bool {
        let outbound = self.machine.channel().outbound();
        outbound.park(self.machine.holds_commands(), &mut self.parked, cx)
    }

    /// Releases the memory that a waiting channel does not need.
    pub(super) fn rest(&mut self, now: Instant) {
        self.machine.rest(now);
        if self.machine.take_released() {
            self.outbound().release_memory();
        }
    }

    /// Handles a failure of the wire or of a file region. Returns the reason of the close.
    #[cold]
    pub(super) fn broken(&mut self, error: &ChannelError, now: Instant) -> CloseReason {
        let reason = self.machine.handle_broken(error, now);
        let first = self.outbound().begin_close(reason.clone());
        if first != reason {
            tracing::debug!(channel = %self.channel(), error = %ErrorChain(error), "channel broke while closing");
        }
        first
    }

    /// Handles a panic of a handler or the sink, with this message. Returns the reason of the close.
    #[cold]
    pub(super) fn panicked(&mut self, panic: &str) -> CloseReason {
        self.machine.handle_panic(panic)
    }

    /// Closes the channel: closes the queue, returns unwritten commands to the sink, and notifies handlers and sink. Does
    /// nothing if called again. Returns the first reason that was given for the close, and the message of a panic.
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
