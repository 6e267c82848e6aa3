//! How a channel comes to its end.

use std::{task::Context, time::Instant};

use remoting_protocol::{ErrorChain, RemotingCommand};

use super::{ChannelCore, sink::SinkContext, write_buffer::WriteBuffer};
use crate::{
    channel::{ChannelError, CloseInitiator, CloseReason, outbound::CloseRequest},
    panic::catch_panic,
};

pub(super) enum State {
    Open,
    /// Reads nothing more; ends when all is written, and, if the end came from outside, answered.
    Closing(Box<Closing>),
    Ended,
}

pub(super) struct Closing {
    reason: CloseReason,
    pub(super) deadline: Option<Instant>,
    /// Nothing more is written.
    aborted: bool,
}

/// A channel that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Everything in hand is done and written.
    Complete,
    /// The time for that has passed.
    TimedOut,
    Aborted,
    /// The socket does not work, or what was to be written cannot be.
    Broken,
}

impl ChannelCore {
    /// The peer will send nothing more. Its requests in hand are still answered.
    pub(crate) fn read_closed(&mut self, now: Instant, cx: &Context<'_>) {
        let reason = if self.input.bytes.is_empty() {
            CloseReason::peer("it closed the connection")
        } else {
            CloseReason::peer("it closed the connection in the middle of a frame")
        };
        self.channel().mark_peer_closed();
        self.end_reading(reason, now, cx);
        self.apply_close(now);
    }

    /// The peer's fault: tells the handlers, and closes once what was in hand is answered.
    pub(super) fn fail(&mut self, error: &ChannelError, reason: CloseReason, now: Instant, cx: &Context<'_>) {
        // At WARN it is told by whoever made the channel: they know how many more there are.
        tracing::debug!(channel = %self.egress.channel(), "closing the channel: {}", ErrorChain(error));
        self.egress.exception(now, error);
        self.end_reading(reason, now, cx);
    }

    /// Nothing is read any more, so no request is written any more.
    fn end_reading(&mut self, reason: CloseReason, now: Instant, cx: &Context<'_>) {
        self.apply_close(now);
        let reason = self.channel().outbound().begin_close(reason);
        self.withdraw_requests();
        self.sink.read_closed(&mut SinkContext::new(&mut self.egress, now, cx.waker()), &reason);
        self.egress.request_close(reason);
    }

    /// Takes back the requests that wait.
    fn withdraw_requests(&mut self) {
        let outbound = self.egress.channel().outbound();
        let mut unsent = Vec::new();
        self.batch = std::mem::take(&mut self.batch)
            .into_iter()
            .filter_map(|command| match command.is_response() {
                true => Some(command),
                false => {
                    outbound.release(outbound.size(&command));
                    unsent.push(command);
                    None
                }
            })
            .collect();
        unsent.extend(outbound.withdraw_requests());
        for command in unsent {
            self.sink.unsent(self.egress.channel(), command);
        }
    }

    /// The socket, or what is written to it, is broken: nothing can be written any more. Returns the reason of the end.
    pub(crate) fn broken(&mut self, error: &ChannelError, now: Instant) -> CloseReason {
        let reason = match error {
            ChannelError::Io(error) => CloseReason::io(error),
            error => {
                tracing::warn!(channel = %self.egress.channel(), "closing the channel: {}", ErrorChain(error));
                CloseReason::new(CloseInitiator::Local, ErrorChain(error).to_string())
            }
        };
        self.egress.exception(now, error);
        let first = self.channel().outbound().begin_close(reason.clone());
        if first != reason {
            tracing::debug!(channel = %self.egress.channel(), "the channel broke while closing: {}", ErrorChain(error));
        }
        first
    }

    /// A handler or the sink panicked with this text. Returns the reason of the end.
    #[cold]
    pub(crate) fn panicked(&mut self, panic: &str) -> CloseReason {
        let who = self
            .egress
            .called()
            .map_or_else(|| "the sink".to_owned(), |handler| format!("handler {handler:?}"));
        let channel = self.egress.channel();
        tracing::error!(%channel, "closing the channel: {who} panicked: {panic}");
        CloseReason::new(CloseInitiator::Local, format!("{who} panicked: {panic}"))
    }

