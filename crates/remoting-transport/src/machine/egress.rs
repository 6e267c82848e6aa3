//! The way of commands through the handlers, and into the write buffer.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use remoting_protocol::{EncodeError, ErrorChain, FrameEncoder, RemotingCommand};

use super::write_buffer::WriteBuffer;
use crate::{
    channel::{Channel, ChannelError, ChannelOptions, CloseReason, queued_size},
    file_region,
    panic::catch_panic,
    pipeline::{
        Activity, ChannelHandler, ChannelPipeline, Emitted, Flow, HandlerContext, IdleKind, Interest,
    },
};

/// The bound of pending responses on a channel that reads while it is unwritable, as a multiple of the high water mark.
const OVERFULL: usize = 4;

/// The value of `called` while no handler is called.
const NO_HANDLER: u32 = u32::MAX;
/// The time without a read or write after which the peer may have closed unnoticed. Spares a busy channel the system
/// call that checks this.
const QUIET: Duration = Duration::from_millis(10);

/// The pipeline and the write buffer, to which handlers and the layer above write.
///
/// The buffer holds bytes of commands that senders queued (`queued`), and bytes that handlers and sink wrote (`direct`).
/// Both count against the water marks. Queued bytes are `freed` for the senders once they are written.
pub(crate) struct Egress {
    channel: Channel,
    pipeline: ChannelPipeline,
    encoder: FrameEncoder,
    pub(super) buffer: WriteBuffer,
    /// Shared by all channels of a bootstrap.
    pub(super) options: Arc<ChannelOptions>,
    queued: usize,
    pub(super) direct: usize,
    pub(super) freed: usize,
    writable: bool,
    activity: Activity,
    emitted: Option<Box<Emitted>>,
    /// The index of the handler that is being called, or [`NO_HANDLER`].
    called: u32,
    pub(super) close: Option<Box<CloseReason>>,
}

impl Egress {
    pub(crate) fn new(channel: Channel, pipeline: ChannelPipeline, options: Arc<ChannelOptions>) -> Self {
        Self {
            channel,
            pipeline,
            encoder: FrameEncoder::new(options.frame_limits),
            buffer: WriteBuffer::default(),
            options,
            queued: 0,
            direct: 0,
            freed: 0,
            writable: true,
            activity: Activity::default(),
            emitted: None,
            called: NO_HANDLER,
            close: None,
        }
    }

    pub(crate) fn channel(&self) -> &Channel {
        &self.channel
    }

    pub(crate) fn request_close(&mut self, reason: CloseReason) {
        self.close.get_or_insert_with(|| Box::new(reason));
    }

    /// Writes a command of the sink.
    pub(crate) fn write(&mut self, command: &mut RemotingCommand, now: Instant) -> Result<(), EncodeError> {
        self.direct += self.write_from(self.pipeline.len(), command, now)?;
        Ok(())
    }

    /// Writes a command that a sender queued.
    pub(super) fn write_queued(
        &mut self,
        command: &mut RemotingCommand,
        now: Instant,
    ) -> Result<(), EncodeError> {
        let size = self.queued_size(command);
        match self.write_from(self.pipeline.len(), command, now) {
            Ok(written) if written > 0 => {
                self.queued += size;
                Ok(())
            }
            outcome => {
                self.freed += size;
                outcome.map(|_| ())
            }
        }
    }

    fn queued_size(&self, command: &RemotingCommand) -> usize {
        queued_size(command, self.options.water_mark.high())
    }

    /// Frees the bytes of a queued command that will not be written.
    pub(super) fn free(&mut self, command: &RemotingCommand) {
        self.freed += self.queued_size(command);
    }

    /// Passes a command through the handlers below `from` towards the wire, and encodes it. Returns the size that counts
    /// against the water marks.
    fn write_from(
        &mut self,
        from: usize,
        command: &mut RemotingCommand,
        now: Instant,
    ) -> Result<usize, EncodeError> {
        if self.pipeline.wants(Interest::WRITE) {
            for at in (0..from).rev() {
                let flow = self
                    .call_if(at, Interest::WRITE, now, |handler, ctx| handler.channel_write(ctx, command));
                if !self.goes_on(flow) {
                    return Ok(0);
                }
            }
        }
        self.buffer.encode(&self.encoder, command)
    }

