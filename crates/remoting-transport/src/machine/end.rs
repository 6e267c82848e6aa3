//! The close of a channel.

use std::{collections::VecDeque, time::Instant};

use remoting_protocol::{ErrorChain, RemotingCommand};

use super::{ChannelMachine, sink::SinkContext, write_buffer::WriteBuffer};
use crate::{
    channel::{ChannelError, CloseInitiator, CloseReason},
    panic::catch_panic,
};

pub(super) enum State {
    Open,
    /// Reads no more. Closes when everything is written and, if the peer caused the close, its requests are answered.
    Closing(Box<Closing>),
    Ended,
}

pub(super) struct Closing {
    reason: CloseReason,
    pub(super) deadline: Option<Instant>,
    /// The inbound half is closed, so requests would not be answered any more.
    read_ended: bool,
    /// Nothing is written any more.
    aborted: bool,
}

/// The notice that a channel has started to close.
pub(crate) struct ClosingNotice {
    pub(crate) reason: CloseReason,
    /// Whether queued requests are withdrawn.
    pub(crate) withdraws_requests: bool,
}

/// How the close of a channel ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// All requests were answered and all bytes written.
    Complete,
    /// The close time-out expired.
    TimedOut,
    Aborted,
    /// The socket failed, or a pending file region cannot be read.
    Broken,
}

impl ChannelMachine {
    /// Handles the end of the stream. The requests in flight are still answered.
    pub(crate) fn handle_read_closed(&mut self, now: Instant) {
        let reason = if self.input.bytes.is_empty() {
            CloseReason::peer("it closed the connection")
        } else {
            CloseReason::peer("it closed the connection in the middle of a frame")
        };
        self.end_reading(reason, now);
    }

    /// Handles a protocol violation: notifies the handlers, and closes once the requests in flight are answered.
    pub(super) fn fail(&mut self, error: &ChannelError, reason: CloseReason, now: Instant) {
        // The owner of the channel logs this at WARN, at a limited rate.
        tracing::debug!(channel = %self.egress.channel(), error = %ErrorChain(error), "closing the channel");
        self.egress.exception(now, error);
        self.end_reading(reason, now);
    }

    /// Closes the inbound half. No request is written any more.
    fn end_reading(&mut self, reason: CloseReason, now: Instant) {
        self.egress.request_close(reason);
        self.apply_close(now);
        if let State::Closing(closing) = &mut self.state {
            closing.read_ended = true;
            self.closing_unreported = true;
        }
    }

    /// Returns a notice if the channel has started to close since the last call. The caller rejects new requests from then
    /// on, and calls `handle_closing`.
    #[inline]
    pub(crate) fn poll_closing(&mut self) -> Option<ClosingNotice> {
        if !std::mem::take(&mut self.closing_unreported) {
            return None;
        }
        match &self.state {
            State::Closing(closing) => {
                Some(ClosingNotice { reason: closing.reason.clone(), withdraws_requests: closing.read_ended })
            }
            _ => None,
        }
    }

    /// Handles the start of the close, with the first reason that was given. `withdrawn` are queued requests that will not
    /// be written.
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

    /// Handles a failure of the stream or of a file region. Nothing can be written any more. Returns the reason of the
    /// close.
    #[cold]
    pub(crate) fn handle_broken(&mut self, error: &ChannelError, now: Instant) -> CloseReason {
        let reason = match error {
            ChannelError::Io(error) => CloseReason::io(error),
            error => {
                tracing::warn!(channel = %self.egress.channel(), error = %ErrorChain(error), "closing the channel");
                CloseReason::new(CloseInitiator::Local, ErrorChain(error).to_string())
            }
        };
        self.egress.exception(now, error);
        reason
    }

    /// Handles a panic of a handler or the sink, with this message. Returns the reason of the close.
    #[cold]
    pub(crate) fn handle_panic(&mut self, panic: &str) -> CloseReason {
        let source = self
            .egress
            .called()
            .map_or_else(|| "the sink".to_owned(), |handler| format!("handler {handler:?}"));
        let channel = self.egress.channel();
        tracing::error!(%channel, source, panic, "closing the channel: user code panicked");
        CloseReason::new(CloseInitiator::Local, format!("{source} panicked: {panic}"))
    }

    /// Handles the request of another task to close the channel.
    #[cold]
    pub(crate) fn handle_close(&mut self, reason: CloseReason) {
        self.egress.request_close(reason);
    }

    /// Handles the request of another task to close the channel at once.
    #[cold]
    pub(crate) fn handle_abort(&mut self, reason: CloseReason) {
        if !matches!(self.state, State::Ended) {
            let closing = Closing { reason, deadline: None, read_ended: false, aborted: true };
            self.state = State::Closing(Box::new(closing));
            self.egress.buffer = WriteBuffer::default();
        }
    }

    /// Returns whether a closing channel still writes its commands.
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
            self.closing_unreported = true;
        }
    }

    /// Returns how the close ended, once everything is done or the time-out has expired. `is_flushed` returns whether
    /// the queue is empty and the stream has flushed its bytes.
    pub(crate) fn poll_ended(
        &self,
        now: Instant,
        is_flushed: impl FnOnce() -> bool,
    ) -> Option<(CloseReason, Ending)> {
        let State::Closing(closing) = &self.state else { return None };
        let Closing { reason, deadline, aborted, .. } = &**closing;
        if *aborted {
            return Some((reason.clone(), Ending::Aborted));
        }
        if deadline.is_some_and(|deadline| deadline <= now) {
            return Some((reason.clone(), Ending::TimedOut));
        }
        // A response is queued before its request stops counting as in flight, so this order misses no response.
        let answered = match reason.by() {
            CloseInitiator::Peer | CloseInitiator::Protocol => self.sink.in_flight() == 0,
            _ => true,
        };
        let written = self.commands.is_empty() && self.egress.buffer.is_empty() && is_flushed();
        (answered && written).then(|| (reason.clone(), Ending::Complete))
    }

    pub(crate) fn has_ended(&self) -> bool {
        matches!(self.state, State::Ended)
    }

    /// Closes the channel. Returns unwritten commands to the sink, `queued` last, and notifies handlers and sink.
    ///
    /// A panic does not prevent the other calls. It is logged, and the message of the last one is returned.
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
            panicked = self.return_unsent(command).or(panicked);
        }
        if self.started {
            panicked = self.egress.inactive(now, reason).or(panicked);
            let (sink, channel) = (&mut self.sink, self.egress.channel());
            if let Err(panic) = catch_panic(|| sink.inactive(channel, reason)) {
                tracing::error!(%channel, panic, "sink panicked at the close of its channel");
                panicked = Some(panic);
            }
        }
        tracing::debug!(channel = %self.egress.channel(), %reason, "channel inactive");
        panicked
    }

    fn return_unsent(&mut self, command: RemotingCommand) -> Option<String> {
        let (sink, channel) = (&mut self.sink, self.egress.channel());
        let panic = catch_panic(|| sink.unsent(channel, command)).err()?;
        tracing::error!(%channel, panic, "sink panicked at an unsent command");
        Some(panic)
    }
}
