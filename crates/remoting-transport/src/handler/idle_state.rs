//! Idle detection.

use std::time::{Duration, Instant};

use crate::{
    channel::{CloseInitiator, CloseReason},
    pipeline::{ChannelHandler, HandlerContext, IdleKind, Interest},
};

/// The idle times of an [`IdleStateHandler`]. By default, none is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[must_use]
pub struct IdleTimeouts {
    reader: Option<Duration>,
    writer: Option<Duration>,
    all: Option<Duration>,
}

impl IdleTimeouts {
    /// Creates idle times of which none is set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the time without a read after which the channel is reader-idle. Default: none. `None` or zero: never.
    pub fn reader(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.reader = not_zero(timeout);
        self
    }

    /// Sets the time without a write after which the channel is writer-idle. Default: none. `None` or zero: never.
    pub fn writer(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.writer = not_zero(timeout);
        self
    }

    /// Sets the time without a read or write after which the channel is all-idle. Default: none. `None` or zero: never.
    pub fn all(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.all = not_zero(timeout);
        self
    }
}

impl IdleTimeouts {
    /// Returns the reason of a close for this kind of idleness. It names the setter of the idle time.
    #[cold]
    fn reason(&self, kind: IdleKind) -> CloseReason {
        let (what, timeout, setter) = match kind {
            IdleKind::Reader => ("read", self.reader, "IdleTimeouts::reader"),
            IdleKind::Writer => ("written", self.writer, "IdleTimeouts::writer"),
            IdleKind::All => ("read or written", self.all, "max_idle or IdleTimeouts::all"),
        };
        let timeout = timeout.unwrap_or_default();
        let why = format!("nothing was {what} in the idle time of {timeout:?} ({setter})");
        CloseReason::new(CloseInitiator::Idle, why)
    }
}

fn not_zero(timeout: impl Into<Option<Duration>>) -> Option<Duration> {
    timeout.into().filter(|timeout| !timeout.is_zero())
}

/// A handler that reports idle channels, and closes them by default.
///
/// Equivalent of Netty's `IdleStateHandler` behind the decoder, where Java's `NettyRemotingServer` adds it. In Java, only
/// whole commands count as activity, so that it closes a channel on which a large command takes longer than the idle
/// time. This handler also counts parts of commands.
///
/// | kind | reset by |
/// |---|---|
/// | reader | a command read; the first byte of a command, and its progress if that is seen when the time expires |
/// | writer | bytes written to the socket |
/// | all | either; requests or calls in flight when the time expires |
///
/// Progress is what [`frame_timeout`](crate::ChannelOptions::frame_timeout) requires of a command: 64 KiB of it, or a
/// sixteenth if that is more. A peer that sends byte by byte is therefore idle.
///
/// The three kinds are independent. If several are due at the same time, all are reported, in this order.
///
/// A channel that [has work](HandlerContext::has_work) is not all-idle, because a processor or a call may take longer
/// than the idle time. The handler checks this when the time expires. If the channel has work, the time restarts, so
/// the channel is reported between one and two idle times after its last command. The same applies to the progress of a
/// command. Reader and writer times ignore work: they detect a peer that no longer responds. Java closes the channel in
/// either case.
///
/// The default is Java's: a channel that is all-idle for 120 s is reported by `channel_idle` and closed.
#[derive(Debug)]
pub struct IdleStateHandler {
    timeouts: IdleTimeouts,
    close: bool,
    active: Option<Instant>,
    reader_reported: Option<Instant>,
    writer_reported: Option<Instant>,
    /// When all-idle was reported, or suppressed because the channel had work.
    all_reported: Option<Instant>,
    /// When to check next. Activity moves the deadlines, which only this check notices, as in Netty.
    check_at: Option<Instant>,
}

impl Default for IdleStateHandler {
    fn default() -> Self {
        Self::new(Duration::from_secs(120))
    }
}

impl IdleStateHandler {
    /// Creates a handler that reports and closes a channel on which nothing was read or written for `timeout`.
    #[must_use]
    pub fn new(timeout: Duration) -> Self {
        Self::closing(IdleTimeouts::new().all(timeout))
    }

    /// Creates a handler that reports an idle channel to all handlers and closes it.
    #[must_use]
    pub fn closing(timeouts: IdleTimeouts) -> Self {
        Self { close: true, ..Self::reporting(timeouts) }
    }

    /// Creates a handler that reports an idle channel to all handlers and leaves it open. It reports the channel again
    /// after each further idle time.
    #[must_use]
    pub fn reporting(timeouts: IdleTimeouts) -> Self {
        Self {
            timeouts,
            close: false,
            active: None,
            reader_reported: None,
            writer_reported: None,
            all_reported: None,
            check_at: None,
        }
    }

    fn deadlines(&self, ctx: &HandlerContext<'_>) -> [(IdleKind, Option<Instant>); 3] {
        let (read, written) = (self.active.max(ctx.last_read()), self.active.max(ctx.last_written()));
        let after = |timeout: Option<Duration>, since: Option<Instant>, reported: Option<Instant>| {
            since.max(reported)?.checked_add(timeout?)
        };
        [
            (IdleKind::Reader, after(self.timeouts.reader, read, self.reader_reported)),
            (IdleKind::Writer, after(self.timeouts.writer, written, self.writer_reported)),
            (IdleKind::All, after(self.timeouts.all, read.max(written), self.all_reported)),
        ]
    }

    fn earliest_deadline(&self, ctx: &HandlerContext<'_>) -> Option<Instant> {
        self.deadlines(ctx).into_iter().filter_map(|(_, deadline)| deadline).min()
    }
}

impl ChannelHandler for IdleStateHandler {
    fn interest(&self) -> Interest {
        Interest::DEADLINE
    }

    fn channel_active(&mut self, ctx: &mut HandlerContext<'_>) {
        self.active = Some(ctx.now());
        self.check_at = self.earliest_deadline(ctx);
    }

    fn next_deadline(&self) -> Option<Instant> {
        self.check_at
    }

    fn deadline_reached(&mut self, ctx: &mut HandlerContext<'_>) {
        let now = ctx.now();
        for (kind, deadline) in self.deadlines(ctx) {
            if deadline.is_none_or(|deadline| now < deadline) {
                continue;
            }
            if kind == IdleKind::All && ctx.has_work() {
                self.all_reported = Some(now);
                continue;
            }
            match kind {
                IdleKind::Reader => self.reader_reported = Some(now),
                IdleKind::Writer => self.writer_reported = Some(now),
                IdleKind::All => self.all_reported = Some(now),
            }
            ctx.fire_idle(kind);
            if self.close {
                ctx.close(self.timeouts.reason(kind));
            }
        }
        self.check_at = self.earliest_deadline(ctx);
    }
}
