//! The state machine of a channel. It does no I/O and asks no clock: it is given bytes, commands and the time,
//! and gives back bytes, events and the next deadline. The [driver](crate::driver) moves them; an
//! `EmbeddedChannel` does so in tests.

mod egress;
mod read_buffer;
#[cfg(test)]
mod tests;
mod write_buffer;

use std::{
    collections::VecDeque,
    io::IoSlice,
    sync::Arc,
    task::{Context, Waker},
    time::{Duration, Instant},
};

use bytes::BytesMut;
use remoting_protocol::{FrameDecoder, RemotingCommand, RequestCode};

use self::read_buffer::ReadBuffer;
pub(crate) use self::{egress::Egress, read_buffer::FIRST_READ, write_buffer::MAX_SLICES};
use crate::{
    channel::{Channel, CloseInitiator, CloseReason},
    error::ChannelError,
    file_region::FileRegion,
    options::ChannelOptions,
    pipeline::ChannelPipeline,
    sink::{InboundSink, SinkContext, UnencodableCommand},
};

/// A channel that is to keep its buffers for longer keeps them for good.
const LONGEST_RELEASE: Duration = Duration::from_secs(365 * 24 * 3600);

/// One channel without its socket.
///
/// Call `start` once. Then, in any order: `drain` for what other tasks queued, `read_buffer` or `take_in`, then
/// `received` for bytes, `read_closed` for the end of them, `chunks` and `written`, `region` and `region_written` for
/// output, `next_deadline` and `deadline_reached` for time; `end_turn`, `park` and `rest` before waiting. Once `ended`
/// gives a reason, `finish` with it. `now` never goes back.
pub(crate) struct ChannelCore {
    egress: Egress,
    sink: Box<dyn InboundSink>,
    decoder: FrameDecoder,
    input: ReadBuffer,
    /// Commands taken off the channel's queue that the write buffer has no room for yet.
    batch: VecDeque<RemotingCommand>,
    state: State,
    /// Whether handlers and sink were told that the channel is active, and so must be told its end.
    started: bool,
    /// When the first byte of the frame at hand came, put off by the time in which this side did not read.
    frame_began: Option<Instant>,
    /// Since when this side does not read.
    suspended_since: Option<Instant>,
    /// Whether whole frames may stand in the read buffer: reads were suspended before the last was delivered.
    undelivered: bool,
    /// Whether bytes came or went since the last rest.
    moved: bool,
    /// Until when more is expected to move: a while after bytes have moved.
    busy_until: Option<Instant>,
    /// What the driver parked with last.
    parked: Option<Waker>,
    /// Commands that the last read brought: so many callers may be about to send again.
    delivered: usize,
}

enum State {
    Open,
    /// Reads nothing more; ends when all is written, and, if the end came from outside, answered.
    Closing(Box<Closing>),
    Ended,
}

struct Closing {
    reason: CloseReason,
    deadline: Option<Instant>,
}

impl ChannelCore {
    pub(crate) fn new(
        channel: Channel,
        pipeline: ChannelPipeline,
        sink: Box<dyn InboundSink>,
        options: Arc<ChannelOptions>,
    ) -> Self {
        Self {
            decoder: FrameDecoder::new(options.frame_limits),
            egress: Egress::new(channel, pipeline, options),
            sink,
            input: ReadBuffer::default(),
            batch: VecDeque::new(),
            state: State::Open,
            started: false,
            frame_began: None,
            suspended_since: None,
            undelivered: false,
            moved: false,
            busy_until: None,
            parked: None,
            delivered: 0,
        }
    }

    pub(crate) fn channel(&self) -> &Channel {
        self.egress.channel()
    }

    fn options(&self) -> &ChannelOptions {
        &self.egress.options
    }

    /// Tells the handlers and the sink that the channel is active.
    pub(crate) fn start(&mut self, now: Instant, cx: &Context<'_>) {
        self.started = true;
        self.egress.active(now);
        self.sink.active(&mut SinkContext::new(&mut self.egress, now, cx.waker()));
        self.apply_close(now);
    }

    // Outbound.

