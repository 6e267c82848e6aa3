//! The outbound half of a channel: through the handlers, into the write buffer.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use remoting_protocol::{EncodeError, ErrorChain, FrameEncoder, RemotingCommand};

use super::{sink::UnencodableCommand, write_buffer::WriteBuffer};
use crate::{
    channel::{Channel, ChannelError, ChannelOptions, CloseReason, queued_size},
    file_region,
    panic::catch_panic,
    pipeline::{
        Activity, ChannelHandler, ChannelPipeline, Emitted, Flow, HandlerContext, IdleKind, Interest,
    },
};

/// How many times the high water mark the answers may come to on a channel that reads while it is unwritable.
const OVERFULL: usize = 4;

/// No handler is being called.
const NOBODY: u32 = u32::MAX;
/// After how long without a command the peer may have gone unnoticed: a busy channel is not to ask the system for it.
const QUIET: Duration = Duration::from_millis(10);

/// Owns the pipeline and the write buffer, and so is what handlers and the layer above write to.
///
/// Bytes in the buffer are of two kinds: those of commands that a sender queued (`queued`), and those that handlers and
/// sink wrote (`direct`). Both count against the water marks; the first are `freed` for the senders once they are
/// written.
pub(crate) struct Egress {
    channel: Channel,
    pipeline: ChannelPipeline,
    encoder: FrameEncoder,
    pub(super) buffer: WriteBuffer,
    /// Of all channels of one bootstrap.
    pub(super) options: Arc<ChannelOptions>,
    queued: usize,
    pub(super) direct: usize,
    pub(super) freed: usize,
    writable: bool,
    activity: Activity,
    emitted: Option<Box<Emitted>>,
    /// The place of the handler that is being called, or [`NOBODY`].
    called: u32,
    pub(super) close: Option<Box<CloseReason>>,
}

