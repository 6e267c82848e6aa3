//! The state machine of a channel. It does no I/O, reads no clock, wakes nobody and holds no lock: bytes, commands and
//! the time go in, and bytes, events and the next deadline come out. The [driver](crate::driver) moves them.

mod egress;
mod end;
mod inbound;
mod memory;
mod outbound;
mod read_buffer;
mod sink;
#[cfg(test)]
mod tests;
mod time;
mod write_buffer;

use std::{collections::VecDeque, sync::Arc, time::Instant};

use remoting_protocol::{FrameDecoder, RemotingCommand};

pub use self::sink::{InboundSink, SinkContext, UnencodableCommand};
use self::{egress::Egress, end::State, inbound::SinkState, read_buffer::ReadBuffer};
pub(crate) use self::{
    end::{ClosingNotice, Ending},
    read_buffer::FIRST_READ,
    write_buffer::MAX_SLICES,
};
use crate::{
    channel::{Channel, ChannelOptions},
    pipeline::ChannelPipeline,
};

/// One channel without its socket, its task and its queue.
///
/// The [`Channel`] is what handlers and sink are given; the machine itself only reads its addresses.
///
/// # Order of calls
///
/// [`start`](Self::start) comes first, once, and [`finish`](Self::finish) last. In between, inputs come in any order;
/// `now` never goes back.
///
/// | input | calls |
/// |---|---|
/// | bytes | [`poll_ready`](Self::poll_ready); if [`wants_read`](Self::wants_read), put bytes into [`read_buffer`](Self::read_buffer), or hand them to [`take_in`](Self::take_in) if there is none, then [`handle_received`](Self::handle_received); [`handle_undelivered`](Self::handle_undelivered) if [`has_undelivered`](Self::has_undelivered) |
/// | the end of the bytes | [`handle_read_closed`](Self::handle_read_closed) once it is read, [`handle_peer_closed`](Self::handle_peer_closed) if it is seen before |
/// | commands | append to [`commands`](Self::commands), then [`handle_commands`](Self::handle_commands) |
/// | a request to end | [`handle_close`](Self::handle_close), [`handle_abort`](Self::handle_abort) |
/// | time | [`handle_timeout`](Self::handle_timeout) |
/// | a broken stream | [`handle_broken`](Self::handle_broken) |
///
/// | output | calls |
/// |---|---|
/// | bytes | [`only_chunk`](Self::only_chunk) or [`chunks`](Self::chunks), then [`handle_written`](Self::handle_written); [`region`](Self::region), then [`handle_region_written`](Self::handle_region_written) |
/// | events | handlers and sink are called from within the inputs |
/// | room for senders | [`take_freed`](Self::take_freed) |
/// | writability | [`poll_writability`](Self::poll_writability), then [`handle_writability`](Self::handle_writability) |
/// | the beginning of the end | [`poll_closing`](Self::poll_closing), then [`handle_closing`](Self::handle_closing) |
/// | the end | [`poll_ended`](Self::poll_ended) |
/// | a deadline | [`poll_timeout`](Self::poll_timeout) |
///
/// After inputs and writes comes [`end_round`](Self::end_round), and [`rest`](Self::rest) before a wait.
pub(crate) struct ChannelMachine {
    egress: Egress,
    sink: Box<dyn InboundSink>,
    decoder: FrameDecoder,
    input: ReadBuffer,
    sink_state: SinkState,
    /// Commands to be written. The write buffer has no room yet for what lies here between two rounds.
    commands: VecDeque<RemotingCommand>,
    /// How many of the commands have been given to the handlers.
    encoded: u32,
    state: State,
    /// Whether handlers and sink know that the channel is active, and so must learn its end.
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
    /// Whether the memory of the commands was given back since this was asked last.
    released: bool,
    /// Whether the channel has begun to close, and `handle_closing` has not been called since.
    closing_is_news: bool,
    /// Until when more is expected to move: a while after bytes have moved.
    busy_until: Option<Instant>,
    /// How many commands the last read brought.
    delivered: u32,
}

impl ChannelMachine {
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
            commands: VecDeque::new(),
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
            released: false,
            closing_is_news: false,
            busy_until: None,
            delivered: 0,
        }
    }

    pub(crate) fn channel(&self) -> &Channel {
        self.egress.channel()
    }

    fn options(&self) -> &ChannelOptions {
        &self.egress.options
    }

    /// Whether `start` has been called.
    pub(crate) fn has_started(&self) -> bool {
        self.started
    }

    /// Tells the handlers and the sink that the channel is active.
    pub(crate) fn start(&mut self, now: Instant) {
        self.started = true;
        self.egress.active(now);
        self.sink.active(&mut SinkContext::new(&mut self.egress, now));
        self.apply_close(now);
    }

    /// Whether there is nothing to write, to close or to tell the handlers: nothing has happened since the last
    /// `end_round`, if nothing was read.
    pub(crate) fn is_settled(&self) -> bool {
        !self.wants_write()
            && self.commands.is_empty()
            && self.egress.close.is_none()
            && self.suspended_since.is_none()
            && self.egress.is_writable()
    }

    /// Ends a round of inputs and writes, and with it the time in which this side did or did not read.
    #[inline]
    pub(crate) fn end_round(&mut self, now: Instant) {
        self.time_suspension(now);
        self.apply_close(now);
    }
}