    /// Another task wants the channel to end.
    #[cold]
    pub(super) fn close_requested(&mut self, request: CloseRequest) {
        // The reason is kept by the queue.
        let reason = self.channel().outbound().reason().unwrap_or(CloseReason::local("closing"));
        match request {
            CloseRequest::Close => self.egress.request_close(reason),
            CloseRequest::Abort => {
                if !matches!(self.state, State::Ended) {
                    self.state = State::Closing(Box::new(Closing { reason, deadline: None, aborted: true }));
                    self.egress.buffer = WriteBuffer::default();
                }
            }
        }
    }

    /// Whether what is in the batch may still be written.
    pub(super) fn may_encode(&self) -> bool {
        matches!(&self.state, State::Closing(closing) if !closing.aborted)
    }

    pub(super) fn apply_close(&mut self, now: Instant) {
        if self.egress.close.is_some() {
            self.begin_close(now);
        }
    }

    #[cold]
    fn begin_close(&mut self, now: Instant) {
        if let Some(reason) = self.egress.close.take()
            && matches!(self.state, State::Open)
        {
            let reason = self.channel().outbound().begin_close(*reason);
            let deadline = now.checked_add(self.options().close_timeout);
            self.state = State::Closing(Box::new(Closing { reason, deadline, aborted: false }));
        }
    }

    /// To be called before the driver waits: compares what waits with the water marks.
    #[inline]
    pub(crate) fn end_turn(&mut self, now: Instant) {
        self.egress.update_writability(now);
        self.time_suspension(now);
        self.apply_close(now);
    }

    /// Leaves the driver to be woken by the next command that is queued. False when there is something to do
    /// already.
    pub(crate) fn park(&mut self, cx: &Context<'_>) -> bool {
        let full = !self.batch.is_empty();
        self.egress.channel().outbound().park(full, &mut self.parked, cx)
    }

    /// Why the channel is over, if it is: everything in hand is done, or the time for it has passed. `unflushed`:
    /// what was written is still on its way.
    pub(crate) fn ended(&self, now: Instant, unflushed: bool) -> Option<(CloseReason, Ending)> {
        let State::Closing(closing) = &self.state else { return None };
        let Closing { reason, deadline, aborted } = &**closing;
        if *aborted {
            return Some((reason.clone(), Ending::Aborted));
        }
        if deadline.is_some_and(|deadline| deadline <= now) {
            return Some((reason.clone(), Ending::TimedOut));
        }
        // A response is queued before its request stops counting as in flight, so this order misses none.
        let answered = match reason.by() {
            CloseInitiator::Peer | CloseInitiator::Protocol => self.sink.in_flight() == 0,
            _ => true,
        };
        let written = self.batch.is_empty()
            && self.egress.buffer.is_empty()
            && self.egress.channel().outbound().is_empty();
        (answered && written && !unflushed).then(|| (reason.clone(), Ending::Complete))
    }

    /// Ends the channel: nobody can queue anything any more, the sink gets back what was not written, handlers and sink
    /// are told. Does nothing the second time. Returns the first reason that was given for the end.
    ///
    /// What is called here is called whatever the others do: a panic is logged, and the text of one returned.
    pub(crate) fn finish(&mut self, reason: CloseReason, now: Instant) -> (CloseReason, Option<String>) {
        if matches!(self.state, State::Ended) {
            return (self.channel().close_reason().unwrap_or(reason), None);
        }
        self.state = State::Ended;
        let reason = self.channel().outbound().begin_close(reason);
        let queued = self.channel().mark_closed(reason.clone());
        let batch = std::mem::take(&mut self.batch).into_iter().skip(self.encoded as usize);
        self.egress.discard();
        let mut panicked = None;
        for command in batch.chain(queued) {
            panicked = self.tell_unsent(command).or(panicked);
        }
        if self.started {
            panicked = self.egress.inactive(now, &reason).or(panicked);
            let (sink, channel) = (&mut self.sink, self.egress.channel());
            if let Err(panic) = catch_panic(|| sink.inactive(channel, &reason)) {
                tracing::error!(%channel, "the sink panicked at the channel's end: {panic}");
                panicked = Some(panic);
            }
        }
        tracing::debug!(channel = %self.egress.channel(), %reason, "channel inactive");
        (reason, panicked)
    }

    fn tell_unsent(&mut self, command: RemotingCommand) -> Option<String> {
        let (sink, channel) = (&mut self.sink, self.egress.channel());
        let panic = catch_panic(|| sink.unsent(channel, command)).err()?;
        tracing::error!(%channel, "the sink panicked at a command that was not sent: {panic}");
        Some(panic)
    }
}
