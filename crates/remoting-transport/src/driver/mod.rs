//! The task of a channel: the only code that moves bytes between a socket and a [`ChannelCore`], and the only
//! code on a channel's way that reads the clock.
//!
//! One turn, in this order:
//!
//! 1. Give way once, if a caller woke this task while others are about to call: see [`ChannelDriver::give_way`].
//! 2. Read the clock, once.
//! 3. Up to [`ROUNDS`] times: ask the sink whether it takes commands, read once, deliver, take what other tasks queued,
//!    write. So what has come is known before anything is written, and before anything is due. A round that reads
//!    nothing is the last, unless it made room for commands that wait for it, lets the channel read again, or leaves
//!    something to write that the socket would take. So does the share of region bytes, once used.
//! 4. Fire what is due, if all that has come was read; then another round.
//! 5. Set the timer, if something is due sooner than it is set for.

mod farewell;
mod flush;
mod region;

use std::{
    fmt,
    future::Future,
    io,
    mem::MaybeUninit,
    pin::{Pin, pin},
    task::{Context, Poll, ready},
    time::Instant,
};

use tokio::{
    io::{AsyncRead, ReadBuf},
    time::Sleep,
};
use tokio_util::io::poll_read_buf;

use self::{
    farewell::{FAREWELL, Farewell},
    region::RegionWriter,
};
use crate::{
    channel::{Channel, ChannelError, CloseReason},
    machine::{ChannelCore, Ending, FIRST_READ},
    panic::catch_panic,
    stream::Stream,
};

/// How many reads one turn may do before other tasks get theirs. A read is of about 64 KiB to 128 KiB, or
/// what the frame at hand lacks. With more of them, one turn would deliver the responses of more callers than the
/// channel has room for the next requests of.
const ROUNDS: usize = 4;
/// How many bytes of file regions one turn may write; nothing else that is written is without a bound.
const REGION_BYTES: usize = 1 << 20;
/// How many turns what is due waits for, while more has come than one of them reads: by then it is more than the
/// system holds of a connection.
const LONGEST_DELAY: u8 = 32;
/// How often a turn is put off for the runtime to learn what has come. It has looked at its sockets by then.
const PUT_OFF: u8 = 4;

/// The task of a channel, to be spawned: it ends when the channel does, with the reason.
///
/// # Cancellation
/// Dropping it ends the channel at once: what is queued is lost, pending calls are failed, handlers are told.
#[must_use = "a channel does nothing until its driver is polled"]
pub struct ChannelDriver {
    core: ChannelCore,
    stream: Stream,
    regions: RegionWriter,
    phase: Phase,
    timer: Option<Pin<Box<Sleep>>>,
    /// What the timer is set for; `None`: not set.
    armed: Option<Instant>,
    gave_way: bool,
    /// For how many turns what is due has waited.
    delayed: u8,
    /// How often turns were put off since the last whole one.
    put_off: u8,
    /// Whether the stream has taken bytes that it may not have passed on.
    unflushed: bool,
}

#[derive(Debug, Clone)]
enum Phase {
    Starting,
    Running,
    Leaving(Box<Farewell>),
    Done(Box<CloseReason>),
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

impl ChannelDriver {
    pub(crate) fn new(core: ChannelCore, stream: Stream) -> Self {
        Self {
            core,
            stream,
            regions: RegionWriter::default(),
            phase: Phase::Starting,
            timer: None,
            armed: None,
            gave_way: false,
            delayed: 0,
            put_off: 0,
            unflushed: false,
        }
    }

    /// The channel that this drives.
    pub fn channel(&self) -> &Channel {
        self.core.channel()
    }

    /// A task woken by the running task may go before all others that are ready (tokio's LIFO slot). A driver
    /// woken by the first of many callers would then send one request at a time. So it goes to the back of the
    /// line once, if fewer commands are queued than the last read delivered: their callers are likely to be
    /// ready too. A caller that is alone is served at once.
    fn give_way(&mut self, cx: &Context<'_>) -> bool {
        let give_way = !self.gave_way && self.core.expects_more();
        self.gave_way = give_way;
        if give_way {
            cx.waker().wake_by_ref();
        }
        give_way
    }