    /// Passes a received command through the handlers. Returns false if a handler drops it.
    pub(super) fn read(&mut self, command: &mut RemotingCommand, now: Instant) -> bool {
        if self.pipeline.wants(Interest::READ) {
            for at in 0..self.pipeline.len() {
                let flow =
                    self.call_if(at, Interest::READ, now, |handler, ctx| handler.channel_read(ctx, command));
                if !self.goes_on(flow) {
                    return false;
                }
            }
        }
        true
    }

    /// Returns whether a command goes on to the next handler. `None` if this handler was not called.
    fn goes_on(&mut self, flow: Option<Flow>) -> bool {
        match flow {
            None | Some(Flow::Continue) => true,
            Some(Flow::Drop) => false,
            Some(Flow::Close(reason)) => {
                self.request_close(reason);
                false
            }
        }
    }

    pub(super) fn read_complete(&mut self, now: Instant) {
        self.activity.read = Some(now);
        self.each_interested(Interest::READ_COMPLETE, now, |handler, ctx| handler.channel_read_complete(ctx));
    }

    pub(super) fn active(&mut self, now: Instant) {
        self.each(now, |handler, ctx| handler.channel_active(ctx));
    }

    pub(super) fn exception(&mut self, now: Instant, error: &ChannelError) {
        self.each(now, |handler, ctx| handler.exception_caught(ctx, error));
    }

    /// Notifies every handler, even if another one panics. Returns the message of a panic.
    pub(super) fn inactive(&mut self, now: Instant, reason: &CloseReason) -> Option<String> {
        let mut panicked = None;
        for at in 0..self.pipeline.len() {
            let called = catch_panic(|| {
                self.call_if(at, Interest::NONE, now, |handler, ctx| handler.channel_inactive(ctx, reason))
            });
            if let Err(panic) = called {
                self.emitted = None;
                let handler = self.pipeline.name(at);
                tracing::error!(channel = %self.channel, handler, panic, "handler panicked at the close of its channel");
                panicked = Some(panic);
            }
        }
        panicked
    }

    /// Returns the name of the handler that was being called at a panic. `None` if no handler was.
    pub(super) fn called(&self) -> Option<&str> {
        if self.called == NO_HANDLER { None } else { Some(self.pipeline.name(self.called as usize)) }
    }

    /// Discards the pending bytes and the unexecuted actions of a handler.
    pub(super) fn discard(&mut self) {
        self.buffer = WriteBuffer::default();
        self.emitted = None;
    }

    pub(super) fn next_deadline(&mut self) -> Option<Instant> {
        self.pipeline.next_deadline()
    }

    /// Calls the handlers whose deadlines are due. `frame` is when the incomplete frame began or last made progress.
    pub(super) fn deadline_reached(&mut self, now: Instant, frame: Option<Instant>, has_work: bool) {
        self.activity.read = self.activity.read.max(frame);
        self.activity.has_work = has_work;
        for at in 0..self.pipeline.len() {
            self.call_if(at, Interest::DEADLINE, now, |handler, ctx| {
                if handler.next_deadline().is_some_and(|deadline| deadline <= now) {
                    handler.deadline_reached(ctx);
                }
            });
        }
    }

    /// Returns whether nothing was read or written for a while.
    pub(super) fn is_quiet(&self, now: Instant) -> bool {
        let last = self.activity.read.max(self.activity.written);
        last.and_then(|last| last.checked_add(QUIET)).is_none_or(|until| until < now)
    }

    /// Accounts for written bytes.
    pub(super) fn written(&mut self, written: usize, now: Instant) {
        let flushed = self.buffer.advance(written);
        self.settle(written, flushed, now);
    }

    /// Accounts for written bytes of a file region.
    pub(super) fn region_written(&mut self, written: usize, now: Instant) {
        let flushed = self.buffer.advance_region(written);
        self.settle(if flushed { file_region::QUEUED_SIZE } else { 0 }, flushed, now);
    }

