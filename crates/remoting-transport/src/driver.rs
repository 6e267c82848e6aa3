//! The task of a channel: the only code that moves bytes between a socket and a [`ChannelCore`], and the only
//! code on a channel's way that reads the clock.
//!
//! One turn, in this order:
//!
//! 1. Give way once, if a caller woke this task while others are about to call: see [`ChannelDriver::give_way`].
//! 2. Read the clock, once.
//! 3. Fire what is due.
//! 4. Up to [`ROUNDS`] times: take what other tasks queued, write, read once, deliver. A round that reads nothing
//!    ends the turn, unless it made room for commands that wait for it, or leaves something to write that the socket
//!    would take. So does the share of region bytes, once used.
//! 5. Set the timer, if something is due sooner than it is set for.

mod region;

use std::{
    fmt,
    future::Future,
    io::{self, IoSlice},
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::Sleep,
};
use tokio_util::io::poll_read_buf;

use self::region::RegionWriter;
use crate::{
    channel::{Channel, CloseInitiator, CloseReason},
    core::{ChannelCore, FIRST_READ, MAX_SLICES},
    error::ChannelError,
    stream::Stream,
};

/// How many reads one turn may do before other tasks get theirs. A read is of about 64 KiB to 128 KiB, or
/// what the frame at hand lacks. With more of them, one turn would deliver the responses of more callers than the
/// channel has room for the next requests of.
const ROUNDS: usize = 4;
/// How many bytes of file regions one turn may write; nothing else that is written is without a bound.
const REGION_BYTES: usize = 1 << 20;
/// How long an ended channel may take to tell the peer so.
const FAREWELL: Duration = Duration::from_millis(500);
/// How much nonsense is read and thrown away after a protocol violation.
const LARGEST_WASTE: usize = 256 << 10;

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
    /// Whether the stream has taken bytes that it may not have passed on.
    unflushed: bool,
}

#[derive(Debug, Clone)]
enum Phase {
    Starting,
    Running,
    /// All is written; the peer is being told so.
    ShuttingDown(Box<CloseReason>),
    /// The peer was sending nonsense: closing a socket with unread bytes would reset the connection, and the
    /// peer lose the answers to what it sent before. So a little more is read and thrown away.
    Lingering {
        reason: Box<CloseReason>,
        left: usize,
    },
    Done(Box<CloseReason>),
}

/// What came of writing.
#[derive(Debug, Clone, Copy, Default)]
struct Flushed {
    /// Something was written.
    moved: bool,
    /// The socket takes no more now, or a region waits for its file: either wakes this task.
    blocked: bool,
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

    /// One turn. `Ready` with the reason when the channel is over.
    fn turn(&mut self, cx: &mut Context<'_>) -> Poll<CloseReason> {
        let now = tokio::time::Instant::now().into_std();
        if matches!(self.phase, Phase::Starting) {
            self.phase = Phase::Running;
            self.core.start(now, cx);
        }
        if self.armed.is_some_and(|armed| armed <= now) {
            self.armed = None;
            self.core.deadline_reached(now, cx);
        }
        let mut rounds = 0;
        let mut region_bytes = REGION_BYTES;
        loop {
            let moved = match self.round(&mut region_bytes, now, cx) {
                Ok(moved) => moved,
                Err(error) => return Poll::Ready(self.core.broken(&error, now)),
            };
            if let Some(reason) = self.core.ended(now, self.unflushed) {
                return Poll::Ready(reason);
            }
            if !moved && self.core.park(cx) {
                break;
            }
            rounds += 1;
            if rounds == ROUNDS || region_bytes == 0 {
                cx.waker().wake_by_ref();
                break;
            }
        }
        self.core.rest(now);
        self.set_timer(cx);
        Poll::Pending
    }

