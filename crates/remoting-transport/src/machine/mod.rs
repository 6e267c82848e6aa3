//! The state machine of a channel. Its inputs are bytes, commands and the time. Its outputs are bytes, events and the next
//! deadline. It does no I/O, reads no clock, and holds no waker and no lock. The [driver](crate::driver) runs it.

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

/// A channel without its socket, its task and its queue.
///
/// The [`Channel`] is for handlers and sink. The machine itself only reads its addresses.
///
/// # Order of calls
///
/// [`start`](Self::start) is called first, once, and [`finish`](Self::finish) last. In between, inputs come in any order.
/// `now` never decreases.
///
/// | input | calls |
/// |---|---|
/// | bytes | [`poll_ready`](Self::poll_ready); if [`wants_read`](Self::wants_read), put bytes into [`read_buffer`](Self::read_buffer), or pass them to [`take_in`](Self::take_in) if it is `None`, then [`handle_received`](Self::handle_received); [`handle_undelivered`](Self::handle_undelivered) if [`has_undelivered`](Self::has_undelivered) |
/// | the end of the bytes | [`handle_read_closed`](Self::handle_read_closed) when it is read, [`handle_peer_closed`](Self::handle_peer_closed) if it is seen earlier |
/// | commands | append to [`commands`](Self::commands), then [`handle_commands`](Self::handle_commands) |
/// | a request to close | [`handle_close`](Self::handle_close), [`handle_abort`](Self::handle_abort) |
/// | time | [`handle_timeout`](Self::handle_timeout) |
/// | a broken stream | [`handle_broken`](Self::handle_broken) |
///
/// | output | calls |
/// |---|---|
/// | bytes | [`only_chunk`](Self::only_chunk) or [`chunks`](Self::chunks), then [`handle_written`](Self::handle_written); [`region`](Self::region), then [`handle_region_written`](Self::handle_region_written) |
/// | events | handlers and sink are called from within the inputs |
/// | capacity for senders | [`take_freed`](Self::take_freed) |
/// | writability | [`poll_writability`](Self::poll_writability), then [`handle_writability`](Self::handle_writability) |
/// | the start of a close | [`poll_closing`](Self::poll_closing), then [`handle_closing`](Self::handle_closing) |
/// | the close | [`poll_ended`](Self::poll_ended) |
/// | a deadline | [`poll_timeout`](Self::poll_timeout) |
///
/// [`end_round`](Self::end_round) follows inputs and writes, and [`rest`](Self::rest) precedes a wait.
pub(crate) struct ChannelMachine {
    egress: Egress,
    sink: Box<dyn InboundSink>,
    decoder: FrameDecoder,
    input: ReadBuffer,
    sink_state: SinkState,
    /// Commands to be written. Those left here between two rounds did not fit into the write buffer.
    commands: VecDeque<RemotingCommand>,
    /// How many of the commands were passed to the handlers.
    encoded: u32,
    state: State,
    /// Whether handlers and sink were notified that the channel is active. They are then notified of its close.
    started: bool,
    /// When the first byte of the current frame arrived, or when its time was last restarted. Moved forward by the time
    /// in which this side did not read.
    frame_began: Option<Instant>,
    /// How much of the frame had arrived when its time was restarted.
    frame_seen: u32,
    /// When reads were suspended.
    suspended_since: Option<Instant>,
    /// How often the machine has checked since then whether the peer has closed its side.
    checks: u32,
    /// Whether the sink was notified that the peer has closed its side.
    peer_closed: bool,
    /// Whether the read buffer may hold whole frames, because reads were suspended before all were delivered.
    undelivered: bool,
    /// Whether bytes were read or written since the last rest.
    moved: bool,
    /// Whether the memory of the commands was released since the last `take_released`.
    released: bool,
    /// Whether the channel has started to close, and `poll_closing` has not reported it yet.
    closing_unreported: bool,
    /// Until when the channel counts as busy: a while after bytes have moved.
    busy_until: Option<Instant>,
    /// How many commands the last read delivered.
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
            checks: 0,
            peer_closed: false,
            undelivered: false,
            moved: false,
            released: false,
            closing_unreported: false,
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

    /// Returns whether `start` was called.
    pub(crate) fn has_started(&self) -> bool {
        self.started
    }

    /// Notifies the handlers and the sink that the channel is active.
    pub(crate) fn start(&mut self, now: Instant) {
        self.started = true;
        self.egress.active(now);
        self.sink.active(&mut SinkContext::new(&mut self.egress, now));
        self.apply_close(now);
    }

    /// Returns whether there is nothing to write, to close or to report to the handlers. If nothing was read either,
    /// nothing has happened since the last `end_round`.
    pub(crate) fn is_settled(&self) -> bool {
        !self.wants_write()
            && self.commands.is_empty()
            && self.egress.close.is_none()
            && self.suspended_since.is_none()
            && self.egress.is_writable()
    }

    /// Ends a round of inputs and writes. Updates the time in which reads are suspended.
    #[inline]
    pub(crate) fn end_round(&mut self, now: Instant) {
        self.time_suspension(now);
        self.apply_close(now);
    }
}
