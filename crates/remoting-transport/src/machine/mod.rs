//! The state machine of a channel. It does no I/O and asks no clock: it is given bytes, commands and the time,
//! and gives back bytes, events and the next deadline. The [driver](crate::driver) moves them; an
//! `EmbeddedChannel` does so in tests.

mod egress;
mod end;
mod memory;
mod read_buffer;
mod sink;
#[cfg(test)]
mod tests;
mod time;
mod write_buffer;

use std::{
    collections::VecDeque,
    io::IoSlice,
    sync::Arc,
    task::{Context, Waker},
    time::Instant,
};

use bytes::BytesMut;
use remoting_protocol::{FrameDecoder, RemotingCommand, RequestCode};

pub use self::sink::{InboundSink, SinkContext, UnencodableCommand};
use self::{egress::Egress, end::State, read_buffer::ReadBuffer};
pub(crate) use self::{end::Ending, read_buffer::FIRST_READ, write_buffer::MAX_SLICES};
use crate::{
    channel::{Channel, ChannelOptions, CloseReason},
    file_region::FileRegion,
    pipeline::ChannelPipeline,
};

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
    sink_state: SinkState,
    /// Commands taken off the channel's queue. The write buffer has no room yet for what lies here between turns.
    batch: VecDeque<RemotingCommand>,
    /// How many of the batch have been given to the handlers.
    encoded: u32,
    state: State,
    /// Whether handlers and sink were told that the channel is active, and so must be told its end.
    started: bool,
    /// When the first byte of the frame at hand came, or the last that its time was renewed for; put off by the time in
    /// which this side did not read.
    frame_began: Option<Instant>,
    /// How much of the frame had come when its time was renewed.
    frame_seen: u32,
    /// Since when this side does not read.
    suspended_since: Option<Instant>,
    /// How often the peer's end was looked for since then.
    looks: u32,
    /// Whether the sink knows that the peer has closed its side.
    peer_closed: bool,
    /// Whether whole frames may stand in the read buffer: reads were suspended before the last was delivered.
    undelivered: bool,
    /// Whether bytes came or went since the last rest.
    moved: bool,
    /// Until when more is expected to move: a while after bytes have moved.
    busy_until: Option<Instant>,
    /// What the driver parked with last.
    parked: Option<Waker>,
    /// Commands that the last read brought: so many callers may be about to send again.
    delivered: u32,
}

/// Whether the sink takes another command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SinkState {
    Ready,
    /// It was ready for the last command, and has not been asked since.
    Unknown,
    Full,
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
            sink_state: SinkState::Unknown,
            batch: VecDeque::new(),
            encoded: 0,
            state: State::Open,
            started: false,
            frame_began: None,
            frame_seen: 0,
            suspended_since: None,
            looks: 0,
            peer_closed: false,
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
        if let Some(request) = self.egress.channel().outbound().drain(&mut self.batch) {
            self.close_requested(request);
        }
        if !self.batch.is_empty() {
            self.encode_batch(now, cx);
        }
        self.apply_close(now);
    }

    /// Encodes the commands where they lie: moving each of them costs more than the rest of the loop.
    fn encode_batch(&mut self, now: Instant, cx: &Context<'_>) {
        if !matches!(self.state, State::Open) && !self.may_encode() {
            return;
        }
        for command in &mut self.batch {
            if self.egress.is_full() {
                break;
            }
            // Before the handlers see it: if one of them panics, nobody knows how far it came.
            self.encoded += 1;
            if let Err(error) = self.egress.write_queued(command, now) {
                let command = std::mem::replace(command, RemotingCommand::request(RequestCode(0)));
                let mut sink_cx = SinkContext::new(&mut self.egress, now, cx.waker());
                self.sink
                    .write_failed(&mut sink_cx, UnencodableCommand { command: Box::new(command), error });
            }
        }
        match self.encoded as usize {
            all if all == self.batch.len() => self.batch.clear(),
            some => drop(self.batch.drain(..some)),
        }
        self.encoded = 0;
    }

    /// Whether callers that the last read woke may be about to queue more than they have so far: fewer have queued
    /// something than it brought.
    pub(crate) fn expects_more(&self) -> bool {
        self.delivered > 1 && {
            let queued = self.channel().outbound().woken_with();
            queued > 0 && queued < self.delivered as usize
        }
    }

    /// Whether commands wait to be written on a channel that has been quiet, so that its peer may have gone meanwhile.
    pub(crate) fn writes_afresh(&self, now: Instant) -> bool {
        self.channel().outbound().is_dirty() && !self.wants_write() && self.egress.is_quiet(now)
    }

    /// Whether there is nothing to write, to take from the queue, to close or to tell the handlers: nothing has
    /// happened since the last `end_turn`, if nothing was read.
    pub(crate) fn is_settled(&self) -> bool {
        !self.wants_write()
            && !self.channel().outbound().is_dirty()
            && self.batch.is_empty()
            && self.egress.close.is_none()
            && self.suspended_since.is_none()
            && self.egress.is_writable()
    }

    /// Whether commands taken off the queue wait for room in the write buffer.
    pub(crate) fn holds_commands(&self) -> bool {
        !self.batch.is_empty()
    }

    pub(crate) fn wants_write(&self) -> bool {
        !self.egress.buffer.is_empty()
    }

    /// How many writes what waits takes at most, if each writes a piece.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn segments(&self) -> usize {
        self.egress.buffer.segments()
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

    /// Asks the sink whether it takes another command, unless that is known. To be called in each turn; one that closes
    /// asks until the sink was ready once.
    pub(crate) fn ask_sink(&mut self, now: Instant, cx: &Context<'_>) -> bool {
        if self.sink_state != SinkState::Ready {
            let mut sink_cx = SinkContext::new(&mut self.egress, now, cx.waker());
            let ready = self.sink.poll_ready(&mut sink_cx).is_ready();
            self.sink_state = if ready { SinkState::Ready } else { SinkState::Full };
        }
        self.sink_state == SinkState::Ready
    }

    /// Whether bytes should be read. An unwritable channel may have been told to read nothing, and the sink may take
    /// nothing.
    pub(crate) fn wants_read(&self) -> bool {
        matches!(self.state, State::Open) && !self.reads_suspended()
    }

    fn reads_suspended(&self) -> bool {
        self.sink_state == SinkState::Full || self.suspended_by_output()
    }

    fn suspended_by_output(&self) -> bool {
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
        while matches!(self.state, State::Open)
            && !self.suspended_by_output()
            && self.egress.close.is_none()
            && self.ask_sink(now, cx)
        {
            match self.decoder.decode(&mut self.input.bytes) {
                Ok(Some(mut command)) => {
                    delivered += 1;
                    if self.egress.read(&mut command, now) {
                        self.sink_state = SinkState::Unknown;
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
            self.frame_seen = 0;
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
}
