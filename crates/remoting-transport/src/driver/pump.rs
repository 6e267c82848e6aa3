//! The loop that moves bytes between a wire and a [`ChannelMachine`], and commands from the channel's queue. It reads no
//! clock and has no timer, so that tests can run it as the driver does.
//!
//! A poll does, in this order:
//!
//! 1. Up to [`ROUNDS`] rounds: poll the sink for readiness, read once, deliver, take the queued commands, write. Received
//!    data is therefore handled before anything is written, and before deadlines. A round that reads nothing is the last,
//!    unless it freed capacity for waiting commands, let the channel read again, or left bytes that the wire would accept.
//!    The poll also ends when it has read [`READ_BYTES`], or written [`REGION_BYTES`] of file regions.
//! 2. Handle deadlines, if all received data was read, followed by another round.
//! 3. Park the task at the queue, if nothing is left to do.

use std::{
    future::Future,
    io,
    mem::MaybeUninit,
    pin::pin,
    task::{Context, Poll, Waker, ready},
    time::Instant,
};

use tokio::io::{AsyncRead, ReadBuf};
use tokio_util::io::poll_read_buf;

use super::wire::Wire;
use crate::{
    channel::{Channel, ChannelError, CloseReason},
    machine::{ChannelMachine, Ending, FIRST_READ},
};

/// The largest number of rounds in a poll before other tasks run. A read takes about 64 KiB to 128 KiB, or the missing
/// part of the current frame. With more rounds, a poll could wake more callers than the queue has capacity for.
const ROUNDS: usize = 4;
/// The number of received bytes after which a poll ends. Those who got large bodies then run, and may release the memory
/// of a body before the next one is read.
const READ_BYTES: usize = 256 << 10;
/// The largest number of bytes of file regions in a poll. Other pending bytes are bounded by the water marks.
const REGION_BYTES: usize = 1 << 20;
/// The largest number of polls for which a due deadline is delayed, while more data arrives than a poll reads. The system
/// does not buffer more than that many polls read.
const LONGEST_DELAY: u8 = 32;
/// The largest number of times that a poll is deferred until the runtime has polled its sockets.
const MAX_DEFERRED: u8 = 4;

/// A machine, the wire of its channel, and the state of the loop.
pub(crate) struct Pump<W> {
    pub(super) machine: ChannelMachine,
    pub(crate) wire: W,
    /// The waker that the queue holds or held last.
    pub(super) parked: Option<Waker>,
    /// The time of the next deadline, or an earlier time. `None` if there is no deadline.
    armed: Option<Instant>,
    /// For how many polls a due deadline was delayed.
    delayed: u8,
    /// How often polls were deferred since the last complete one.
    deferred: u8,
    /// Whether the wire holds bytes that it may not have flushed.
    pub(super) unflushed: bool,
    /// Whether the last poll of the driver yielded. Kept here, where it needs no extra space.
    pub(super) yielded: bool,
}

/// How many more bytes a poll may move.
#[derive(Debug)]
struct Left {
    read: usize,
    regions: usize,
}

/// The result of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Round {
    /// Nothing moved. The wire or the queue wakes this task.
    Still,
    Moved,
    /// The poll is deferred: the system has received data that the runtime has not noticed yet.
    Deferred,
}

impl<W: Wire> Pump<W> {
    pub(crate) fn new(machine: ChannelMachine, wire: W) -> Self {
        Self {
            machine,
            wire,
            parked: None,
            armed: None,
            delayed: 0,
            deferred: 0,
            unflushed: false,
            yielded: false,
        }
    }

    pub(crate) fn channel(&self) -> &Channel {
        self.machine.channel()
    }

    /// Runs the loop. `Ready` when the channel is closed, to be followed by [`finish`](Self::finish). Boxed to keep the
    /// return value of each poll small.
    pub(crate) fn poll(&mut self, now: Instant, cx: &mut Context<'_>) -> Poll<Box<(CloseReason, Ending)>> {
        if !self.machine.has_started() {
            self.machine.start(now);
        }
        let mut rounds = 0;
        let mut left = Left { read: READ_BYTES, regions: REGION_BYTES };
        let mut after_quiet = self.writes_after_quiet(now);
        loop {
            let round = match self.round(&mut after_quiet, &mut left, now, cx) {
                Ok(round) => round,
                Err(error) => return Poll::Ready(Box::new((self.broken(&error, now), Ending::Broken))),
            };
            if let Some(ended) = self.poll_ended(now) {
                return Poll::Ready(Box::new(ended));
            }
            match round {
                Round::Deferred => return Poll::Pending,
                Round::Still if self.is_due(now) => self.handle_due(now),
                Round::Still if self.park(cx) => break,
                Round::Still | Round::Moved => {}
            }
            rounds += 1;
            if rounds == ROUNDS || left.read == 0 || left.regions == 0 {
                cx.waker().wake_by_ref();
                if self.is_due(now) {
                    self.delayed += 1;
                    if self.delayed > LONGEST_DELAY {
                        self.handle_due(now);
                    }
                }
                break;
            }
        }
        self.deferred = 0;
        self.rest(now);
        Poll::Pending
    }