impl Egress {
    pub(crate) fn new(channel: Channel, mut pipeline: ChannelPipeline, options: Arc<ChannelOptions>) -> Self {
        pipeline.freeze();
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
            called: NOBODY,
            close: None,
        }
    }

    pub(crate) fn channel(&self) -> &Channel {
        &self.channel
    }

    pub(crate) fn request_close(&mut self, reason: CloseReason) {
        self.close.get_or_insert_with(|| Box::new(reason));
    }

    /// Writes a command of a handler or the sink.
    pub(crate) fn write(
        &mut self,
        mut command: RemotingCommand,
        now: Instant,
    ) -> Result<(), UnencodableCommand> {
        match self.write_from(self.pipeline.len(), &mut command, now) {
            Ok(written) => {
                self.direct += written;
                Ok(())
            }
            Err(error) => Err(UnencodableCommand { command: Box::new(command), error }),
        }
    }

    /// Writes a command that a sender queued.
    pub(super) fn write_queued(
        &mut self,
        command: &mut RemotingCommand,
        now: Instant,
    ) -> Result<(), EncodeError> {
        let room = self.queued_size(command);
        match self.write_from(self.pipeline.len(), command, now) {
            Ok(written) if written > 0 => {
                self.queued += room;
                Ok(())
            }
            outcome => {
                self.freed += room;
                outcome.map(|_| ())
            }
        }
    }

    fn queued_size(&self, command: &RemotingCommand) -> usize {
        queued_size(command, self.options.water_mark.high())
    }

    /// Frees what a command takes that will not be written.
    pub(super) fn free(&mut self, command: &RemotingCommand) {
        self.freed += self.queued_size(command);
    }

    /// Walks the handlers below `from` towards the wire and encodes. Returns the room that is taken up.
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

    /// Walks a received command up through the handlers. False: it ends at one of them.
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

    /// Whether a command goes on to the next handler; `None`: this one did not see it.
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

    /// Tells each handler, whatever the others do. Returns the text of a panic.
    pub(super) fn inactive(&mut self, now: Instant, reason: &CloseReason) -> Option<String> {
        let mut panicked = None;
        for at in 0..self.pipeline.len() {
            let told = catch_panic(|| {
                self.call_if(at, Interest::NONE, now, |handler, ctx| handler.channel_inactive(ctx, reason))
            });
            if let Err(panic) = told {
                self.emitted = None;
                let handler = self.pipeline.name(at);
                tracing::error!(channel = %self.channel, handler, "the handler panicked at the channel's end: {panic}");
                panicked = Some(panic);
            }
        }
        panicked
    }

    /// The name of the handler that was being called when something panicked; `None`: it was none.
    pub(super) fn called(&self) -> Option<&str> {
        if self.called == NOBODY { None } else { Some(self.pipeline.name(self.called as usize)) }
    }

    /// Gives up what is to be written, and what a handler asked for and did not get.
    pub(super) fn discard(&mut self) {
        self.buffer = WriteBuffer::default();
        self.emitted = None;
    }

    pub(super) fn next_deadline(&mut self) -> Option<Instant> {
        self.pipeline.next_deadline()
    }

    pub(super) fn deadline_reached(&mut self, now: Instant, has_work: bool) {
        self.activity.has_work = has_work;
        for at in 0..self.pipeline.len() {
            self.call_if(at, Interest::DEADLINE, now, |handler, ctx| {
                if handler.next_deadline().is_some_and(|deadline| deadline <= now) {
                    handler.deadline_reached(ctx);
                }
            });
        }
    }

    /// Whether no command has come or gone for a while.
    pub(super) fn is_quiet(&self, now: Instant) -> bool {
        let last = self.activity.read.max(self.activity.flushed);
        last.and_then(|last| last.checked_add(QUIET)).is_none_or(|until| until < now)
    }

    /// Accounts for bytes that the socket took.
    pub(super) fn written(&mut self, written: usize, now: Instant) {
        let flushed = self.buffer.advance(written);
        self.settle(written, flushed, now);
    }

    /// Accounts for bytes of a region that the socket took.
    pub(super) fn region_written(&mut self, written: usize, now: Instant) {
        let flushed = self.buffer.advance_region(written);
        self.settle(if flushed { file_region::ROOM } else { 0 }, flushed, now);
    }

    /// Gives room back for `written` bytes in memory, or for a region that is out.
    fn settle(&mut self, written: usize, flushed: bool, now: Instant) {
        let mut room = written.min(self.queued);
        self.direct = self.direct.saturating_sub(written - room);
        if self.buffer.is_empty() {
            room = self.queued;
            self.direct = 0;
        }
        self.queued -= room;
        self.freed += room;
        if flushed {
            self.activity.flushed = Some(now);
            self.each_interested(Interest::FLUSHED, now, |handler, ctx| handler.channel_flushed(ctx));
        }
    }

    /// Whether the channel is writable if that has changed, with `queued` bytes of senders.
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

    /// Whether the buffer alone is beyond the high water mark: nothing more should be put into it.
    pub(super) fn is_full(&self) -> bool {
        self.buffer.len() >= self.options.water_mark.high()
    }

    /// Whether so many answers wait that even a channel that reads while it is unwritable must stop. What other
    /// tasks queued does not count: it has a bound of its own, and the peer may have to be read to get rid of it.
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

    /// Calls those handlers that want to see such an event.
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

    /// Calls one handler if it wants to see such an event, then does what it asked for.
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
        let answer = event(handler, &mut ctx);
        self.called = NOBODY;
        if self.emitted.is_some() {
            self.carry_out(at, now);
        }
        Some(answer)
    }

    #[cold]
    fn carry_out(&mut self, at: usize, now: Instant) {
        let Some(emitted) = self.emitted.take() else { return };
        let Emitted { commands, idle, close } = *emitted;
        for mut command in commands {
            // Handlers below `at` may emit in turn; each such step is nearer to the wire, so it ends.
            match self.write_from(at, &mut command, now) {
                Ok(written) => self.direct += written,
                Err(failure) => {
                    tracing::warn!(channel = %self.channel, "a handler's command was not sent: {}", ErrorChain(&failure));
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