    /// Takes what other tasks queued and encodes as much of it as the write buffer has room for.
    pub(crate) fn drain(&mut self, now: Instant, cx: &Context<'_>) {
        if let Some(reason) = self.egress.channel().outbound().drain(&mut self.batch) {
            self.egress.request_close(reason);
        }
        if !self.batch.is_empty() {
            self.encode_batch(now, cx);
        }
        self.apply_close(now);
    }

    /// Encodes the commands where they lie: moving each of them costs more than the rest of the loop.
    fn encode_batch(&mut self, now: Instant, cx: &Context<'_>) {
        let mut done = 0;
        for command in &mut self.batch {
            if self.egress.is_full() {
                break;
            }
            done += 1;
            if let Err(error) = self.egress.write_queued(command, now) {
                let command = std::mem::replace(command, RemotingCommand::request(RequestCode(0)));
                let mut sink_cx = SinkContext::new(&mut self.egress, now, cx.waker());
                self.sink
                    .write_failed(&mut sink_cx, UnencodableCommand { command: Box::new(command), error });
            }
        }
        self.batch.drain(..done);
    }

    /// Whether callers that the last read woke may be about to queue more than they have so far: fewer have queued
    /// something than it brought.
    pub(crate) fn expects_more(&self) -> bool {
        self.delivered > 1 && {
            let queued = self.channel().outbound().woken_with();
            queued > 0 && queued < self.delivered
        }
    }

    /// Whether commands taken off the queue wait for room in the write buffer.
    pub(crate) fn holds_commands(&self) -> bool {
        !self.batch.is_empty()
    }

    pub(crate) fn wants_write(&self) -> bool {
        !self.egress.buffer.is_empty()
    }

    pub(crate) fn only_chunk(&self) -> Option<&[u8]> {
        self.egress.buffer.only_chunk()
    }

