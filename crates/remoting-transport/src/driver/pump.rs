//! The loop that moves bytes between a wire and a [`ChannelMachine`], and commands from the channel's queue. It reads no
//! clock and has no timer, so that a test may run it as well as the driver.
//!
//! One poll, in this order:
//!
//! 1. Up to [`ROUNDS`] times: ask the sink whether it takes commands, read once, deliver, take what other tasks queued,
//!    write. So what has come is known before anything is written, and before anything is due. A round that reads
//!    nothing is the last, unless it made room for commands that wait for it, lets the channel read again, or leaves
//!    something to write that the wire would take. So does the share of region bytes, once used.
//! 2. Fire what is due, if all that has come was read; then another round.
//! 3. Leave the waker with the queue, if nothing is left to do.

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

/// How many reads one poll may do before other tasks get theirs. A read is of about 64 KiB to 128 KiB, or
/// what the frame at hand lacks. With more of them, one poll would deliver the responses of more callers than the
/// channel has room for the next requests of.
const ROUNDS: usize = 4;
/// How many bytes of file regions one poll may write; nothing else that is written is without a bound.
const REGION_BYTES: usize = 1 << 20;
/// How many polls what is due waits for, while more has come than one of them reads: by then it is more than the
/// system holds of a connection.
const LONGEST_DELAY: u8 = 32;
/// How often a poll is put off for the runtime to learn what has come. It has looked at its sockets by then.
const PUT_OFF: u8 = 4;

/// A machine, the wire of its channel, and what is known of its queue.
pub(crate) struct Pump<W> {
    pub(super) machine: ChannelMachine,
    pub(crate) wire: W,
    /// The waker that the queue holds, or held last.
    pub(super) parked: Option<Waker>,
    /// When something is due, or earlier; `None`: nothing is.
    armed: Option<Instant>,
    /// For how many polls what is due has waited.
    delayed: u8,
    /// How often polls were put off since the last whole one.
    put_off: u8,
    /// Whether the wire has taken bytes that it may not have passed on.
    pub(super) unflushed: bool,
    /// Whether the last poll gave way to other tasks; kept here, where it takes no space.
    pub(super) gave_way: bool,
}

/// What a round leaves to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Round {
    /// Nothing moved: this task is woken by whatever could move next.
    Still,
    Moved,
    /// More has come than the runtime knows of.
    PutOff,
}

impl<W: Wire> Pump<W> {
    pub(crate) fn new(machine: ChannelMachine, wire: W) -> Self {
        Self {
            machine,
            wire,
            parked: None,
            armed: None,
            delayed: 0,
            put_off: 0,
            unflushed: false,
            gave_way: false,
        }
    }

    pub(crate) fn channel(&self) -> &Channel {
        self.machine.channel()
    }

    /// Moves what can be moved. `Ready` when the channel is over, to be followed by [`finish`](Self::finish); in a box,
    /// since what each poll returns is to be small.
    pub(crate) fn poll(&mut self, now: Instant, cx: &mut Context<'_>) -> Poll<Box<(CloseReason, Ending)>> {
        if !self.machine.has_started() {
            self.machine.start(now);
        }
        let mut rounds = 0;
        let mut region_bytes = REGION_BYTES;
        let mut afresh = self.writes_afresh(now);
        loop {
            let round = match self.round(&mut afresh, &mut region_bytes, now, cx) {
                Ok(round) => round,
                Err(error) => return Poll::Ready(Box::new((self.broken(&error, now), Ending::Broken))),
            };
            if let Some(ended) = self.poll_ended(now) {
                return Poll::Ready(Box::new(ended));
            }
            match round {
                Round::PutOff => return Poll::Pending,
                Round::Still if self.is_due(now) => self.fire_due(now),
                Round::Still if self.park(cx) => break,
                Round::Still | Round::Moved => {}
            }
            rounds += 1;
            if rounds == ROUNDS || region_bytes == 0 {
                cx.waker().wake_by_ref();
                if self.is_due(now) {
                    self.delayed += 1;
                    if self.delayed > LONGEST_DELAY {
                        self.fire_due(now);
                    }
                }
                break;
            }
        }
        self.put_off = 0;
        self.rest(now);
        Poll::Pending
    }