    /// Writes what is queued, reads once, delivers. False when nothing moved: then this task is woken by
    /// whatever could move next.
    fn round(
        &mut self,
        region_bytes: &mut usize,
        now: Instant,
        cx: &mut Context<'_>,
    ) -> Result<bool, ChannelError> {
        self.core.drain(now, cx);
        let flushed = self.flush(region_bytes, now, cx)?;
        self.core.end_turn(now);
        if self.core.has_undelivered() {
            self.core.deliver(now, cx);
            return Ok(true);
        }
        if self.core.wants_read() {
            match self.read(now, cx) {
                Poll::Ready(Ok(0)) => {
                    self.core.read_closed(now, cx);
                    return Ok(true);
                }
                Poll::Ready(Ok(received)) => {
                    self.core.received(received, now, cx);
                    return Ok(true);
                }
                Poll::Ready(Err(error)) => return Err(error.into()),
                Poll::Pending => {}
            }
        }
        // Nothing wakes this task for what could be written now: what handlers sent when the channel became writable, or
        // more of a region than this turn may write. Nor for commands that did not fit before, if room was made.
        Ok(!flushed.blocked && self.core.wants_write() || flushed.moved && self.core.holds_commands())
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

    /// Writes until the socket takes no more, or the turn's share of region bytes is used up.
    fn flush(
        &mut self,
        region_bytes: &mut usize,
        now: Instant,
        cx: &mut Context<'_>,
    ) -> Result<Flushed, ChannelError> {
        let mut flushed = Flushed::default();
        while self.core.wants_write() {
            if let Some((region, sent)) = self.core.region() {
                if *region_bytes == 0 {
                    break;
                }
                match self.regions.poll_write(&mut self.stream, region, sent, *region_bytes, cx)? {
                    Poll::Ready(written) => {
                        *region_bytes -= written;
                        self.region_written(written, now);
                    }
                    // It may be the file that is waited for: what the stream has can go meanwhile.
                    Poll::Pending => {
                        flushed.blocked = true;
                        break;
                    }
                }
                flushed.moved = true;
                self.unflushed = true;
                continue;
            }
            let stream = Pin::new(&mut self.stream);
            let written = if let Some(chunk) = self.core.only_chunk() {
                stream.poll_write(cx, chunk)
            } else {
                let mut slices = [IoSlice::new(&[]); MAX_SLICES];
                let filled = self.core.chunks(&mut slices);
                stream.poll_write_vectored(cx, &slices[..filled])
            };
            match written {
                Poll::Ready(Ok(0)) => return Err(io::Error::from(io::ErrorKind::WriteZero).into()),
                Poll::Ready(Ok(written)) => self.core.written(written, now),
                Poll::Ready(Err(error)) => return Err(error.into()),
                Poll::Pending => {
                    flushed.blocked = true;
                    return Ok(flushed);
                }
            }
            flushed.moved = true;
            self.unflushed = true;
        }
        // A stream that buffers (TLS) may take all and still have bytes to write.
        if self.unflushed
            && let Poll::Ready(passed_on) = Pin::new(&mut self.stream).poll_flush(cx)
        {
            passed_on?;
            self.unflushed = false;
        }
        Ok(flushed)
    }

    fn region_written(&mut self, written: usize, now: Instant) {
        self.core.region_written(written, now);
        if self.core.region().is_none() {
            self.regions.rest();
        }
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

    /// Closes this side of the stream, within [`FAREWELL`].
    #[cold]
    fn shut_down(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let farewell = self.timer.as_mut().is_some_and(|timer| timer.as_mut().poll(cx).is_ready());
        if farewell {
            return Poll::Ready(());
        }
        // An error here means that the peer is gone already, which is what we wanted to tell it.
        Pin::new(&mut self.stream).poll_shutdown(cx).map(|_| ())
    }

    /// Throws away what still comes, up to `left` bytes and within [`FAREWELL`].
    #[cold]
    fn linger(&mut self, left: &mut usize, cx: &mut Context<'_>) -> Poll<()> {
        while *left > 0 {
            let mut waste = [0; 4096];
            let mut waste = ReadBuf::new(&mut waste);
            match Pin::new(&mut self.stream).poll_read(cx, &mut waste) {
                Poll::Ready(Ok(())) if !waste.filled().is_empty() => {
                    *left = left.saturating_sub(waste.filled().len());
                }
                Poll::Ready(_) => break,
                Poll::Pending => {
                    return match &mut self.timer {
                        Some(timer) => timer.as_mut().poll(cx),
                        None => Poll::Ready(()),
                    };
                }
            }
        }
        Poll::Ready(())
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
            match &this.phase {
                Phase::Starting | Phase::Running => {
                    let reason = ready!(this.turn(cx));
                    let now = tokio::time::Instant::now().into_std();
                    this.core.finish(&reason, now);
                    this.phase = Phase::ShuttingDown(Box::new(reason));
                    let _pending = this.arm(now + FAREWELL, cx);
                }
                Phase::ShuttingDown(reason) => {
                    let reason = reason.clone();
                    ready!(this.shut_down(cx));
                    this.phase = match reason.by() {
                        CloseInitiator::Protocol => Phase::Lingering { reason, left: LARGEST_WASTE },
                        _ => Phase::Done(reason),
                    };
                }
                Phase::Lingering { reason, left } => {
                    let (reason, mut left) = (reason.clone(), *left);
                    let lingered = this.linger(&mut left, cx);
                    this.phase = match lingered {
                        Poll::Ready(()) => Phase::Done(reason),
                        Poll::Pending => {
                            this.phase = Phase::Lingering { reason, left };
                            return Poll::Pending;
                        }
                    };
                }
                Phase::Done(reason) => return Poll::Ready(CloseReason::clone(reason)),
            }
        }
    }
}

impl Drop for ChannelDriver {
    fn drop(&mut self) {
        self.core.finish(&CloseReason::local("the channel's task was dropped"), Instant::now());
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