    /// Frees `written` bytes, which are bytes in memory or the size that counts for a written region.
    fn settle(&mut self, written: usize, flushed: bool, now: Instant) {
        let mut freed = written.min(self.queued);
        self.direct = self.direct.saturating_sub(written - freed);
        if self.buffer.is_empty() {
            freed = self.queued;
            self.direct = 0;
        }
        self.queued -= freed;
        self.freed += freed;
        self.activity.written = Some(now);
        if flushed {
            self.each_interested(Interest::FLUSHED, now, |handler, ctx| handler.channel_flushed(ctx));
        }
    }

    /// Returns the new writability, with `queued` bytes of senders, if it has changed.
    pub(super) fn poll_writability(&self, queued: usize) -> Option<bool> {
        let pending = queued + self.direct;
        let water_mark = &self.options.water_mark;
        let writable = if self.writable { pending < water_mark.high() } else { pending <= water_mark.low() };
        (writable != self.writable).then_some(writable)
    }

    pub(super) fn set_writable(&mut self, writable: bool, now: Instant) {
        self.writable = writable;
        self.each(now, |handler, ctx| handler.channel_writability_changed(ctx, writable));
    }

    /// Returns whether the write buffer stays within the low water mark with this command.
    pub(super) fn has_room_for(&self, command: &RemotingCommand) -> bool {
        self.queued + self.direct + self.queued_size(command) <= self.options.water_mark.low()
    }

    /// Returns whether the write buffer has reached the high water mark. Nothing more should then be encoded.
    pub(super) fn is_full(&self) -> bool {
        // A region has no bytes in the buffer. A queued command counts at most as the mark, however large it is.
        self.buffer.len().max(self.queued + self.direct) >= self.options.water_mark.high()
    }

    /// Returns whether so many responses are pending that even a channel that reads while unwritable must stop. Queued
    /// commands do not count: they have their own bound, and the peer may only read them if this side reads.
    pub(super) fn is_overfull(&self) -> bool {
        self.direct >= self.options.water_mark.high().saturating_mul(OVERFULL)
    }

    pub(super) fn is_writable(&self) -> bool {
        self.writable
    }

    /// Calls all handlers.
    fn each(&mut self, now: Instant, event: impl FnMut(&mut dyn ChannelHandler, &mut HandlerContext<'_>)) {
        self.each_interested(Interest::NONE, now, event);
    }

    /// Calls the handlers that are interested in this event.
    fn each_interested(
        &mut self,
        interest: Interest,
        now: Instant,
        mut event: impl FnMut(&mut dyn ChannelHandler, &mut HandlerContext<'_>),
    ) {
        if !self.pipeline.wants(interest) {
            return;
        }
        for at in 0..self.pipeline.len() {
            self.call_if(at, interest, now, &mut event);
        }
    }

    /// Calls a handler if it is interested in this event, then executes the actions that it requested.
    fn call_if<R>(
        &mut self,
        at: usize,
        interest: Interest,
        now: Instant,
        event: impl FnOnce(&mut dyn ChannelHandler, &mut HandlerContext<'_>) -> R,
    ) -> Option<R> {
        let handler = self.pipeline.interested(at, interest)?;
        self.called = at as u32;
        let mut ctx = HandlerContext::new(&self.channel, now, &self.activity, &mut self.emitted);
        let returned = event(handler, &mut ctx);
        self.called = NO_HANDLER;
        if self.emitted.is_some() {
            self.execute(at, now);
        }
        Some(returned)
    }

    #[cold]
    fn execute(&mut self, at: usize, now: Instant) {
        let Some(emitted) = self.emitted.take() else { return };
        let Emitted { commands, idle, close } = *emitted;
        for mut command in commands {
            // Handlers below `at` may emit commands too. Each step is nearer to the wire, so the recursion ends.
            match self.write_from(at, &mut command, now) {
                Ok(written) => self.direct += written,
                Err(failure) => {
                    tracing::warn!(channel = %self.channel, error = %ErrorChain(&failure), "command of a handler not sent");
                }
            }
        }
        for kind in idle.into_iter().flatten() {
            self.idle(kind, now);
        }
        if let Some(reason) = close {
            self.request_close(reason);
        }
    }

    fn idle(&mut self, kind: IdleKind, now: Instant) {
        self.each(now, |handler, ctx| {
            handler.channel_idle(ctx, kind);
            ctx.forget_idle();
        });
    }
}