    /// One turn. `Ready` when the channel is over; in a box, since what each turn returns is to be small.
    fn turn(&mut self, cx: &mut Context<'_>) -> Poll<Box<(CloseReason, Ending)>> {
        let now = tokio::time::Instant::now().into_std();
        if matches!(self.phase, Phase::Starting) {
            self.phase = Phase::Running;
            self.core.start(now, cx);
        }
        let mut rounds = 0;
        let mut region_bytes = REGION_BYTES;
        let mut afresh = self.core.writes_afresh(now);
        loop {
            let round = match self.round(&mut afresh, &mut region_bytes, now, cx) {
                Ok(round) => round,
                Err(error) => {
                    return Poll::Ready(Box::new((self.core.broken(&error, now), Ending::Broken)));
                }
            };
            if let Some(ended) = self.core.ended(now, self.unflushed) {
                return Poll::Ready(Box::new(ended));
            }
            match round {
                Round::PutOff => return Poll::Pending,
                Round::Still if self.is_due(now) => self.fire_due(now, cx),
                Round::Still if self.core.park(cx) => break,
                Round::Still | Round::Moved => {}
            }
            rounds += 1;
            if rounds == ROUNDS || region_bytes == 0 {
                cx.waker().wake_by_ref();
                if self.is_due(now) {
                    self.delayed += 1;
                    if self.delayed > LONGEST_DELAY {
                        self.fire_due(now, cx);
                    }
                }
                break;
            }
        }
        self.put_off = 0;
        self.core.rest(now);
        self.set_timer(cx);
        Poll::Pending
    }

    fn is_due(&self, now: Instant) -> bool {
        self.armed.is_some_and(|armed| armed <= now)
    }

    /// Does what is due.
    #[cold]
    fn fire_due(&mut self, now: Instant, cx: &Context<'_>) {
        self.armed = None;
        self.delayed = 0;
        self.core.deadline_reached(now, cx);
        if self.core.looks_for_end(now) && self.stream.peer_has_closed() {
            self.core.peer_closed(now, cx);
        }
    }

    /// Reads once, delivers, writes what is queued. `afresh`: that only when all that has come was read.
    fn round(
        &mut self,
        afresh: &mut bool,
        region_bytes: &mut usize,
        now: Instant,
        cx: &mut Context<'_>,
    ) -> Result<Round, ChannelError> {
        self.core.ask_sink(now, cx);
        let reads = self.core.wants_read();
        let mut moved = false;
        if self.core.has_undelivered() {
            self.core.deliver(now, cx);
            moved = true;
        } else if reads {
            match self.read(now, cx) {
                Poll::Ready(Ok(0)) => {
                    self.core.read_closed(now, cx);
                    moved = true;
                }
                Poll::Ready(Ok(received)) => {
                    self.core.received(received, now, cx);
                    moved = true;
                }
                Poll::Ready(Err(error)) => return Err(error.into()),
                Poll::Pending => {
                    if (*afresh || self.is_due(now)) && self.put_off(cx)? {
                        return Ok(Round::PutOff);
                    }
                    if self.core.is_settled() && !self.unflushed {
                        return Ok(Round::Still);
                    }
                }
            }
        }
        if *afresh && moved && self.core.wants_read() {
            return Ok(Round::Moved);
        }
        *afresh = false;
        self.core.drain(now, cx);
        let flushed = self.flush(region_bytes, now, cx)?;
        self.core.end_turn(now);
        // Nothing wakes this task for what could be written now: what handlers sent when something was flushed or the
        // channel became writable, or more of a region than this turn may write. Nor for commands that did not fit
        // before, if room was made, nor for what can be read again.
        let more = moved
            || !flushed.blocked && self.core.wants_write()
            || flushed.moved && self.core.holds_commands()
            || !reads && self.core.wants_read();
        Ok(if more { Round::Moved } else { Round::Still })
    }

