//! The inbound half of the machine: bytes in, commands to the handlers and the sink.

use std::time::Instant;

use bytes::BytesMut;

use super::{ChannelMachine, end::State, read_buffer::SmallFrames, sink::SinkContext};
use crate::channel::CloseReason;

/// Whether the sink accepts another command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SinkState {
    Ready,
    /// The sink was ready for the last command and has not been polled since.
    Unknown,
    Full,
}

impl ChannelMachine {
    /// Polls the sink for readiness, unless it is known to be ready. Called in each round, also on a closing channel until
    /// the sink was ready once.
    pub(crate) fn poll_ready(&mut self, now: Instant) -> bool {
        if self.sink_state != SinkState::Ready {
            let ready = self.sink.poll_ready(&mut SinkContext::new(&mut self.egress, now)).is_ready();
            self.sink_state = if ready { SinkState::Ready } else { SinkState::Full };
        }
        self.sink_state == SinkState::Ready
    }

    /// Returns whether bytes should be read. False while reads are suspended by the sink or by pending output.
    pub(crate) fn wants_read(&self) -> bool {
        matches!(self.state, State::Open) && !self.reads_suspended()
    }

    pub(super) fn reads_suspended(&self) -> bool {
        self.sink_state == SinkState::Full || self.suspended_by_output()
    }

    fn suspended_by_output(&self) -> bool {
        match self.options().suspend_reads_when_unwritable {
            true => !self.egress.is_writable() || self.egress.is_full(),
            false => self.egress.is_overfull(),
        }
    }

    /// Returns the buffer for the next read. `None` if the channel was quiet and holds no buffer. The caller then passes the
    /// bytes to `take_in`.
    pub(crate) fn read_buffer(&mut self) -> Option<&mut BytesMut> {
        if !self.input.holds_memory() {
            return None;
        }
        let missing = self.decoder.missing(&self.input.bytes);
        Some(self.input.prepare(missing))
    }

    /// Copies the first bytes after a quiet period.
    pub(crate) fn take_in(&mut self, bytes: &[u8], now: Instant) {
        let busy = self.is_busy(now);
        self.input.take_in(bytes, busy);
    }

    /// Handles `bytes` new bytes in the read buffer.
    pub(crate) fn handle_received(&mut self, bytes: usize, now: Instant) {
        self.input.received(bytes);
        self.moved = true;
        self.handle_undelivered(now);
    }

    /// Returns whether the read buffer may hold frames that were held back while reads were suspended.
    pub(crate) fn has_undelivered(&self) -> bool {
        self.undelivered && self.wants_read()
    }

    /// Returns how many commands the last read delivered. Each may cause another command to be sent soon.
    pub(crate) fn delivered(&self) -> usize {
        self.delivered as usize
    }

    /// Decodes and delivers the received frames, until the responses fill the write buffer.
    pub(crate) fn handle_undelivered(&mut self, now: Instant) {
        let mut delivered = 0;
        let mut violation = None;
        self.undelivered = true;
        let mut small = SmallFrames::default();
        while matches!(self.state, State::Open)
            && !self.suspended_by_output()
            && self.egress.close.is_none()
            && self.poll_ready(now)
        {
            let mut decoded = self.input.decode(self.decoder, &mut small);
            match &mut decoded {
                Ok(Some(command)) => {
                    delivered += 1;
                    let goes_on = self.egress.read(command, now);
                    // Moved only now: a command that was just written is slow to move.
                    if let Ok(Some(command)) = decoded
                        && goes_on
                    {
                        self.sink_state = SinkState::Unknown;
                        self.sink.command(&mut SinkContext::new(&mut self.egress, now), command);
                    }
                    if self.input.is_consumed(&small) {
                        self.undelivered = false;
                        break;
                    }
                }
                Ok(None) => {
                    self.undelivered = false;
                    break;
                }
                Err(_) => {
                    self.undelivered = false;
                    violation = decoded.err();
                    break;
                }
            }
        }
        self.input.put_back(small);
        if delivered > 0 {
            self.delivered = delivered;
            self.frame_began = None;
            self.frame_seen = 0;
            self.egress.read_complete(now);
            self.sink.read_complete(&mut SinkContext::new(&mut self.egress, now));
        }
        if let Some(error) = violation {
            let reason = CloseReason::protocol(&error);
            self.fail(&error.into(), reason, now);
        }
        if self.input.bytes.is_empty() {
            self.frame_began = None;
        } else {
            self.frame_began.get_or_insert(now);
        }
        self.apply_close(now);
    }
}