    /// Returns the time of the next poll, if it is earlier than the time returned before. A deadline that moved to a later
    /// time is noticed only at the earlier time, so a busy channel does not reset its timer.
    pub(crate) fn poll_timer(&mut self) -> Option<Instant> {
        if self.deferred > 0 {
            return None;
        }
        let deadline = self.machine.poll_timeout()?;
        let sooner = self.armed.is_none_or(|armed| deadline < armed);
        if sooner {
            self.armed = Some(deadline);
        }
        sooner.then_some(deadline)
    }

    /// Returns the time of the next deadline, or an earlier time.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn armed(&self) -> Option<Instant> {
        self.armed
    }

    fn is_due(&self, now: Instant) -> bool {
        self.armed.is_some_and(|armed| armed <= now)
    }

    /// Handles the deadlines that are due.
    #[cold]
    fn handle_due(&mut self, now: Instant) {
        self.armed = None;
        self.delayed = 0;
        self.machine.handle_timeout(now);
        if self.machine.checks_for_peer_close(now) && self.wire.peer_has_closed() {
            self.machine.handle_peer_closed(now);
        }
        self.announce_closing(now);
    }

    /// Reads once, delivers, and writes the queued commands. With `after_quiet`, writes only after all received data was
    /// read.
    fn round(
        &mut self,
        after_quiet: &mut bool,
        left: &mut Left,
        now: Instant,
        cx: &mut Context<'_>,
    ) -> Result<Round, ChannelError> {
        self.machine.poll_ready(now);
        let reads = self.machine.wants_read();
        let mut moved = false;
        if self.machine.has_undelivered() {
            self.machine.handle_undelivered(now);
            moved = true;
        } else if reads {
            match self.read(now, cx) {
                Poll::Ready(Ok(0)) => {
                    self.machine.channel().mark_peer_closed();
                    self.machine.handle_read_closed(now);
                    moved = true;
                }
                Poll::Ready(Ok(received)) => {
                    left.read = left.read.saturating_sub(received);
                    self.machine.handle_received(received, now);
                    moved = true;
                }
                Poll::Ready(Err(error)) => return Err(error.into()),
                Poll::Pending => {
                    if (*after_quiet || self.is_due(now)) && self.defers(cx)? {
                        return Ok(Round::Deferred);
                    }
                    if self.machine.is_settled()
                        && !self.has_queued()
                        && !self.is_awaited()
                        && !self.unflushed
                    {
                        return Ok(Round::Still);
                    }
                }
            }
        }
        self.announce_closing(now);
        if *after_quiet && moved && self.machine.wants_read() {
            return Ok(Round::Moved);
        }
        *after_quiet = false;
        self.take_commands(now);
        let flushed = self.flush(&mut left.regions, now, cx)?;
        self.end_round(now);
        // No waker is registered for work that is possible now: commands that handlers sent after a flush or a change of
        // writability, the rest of a region, commands that did not fit into the write buffer before, and reads that are
        // no longer suspended.
        let more = moved
            || !flushed.blocked && self.machine.wants_write()
            || flushed.moved && self.machine.holds_commands()
            || !reads && self.machine.wants_read();
        Ok(if more { Round::Moved } else { Round::Still })
    }

    /// Returns whether this poll is deferred, because the system has received data or the end of the stream that the
    /// runtime, on a busy thread, has not noticed yet. A deferred poll writes nothing, because an unsent request can still
    /// be sent to another peer, and handles no deadline.
    #[cold]
    fn defers(&mut self, cx: &mut Context<'_>) -> io::Result<bool> {
        if self.deferred >= MAX_DEFERRED || !self.wire.has_arrived()? {
            return Ok(false);
        }
        self.deferred += 1;
        // Wakes this task after the runtime has polled its sockets.
        let _pending = pin!(tokio::task::yield_now()).poll(cx);
        Ok(true)
    }

    /// Reads once, into the channel's buffer if there is one.
    fn read(&mut self, now: Instant, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        match self.machine.read_buffer() {
            Some(buffer) => poll_read_buf(self.wire.io(), cx, buffer),
            None => self.first_read(now, cx),
        }
    }

    /// Reads on a quiet channel, which allocates no memory until bytes arrive.
    #[inline(never)] // keeps this space off the stack of other polls
    fn first_read(&mut self, now: Instant, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut space = [MaybeUninit::uninit(); FIRST_READ];
        let mut space = ReadBuf::uninit(&mut space);
        ready!(self.wire.io().poll_read(cx, &mut space))?;
        self.machine.take_in(space.filled(), now);
        Poll::Ready(Ok(space.filled().len()))
    }
}