    /// Whether the peer has sent something, or ended, of which the runtime does not know yet, for this thread was busy.
    /// Then nothing is written for now, since a request that has not been sent can be sent elsewhere, and nothing that
    /// is due is done.
    #[cold]
    fn put_off(&mut self, cx: &mut Context<'_>) -> io::Result<bool> {
        if self.put_off >= PUT_OFF || !self.stream.has_arrived()? {
            return Ok(false);
        }
        self.put_off += 1;
        // Wakes this task when the runtime has looked at its sockets.
        let _pending = pin!(tokio::task::yield_now()).poll(cx);
        Ok(true)
    }

    /// Reads once, into the channel's buffer if it has one.
    fn read(&mut self, now: Instant, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        match self.core.read_buffer() {
            Some(buffer) => poll_read_buf(Pin::new(&mut self.stream), cx, buffer),
            None => self.first_read(now, cx),
        }
    }

    /// Reads on a channel that has been quiet, which takes no memory until something comes.
    #[inline(never)] // so that other turns do not carry this space on their stack
    fn first_read(&mut self, now: Instant, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut space = [MaybeUninit::uninit(); FIRST_READ];
        let mut space = ReadBuf::uninit(&mut space);
        ready!(Pin::new(&mut self.stream).poll_read(cx, &mut space))?;
        self.core.take_in(space.filled(), now);
        Poll::Ready(Ok(space.filled().len()))
    }

    /// Sets the timer, if what comes next comes before what it is set for. A deadline that has moved away is
    /// noticed when the timer fires, so a busy channel does not touch the timer.
    fn set_timer(&mut self, cx: &mut Context<'_>) {
        if let Some(deadline) = self.core.next_deadline()
            && self.armed.is_none_or(|armed| deadline < armed)
            && self.arm(deadline, cx).is_ready()
        {
            // Due already: another turn deals with it.
            cx.waker().wake_by_ref();
        }
    }

    fn arm(&mut self, deadline: Instant, cx: &mut Context<'_>) -> Poll<()> {
        self.armed = Some(deadline);
        let timer = match &mut self.timer {
            Some(timer) => {
                timer.as_mut().reset(deadline.into());
                timer
            }
            none => none.insert(Box::pin(tokio::time::sleep_until(deadline.into()))),
        };
        timer.as_mut().poll(cx)
    }

    /// The channel is over: tells everybody, then the peer.
    #[cold]
    fn leave(&mut self, reason: CloseReason, ending: Ending, cx: &mut Context<'_>) -> Phase {
        let now = tokio::time::Instant::now().into_std();
        if ending == Ending::Complete {
            self.core.channel().mark_flushed();
        }
        let (reason, _logged) = self.core.finish(reason, now);
        if ending == Ending::Aborted {
            return Phase::Done(Box::new(reason));
        }
        let _pending = self.arm(now + FAREWELL, cx);
        Phase::Leaving(Box::new(Farewell::new(reason, ending)))
    }
}

impl Future for ChannelDriver {
    type Output = CloseReason;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<CloseReason> {
        let this = &mut *self;
        if matches!(this.phase, Phase::Running) && this.give_way(cx) {
            return Poll::Pending;
        }
        loop {
            this.phase = match &mut this.phase {
                Phase::Starting | Phase::Running => {
                    let (reason, ending) = match catch_panic(|| this.turn(cx)) {
                        Ok(turn) => *ready!(turn),
                        Err(panic) => (this.core.panicked(&panic), Ending::Aborted),
                    };
                    this.leave(reason, ending, cx)
                }
                Phase::Leaving(farewell) => {
                    let (channel, timer) = (this.core.channel(), this.timer.as_mut());
                    Phase::Done(Box::new(ready!(farewell.poll(&mut this.stream, channel, timer, cx))))
                }
                Phase::Done(reason) => return Poll::Ready(CloseReason::clone(reason)),
            }
        }
    }
}

impl Drop for ChannelDriver {
    fn drop(&mut self) {
        self.core.finish(CloseReason::local("the channel's task was dropped"), Instant::now());
    }
}

impl fmt::Debug for ChannelDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChannelDriver")
            .field("channel", self.core.channel())
            .field("phase", &self.phase)
            .finish_non_exhaustive()
    }
}
