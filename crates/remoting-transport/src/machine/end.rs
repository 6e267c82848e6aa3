//! How a channel comes to its end.

use std::{collections::VecDeque, time::Instant};

use remoting_protocol::{ErrorChain, RemotingCommand};

use super::{ChannelMachine, sink::SinkContext, write_buffer::WriteBuffer};
use crate::{
    channel::{ChannelError, CloseInitiator, CloseReason},
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
    /// All that the peer sent has been read: nobody would answer a request any more.
    read_ended: bool,
    /// Nothing more is written.
    aborted: bool,
}

/// That a channel has begun to close.
pub(crate) struct ClosingNotice {
    pub(crate) reason: CloseReason,
    /// Requests that wait are not written any more.
    pub(crate) withdraws_requests: bool,
}

/// How a channel is over.
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

impl ChannelMachine {
    /// The peer will send nothing more. Its requests in hand are still answered.
    pub(crate) fn handle_read_closed(&mut self, now: Instant) {
        let reason = if self.input.bytes.is_empty() {
            CloseReason::peer("it closed the connection")
        } else {
            CloseReason::peer("it closed the connection in the middle of a frame")
        };
        self.end_reading(reason, now);
    }

    /// The peer's fault: tells the handlers, and closes once what was in hand is answered.
    pub(super) fn fail(&mut self, error: &ChannelError, reason: CloseReason, now: Instant) {
        // At WARN it is logged by whoever made the channel: they know how many more there are.
        tracing::debug!(channel = %self.egress.channel(), "closing the channel: {}", ErrorChain(error));
        self.egress.exception(now, error);
        self.end_reading(reason, now);
    }

    /// Nothing is read any more, so no request is written any more.
    fn end_reading(&mut self, reason: CloseReason, now: Instant) {
        self.egress.request_close(reason);
        self.apply_close(now);
        if let State::Closing(closing) = &mut self.state {
            closing.read_ended = true;
            self.closing_is_news = true;
        }
    }

    /// That the channel has begun to close, if it has since this was called last. From here on nobody may queue a
    /// request. The caller then calls `handle_closing`.
    #[inline]
    pub(crate) fn poll_closing(&mut self) -> Option<ClosingNotice> {
        if !std::mem::take(&mut self.closing_is_news) {
            return None;
        }
        match &self.state {
            State::Closing(closing) => {
                Some(ClosingNotice { reason: closing.reason.clone(), withdraws_requests: closing.read_ended })
            }
            _ => None,
        }
    }

    /// The reason of the end is `reason`, the first that anyone gave. `withdrawn` are requests that were queued and will
    /// not be written.
    #[cold]
    pub(crate) fn handle_closing(
        &mut self,
        reason: CloseReason,
        withdrawn: Vec<RemotingCommand>,
        now: Instant,
    ) {
        let State::Closing(closing) = &mut self.state else { return };
        closing.reason = reason.clone();
        if !closing.read_ended {
            return;
        }
        let mut unsent = Vec::new();
        for command in std::mem::take(&mut self.commands) {
            if command.is_response() {
                self.commands.push_back(command);
            } else {
                self.egress.free(&command);
                unsent.push(command);
            }
        }
        unsent.extend(withdrawn);
        for command in unsent {
            self.sink.unsent(self.egress.channel(), command);
        }
        self.sink.read_closed(&mut SinkContext::new(&mut self.egress, now), &reason);
    }

    /// The stream, or what is written to it, is broken: nothing can be written any more. Returns the reason of the end.
    #[cold]
    pub(crate) fn handle_broken(&mut self, error: &ChannelError, now: Instant) -> CloseReason {
        let reason = match error {
            ChannelError::Io(error) => CloseReason::io(error),
            error => {
                tracing::warn!(channel = %self.egress.channel(), "closing the channel: {}", ErrorChain(error));
                CloseReason::new(CloseInitiator::Local, ErrorChain(error).to_string())
            }
        };
        self.egress.exception(now, error);
        reason
    }

    /// A handler or the sink panicked with this text. Returns the reason of the end.
    #[cold]
    pub(crate) fn handle_panic(&mut self, panic: &str) -> CloseReason {
        let who = self
            .egress
            .called()
            .map_or_else(|| "the sink".to_owned(), |handler| format!("handler {handler:?}"));
        let channel = self.egress.channel();
        tracing::error!(%channel, "closing the channel: {who} panicked: {panic}");
        CloseReason::new(CloseInitiator::Local, format!("{who} panicked: {panic}"))
    }

    /// Another task wants the channel to close.
    #[cold]
    pub(crate) fn handle_close(&mut self, reason: CloseReason) {
        self.egress.request_close(reason);
    }

    /// Another task wants the channel to end at once.
    #[cold]
    pub(crate) fn handle_abort(&mut self, reason: CloseReason) {
        if !matches!(self.state, State::Ended) {
            let closing = Closing { reason, deadline: None, read_ended: false, aborted: true };
            self.state = State::Closing(Box::new(closing));
            self.egress.buffer = WriteBuffer::default();
        }
    }

    /// Whether the commands that wait may still be written.
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
            let deadline = now.checked_add(self.options().close_timeout);
            let closing = Closing { reason: *reason, deadline, read_ended: false, aborted: false };
            self.state = State::Closing(Box::new(closing));
            self.closing_is_news = true;
        }
    }

    /// Why the channel is over, if it is: everything in hand is done, or the time for it has passed. `all_is_out` tells
    /// whether nothing is queued and the stream has passed on what it took.
    pub(crate) fn poll_ended(
        &self,
        now: Instant,
        all_is_out: impl FnOnce() -> bool,
    ) -> Option<(CloseReason, Ending)> {
        let State::Closing(closing) = &self.state else { return None };
        let Closing { reason, deadline, aborted, .. } = &**closing;
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
        let written = self.commands.is_empty() && self.egress.buffer.is_empty() && all_is_out();
        (answered && written).then(|| (reason.clone(), Ending::Complete))
    }

    pub(crate) fn has_ended(&self) -> bool {
        matches!(self.state, State::Ended)
    }

    /// Ends the channel: the sink gets back what was not written, `queued` last; handlers and sink learn the end.
    ///
    /// What is called here is called whatever the others do: a panic is logged, and the text of one returned.
    pub(crate) fn finish(
        &mut self,
        reason: &CloseReason,
        queued: VecDeque<RemotingCommand>,
        now: Instant,
    ) -> Option<String> {
        self.state = State::Ended;
        let commands = std::mem::take(&mut self.commands).into_iter().skip(self.encoded as usize);
        self.egress.discard();
        let mut panicked = None;
        for command in commands.chain(queued) {
            panicked = self.tell_unsent(command).or(panicked);
        }
        if self.started {
            panicked = self.egress.inactive(now, reason).or(panicked);
            let (sink, channel) = (&mut self.sink, self.egress.channel());
            if let Err(panic) = catch_panic(|| sink.inactive(channel, reason)) {
                tracing::error!(%channel, "the sink panicked at the channel's end: {panic}");
                panicked = Some(panic);
            }
        }
        tracing::debug!(channel = %self.egress.channel(), %reason, "channel inactive");
        panicked
    }

    fn tell_unsent(&mut self, command: RemotingCommand) -> Option<String> {
        let (sink, channel) = (&mut self.sink, self.egress.channel());
        let panic = catch_panic(|| sink.unsent(channel, command)).err()?;
        tracing::error!(%channel, "the sink panicked at a command that was not sent: {panic}");
        Some(panic)
    }
}