    pub(crate) fn chunks<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        self.egress.buffer.chunks(slices)
    }

    /// The region of a file to write next, and how much of it is out already. Then there are no chunks.
    pub(crate) fn region(&self) -> Option<(&FileRegion, usize)> {
        self.egress.buffer.region()
    }

    pub(crate) fn region_written(&mut self, bytes: usize, now: Instant) {
        self.moved = true;
        self.egress.region_written(bytes, now);
    }

    pub(crate) fn written(&mut self, bytes: usize, now: Instant) {
        self.moved = true;
        self.egress.written(bytes, now);
    }

    // Inbound.

    /// Whether bytes should be read. An unwritable channel may have been told to read nothing.
    pub(crate) fn wants_read(&self) -> bool {
        matches!(self.state, State::Open) && !self.reads_suspended()
    }

    fn reads_suspended(&self) -> bool {
        match self.options().suspend_reads_when_unwritable {
            true => !self.egress.is_writable() || self.egress.is_full(),
            false => self.egress.is_overfull(),
        }
    }

    /// Room for the next read. `None`: the channel has been quiet and holds no buffer; what comes is handed over by
    /// `take_in`.
    pub(crate) fn read_buffer(&mut self) -> Option<&mut BytesMut> {
        if !self.input.holds_memory() {
            return None;
        }
        let missing = self.decoder.missing(&self.input.bytes);
        Some(self.input.prepare(missing))
    }

    /// Copies the first bytes after a quiet time.
    pub(crate) fn take_in(&mut self, bytes: &[u8], now: Instant) {
        let busy = self.is_busy(now);
        self.input.take_in(bytes, busy);
    }

    /// `bytes` more bytes stand in the read buffer.
    pub(crate) fn received(&mut self, bytes: usize, now: Instant, cx: &Context<'_>) {
        self.input.received(bytes);
        self.moved = true;
        self.deliver(now, cx);
    }

    /// Whether frames may stand in the read buffer that were left there while reads were suspended.
    pub(crate) fn has_undelivered(&self) -> bool {
        self.undelivered && self.wants_read()
    }

    /// Decodes and delivers what has been received, until the answers fill the write buffer.
    pub(crate) fn deliver(&mut self, now: Instant, cx: &Context<'_>) {
        let mut delivered = 0;
        let mut violation = None;
        self.undelivered = true;
        while self.wants_read() && self.egress.close.is_none() {
            match self.decoder.decode(&mut self.input.bytes) {
                Ok(Some(mut command)) => {
                    delivered += 1;
                    if self.egress.read(&mut command, now) {
                        let mut sink_cx = SinkContext::new(&mut self.egress, now, cx.waker());
                        self.sink.command(&mut sink_cx, command);
                    }
                    if self.input.bytes.is_empty() {
                        self.undelivered = false;
                        break;
                    }
                }
                Ok(None) => {
                    self.undelivered = false;
                    break;
                }
                Err(error) => {
                    self.undelivered = false;
                    violation = Some(error);
                    break;
                }
            }
        }
        if delivered > 0 {
            self.delivered = delivered;
            self.frame_began = None;
            self.egress.read_complete(now);
            self.sink.read_complete(&mut SinkContext::new(&mut self.egress, now, cx.waker()));
        }
        if let Some(error) = violation {
            let reason = CloseReason::protocol(&error);
            self.fail(&error.into(), reason, now, cx);
        }
        if self.input.bytes.is_empty() {
            self.frame_began = None;
        } else {
            self.frame_began.get_or_insert(now);
        }
        self.apply_close(now);
    }

    /// The peer will send nothing more. Its requests in hand are still answered.
    pub(crate) fn read_closed(&mut self, now: Instant, cx: &Context<'_>) {
        let reason = if self.input.bytes.is_empty() {
            CloseReason::peer("it closed the connection")
        } else {
            CloseReason::peer("it closed the connection in the middle of a frame")
        };
        self.sink.read_closed(&mut SinkContext::new(&mut self.egress, now, cx.waker()), &reason);
        self.egress.request_close(reason);
        self.apply_close(now);
    }

    /// The socket, or what is written to it, is broken: nothing can be written any more.
    pub(crate) fn broken(&mut self, error: &ChannelError, now: Instant) -> CloseReason {
        let reason = match error {
            ChannelError::Io(error) => CloseReason::io(error),
            error => {
                tracing::warn!(channel = %self.egress.channel(), "closing the channel: {error}");
                CloseReason::new(CloseInitiator::Local, error.to_string())
            }
        };
        self.egress.exception(now, error);
        reason
    }

    /// The peer's fault: tells the handlers, and closes once what was in hand is answered.
    fn fail(&mut self, error: &ChannelError, reason: CloseReason, now: Instant, cx: &Context<'_>) {
        // At WARN it is told by whoever made the channel: they know how many more there are.
        tracing::debug!(channel = %self.egress.channel(), "closing the channel: {error}");
        self.egress.exception(now, error);
        self.sink.read_closed(&mut SinkContext::new(&mut self.egress, now, cx.waker()), &reason);
        self.egress.request_close(reason);
    }

    // Time.

    /// When `deadline_reached` must be called at the latest.
    pub(crate) fn next_deadline(&mut self) -> Option<Instant> {
        if let State::Closing(closing) = &self.state {
            return closing.deadline.into_iter().chain(self.sink.next_deadline()).min();
        }
        let frame = match self.suspended_since {
            Some(_) => None,
            None => self.frame_began.and_then(|began| began.checked_add(self.options().frame_timeout?)),
        };
        let release = if self.holds_memory() { self.busy_until } else { None };
        let earlier = |a: Option<Instant>, b: Option<Instant>| match (a, b) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        earlier(earlier(self.sink.next_deadline(), self.egress.next_deadline()), earlier(frame, release))
    }

    pub(crate) fn deadline_reached(&mut self, now: Instant, cx: &Context<'_>) {
        if self.sink.next_deadline().is_some_and(|deadline| deadline <= now) {
            self.sink.deadline_reached(&mut SinkContext::new(&mut self.egress, now, cx.waker()));
        }
        self.egress.deadline_reached(now);
        if !self.is_busy(now) {
            self.release();
        }
        if let (Some(timeout), Some(began)) = (self.options().frame_timeout, self.frame_began)
            && now.saturating_duration_since(began) >= timeout
            && self.suspended_since.is_none()
            && matches!(self.state, State::Open)
        {
            let error = ChannelError::FrameTimeout { after: timeout, received: self.input.bytes.len() };
            let reason = CloseReason::new(CloseInitiator::Protocol, error.to_string());
            self.fail(&error, reason, now, cx);
        }
        self.apply_close(now);
    }

    // Memory.

    /// To be called before the driver waits. A channel on which nothing has moved for a while is not expected to be
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

    /// Whether bytes have moved on this channel lately, before this turn.
    fn is_busy(&self, now: Instant) -> bool {
        self.busy_until.is_some_and(|until| now < until)
    }

    /// Gives back the buffers that are empty.
    fn release(&mut self) {
        self.input.release();
        self.egress.buffer.release();
        if self.batch.is_empty() && self.batch.capacity() > 0 {
            self.batch = VecDeque::new();
            self.egress.channel().outbound().release_memory();
        }
    }

    fn holds_memory(&self) -> bool {
        (self.input.holds_memory() && self.input.bytes.is_empty())
            || (self.egress.buffer.holds_memory() && self.egress.buffer.is_empty())
            || (self.batch.capacity() > 0 && self.batch.is_empty())
    }

    // The end.

    /// To be called before the driver waits: compares what waits with the water marks.
    pub(crate) fn end_turn(&mut self, now: Instant) {
        self.egress.update_writability(now);
        self.time_suspension(now);
        self.apply_close(now);
    }

    /// Time in which this side does not read is not the peer's: its frame has as much longer.
    fn time_suspension(&mut self, now: Instant) {
        if self.reads_suspended() {
            self.suspended_since.get_or_insert(now);
        } else if let Some(since) = self.suspended_since.take()
            && let Some(began) = self.frame_began
        {
            self.frame_began = Some((began + now.saturating_duration_since(since)).min(now));
        }
    }

    /// Leaves the driver to be woken by the next command that is queued. False when there is something to do
    /// already.
    pub(crate) fn park(&mut self, cx: &Context<'_>) -> bool {
        let full = !self.batch.is_empty();
        self.egress.channel().outbound().park(full, &mut self.parked, cx)
    }

    /// Why the channel is over, if it is: everything in hand is done, or the time for it has passed. `unflushed`:
    /// what was written is still on its way.
    pub(crate) fn ended(&self, now: Instant, unflushed: bool) -> Option<CloseReason> {
        let State::Closing(closing) = &self.state else { return None };
        let Closing { reason, deadline } = &**closing;
        if deadline.is_some_and(|deadline| deadline <= now) {
            return Some(reason.clone());
        }
        // A response is queued before its request stops counting as in flight, so this order misses none.
        let answered = match reason.by() {
            CloseInitiator::Peer | CloseInitiator::Protocol => self.sink.in_flight() == 0,
            _ => true,
        };
        let written = self.batch.is_empty()
            && self.egress.buffer.is_empty()
            && self.egress.channel().outbound().is_empty();
        (answered && written && !unflushed).then(|| reason.clone())
    }

    /// Ends the channel: nobody can queue anything any more, handlers and sink are told. Does nothing the
    /// second time.
    pub(crate) fn finish(&mut self, reason: &CloseReason, now: Instant) {
        if matches!(self.state, State::Ended) {
            return;
        }
        self.state = State::Ended;
        self.egress.channel().mark_closed(reason.clone());
        self.batch = VecDeque::new();
        if self.started {
            self.egress.inactive(now, reason);
            self.sink.inactive(self.egress.channel(), reason);
        }
        tracing::debug!(channel = %self.egress.channel(), %reason, "channel inactive");
    }

    fn apply_close(&mut self, now: Instant) {
        if self.egress.close.is_some() {
            self.begin_close(now);
        }
    }

    #[cold]
    fn begin_close(&mut self, now: Instant) {
        if let Some(reason) = self.egress.close.take()
            && matches!(self.state, State::Open)
        {
            let deadline = now.checked_add(self.options().close_timeout);
            self.state = State::Closing(Box::new(Closing { reason: *reason, deadline }));
            self.egress.channel().outbound().mark_closing();
        }
    }
}
