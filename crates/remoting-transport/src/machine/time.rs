//! The deadlines of a channel.

use std::time::{Duration, Instant};

use super::{ChannelMachine, end::State, sink::SinkContext};
use crate::channel::{ChannelError, CloseInitiator, CloseReason};

/// How often a channel that does not read checks whether the peer has closed its side.
const PEER_CHECK_INTERVAL: Duration = Duration::from_millis(500);

/// The bytes of an incomplete frame that must arrive in each frame time-out.
const LEAST_PROGRESS: usize = 64 << 10;
/// The number of frame time-outs that a large frame may take. In each, this part of it must arrive.
const LONGEST_FRAME: usize = 16;

fn earlier(a: Option<Instant>, b: Option<Instant>) -> Option<Instant> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

impl ChannelMachine {
    /// Returns when `handle_timeout` must be called at the latest.
    pub(crate) fn poll_timeout(&mut self) -> Option<Instant> {
        if let State::Closing(closing) = &self.state {
            return earlier(closing.deadline, self.sink.next_deadline());
        }
        let reading = match self.suspended_since {
            Some(since) => self.next_check(since),
            None => self.frame_began.and_then(|began| began.checked_add(self.options().frame_timeout?)),
        };
        let release = if self.holds_memory() { self.busy_until } else { None };
        earlier(earlier(self.sink.next_deadline(), self.egress.next_deadline()), earlier(reading, release))
    }

    /// Handles the deadlines that are due.
    pub(crate) fn handle_timeout(&mut self, now: Instant) {
        if self.sink.next_deadline().is_some_and(|deadline| deadline <= now) {
            self.sink.deadline_reached(&mut SinkContext::new(&mut self.egress, now));
        }
        if self.egress.next_deadline().is_some_and(|deadline| deadline <= now) {
            self.restart_frame(now);
            // Work does not keep a channel open whose peer does not read.
            let has_work = !self.wants_write() && self.sink.has_work();
            self.egress.deadline_reached(now, self.frame_began, has_work);
        }
        if !self.is_busy(now) {
            self.release();
        }
        self.check_frame(now);
        self.apply_close(now);
    }

    /// Restarts the time of an incomplete frame if enough of it has arrived since its last start. Returns whether it did.
    fn restart_frame(&mut self, now: Instant) -> bool {
        if self.frame_began.is_none() || self.suspended_since.is_some() {
            return false;
        }
        let received = self.input.bytes.len();
        let frame = received + self.decoder.missing(&self.input.bytes);
        let progresses =
            received.saturating_sub(self.frame_seen as usize) >= LEAST_PROGRESS.max(frame / LONGEST_FRAME);
        if progresses {
            self.frame_began = Some(now);
            self.frame_seen = u32::try_from(received).unwrap_or(u32::MAX);
        }
        progresses
    }

    /// Closes the channel if the peer began a frame and sends too little of it.
    fn check_frame(&mut self, now: Instant) {
        let (Some(timeout), Some(began)) = (self.options().frame_timeout, self.frame_began) else { return };
        let due = now.saturating_duration_since(began) >= timeout;
        if !due || self.suspended_since.is_some() || !matches!(self.state, State::Open) {
            return;
        }
        if self.restart_frame(now) {
            return;
        }
        let received = self.input.bytes.len();
        let error = ChannelError::FrameTimeout { after: timeout, received };
        let reason = CloseReason::new(CloseInitiator::Protocol, error.to_string());
        self.fail(&error, reason, now);
    }

    /// Tracks the time in which this side does not read, and extends the time of the current frame by it.
    pub(super) fn time_suspension(&mut self, now: Instant) {
        if self.reads_suspended() {
            if self.suspended_since.is_none() {
                self.suspended_since = Some(now);
                self.checks = 0;
            }
        } else if let Some(since) = self.suspended_since.take()
            && let Some(began) = self.frame_began
        {
            self.frame_began = Some((began + now.saturating_duration_since(since)).min(now));
        }
    }

    /// Returns when to check whether the peer has closed its side, on a channel that has not read since `since`.
    fn next_check(&self, since: Instant) -> Option<Instant> {
        if self.peer_closed { None } else { since.checked_add(PEER_CHECK_INTERVAL * (self.checks + 1)) }
    }

    /// Returns whether it is time to check if the peer has closed its side. If it has, the caller calls
    /// `handle_peer_closed`.
    pub(crate) fn checks_for_peer_close(&mut self, now: Instant) -> bool {
        let due = matches!(self.state, State::Open)
            && self
                .suspended_since
                .and_then(|since| self.next_check(since))
                .is_some_and(|check| check <= now);
        if let (true, Some(since)) = (due, self.suspended_since) {
            let checks = now.saturating_duration_since(since).as_millis() / PEER_CHECK_INTERVAL.as_millis();
            self.checks = u32::try_from(checks).unwrap_or(u32::MAX - 1);
        }
        due
    }

    /// Handles that the peer has closed its side. Unread bytes may precede the end.
    pub(crate) fn handle_peer_closed(&mut self, now: Instant) {
        if !std::mem::replace(&mut self.peer_closed, true) {
            self.sink.peer_closed(&mut SinkContext::new(&mut self.egress, now));
            self.apply_close(now);
        }
    }
}