    /// When this is to be polled again at the latest, if that is sooner than this has returned before and what it
    /// returned has not come. A deadline that has moved away is noticed when the time has come, so a busy channel does
    /// not touch the timer.
    pub(crate) fn poll_timer(&mut self) -> Option<Instant> {
        if self.put_off > 0 {
            return None;
        }
        let deadline = self.machine.poll_timeout()?;
        let sooner = self.armed.is_none_or(|armed| deadline < armed);
        if sooner {
            self.armed = Some(deadline);
        }
        sooner.then_some(deadline)
    }

    /// When something is due, or earlier.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) fn armed(&self) -> Option<Instant> {
        self.armed
    }

    fn is_due(&self, now: Instant) -> bool {
        self.armed.is_some_and(|armed| armed <= now)
    }

    /// Does what is due.
    #[cold]
    fn fire_due(&mut self, now: Instant) {
        self.armed = None;
        self.delayed = 0;
        self.machine.handle_timeout(now);
        if self.machine.looks_for_end(now) && self.wire.peer_has_closed() {
            self.machine.handle_peer_closed(now);
        }
        self.announce_closing(now);
    }

    /// Reads once, delivers, writes what is queued. `afresh`: that only when all that has come was read.
    fn round(
        &mut self,
        afresh: &mut bool,
        region_bytes: &mut usize,
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
                    self.machine.handle_received(received, now);
                    moved = true;
                }
                Poll::Ready(Err(error)) => return Err(error.into()),
                Poll::Pending => {
                    if (*afresh || self.is_due(now)) && self.put_off(cx)? {
                        return Ok(Round::PutOff);
                    }
                    if self.machine.is_settled() && !self.has_queued() && !self.unflushed {
                        return Ok(Round::Still);
                    }
                }
            }
        }
        self.announce_closing(now);
        if *afresh && moved && self.machine.wants_read() {
            return Ok(Round::Moved);
        }
        *afresh = false;
        self.take_commands(now);
        let flushed = self.flush(region_bytes, now, cx)?;
        self.end_round(now);
        // Nothing wakes this task for what could be written now: what handlers sent when something was flushed or the
        // channel became writable, or more of a region than this poll may write. Nor for commands that did not fit
        // before, if room was made, nor for what can be read again.
        let more = moved
            || !flushed.blocked && self.machine.wants_write()
            || flushed.moved && self.machine.holds_commands()
            || !reads && self.machine.wants_read();
        Ok(if more { Round::Moved } else { Round::Still })
    }

    /// Whether the peer has sent something, or ended, of which the runtime does not know yet, for this thread was busy.
    /// Then nothing is written for now, since a request that has not been sent can be sent elsewhere, and nothing that
    /// is due is done.
    #[cold]
    fn put_off(&mut self, cx: &mut Context<'_>) -> io::Result<bool> {
        if self.put_off >= PUT_OFF || !self.wire.has_arrived()? {
            return Ok(false);
        }
        self.put_off += 1;
        // Wakes this task when the runtime has looked at its sockets.
        let _pending = pin!(tokio::task::yield_now()).poll(cx);
        Ok(true)
    }

    /// Reads once, into the channel's buffer if it has one.
    fn read(&mut self, now: Instant, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        match self.machine.read_buffer() {
            Some(buffer) => poll_read_buf(self.wire.io(), cx, buffer),
            None => self.first_read(now, cx),
        }
    }

    /// Reads on a channel that has been quiet, which takes no memory until something comes.
    #[inline(never)] // so that other polls do not carry this space on their stack
    fn first_read(&mut self, now: Instant, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut space = [MaybeUninit::uninit(); FIRST_READ];
        let mut space = ReadBuf::uninit(&mut space);
        ready!(self.wire.io().poll_read(cx, &mut space))?;
        self.machine.take_in(space.filled(), now);
        Poll::Ready(Ok(space.filled().len()))
    }
}
