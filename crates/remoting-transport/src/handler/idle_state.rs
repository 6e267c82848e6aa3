//! Idle detection.

use std::time::{Duration, Instant};

use crate::{
    channel::CloseReason,
    pipeline::{ChannelHandler, HandlerContext, IdleKind, Interest},
};

/// After how long each kind of quiet is reported. `None` or zero: never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IdleTimeouts {
    /// No command read.
    pub reader: Option<Duration>,
    /// No command written to its last byte.
    pub writer: Option<Duration>,
    /// Neither read nor written.
    pub all: Option<Duration>,
}

/// Reports, and by default closes, a channel on which nothing moves, as Netty's `IdleStateHandler` behind the
/// decoder, where Java's `NettyRemotingServer` puts it.
///
/// What moves is a command: one decoded, or one written to its last byte. Bytes that drip in and never make a
/// command do not count.
///
/// | kind | reset by |
/// |---|---|
/// | reader | a command read |
/// | writer | a write completed |
/// | all | either; work in hand when the time is over |
///
/// The three are independent of each other: those that are due together are all reported, in this order.
///
/// A channel with [work in hand](HandlerContext::has_work) is not idle: a processor, or a call, may take longer than
/// the idle time. It is looked at when the time is over, and if there is work, the time begins anew; so such a channel
/// is reported between one and two idle times after its last command. Reader and writer watch one direction, whatever is
/// in hand: they are what finds a peer that has gone silent. Java closes it in either case.
///
/// The default is Java's: all-idle after 120 s, which fires `channel_idle` in all handlers and closes.
#[derive(Debug)]
pub struct IdleStateHandler {
    timeouts: IdleTimeouts,
    close: bool,
    active: Option<Instant>,
    reader_reported: Option<Instant>,
    writer_reported: Option<Instant>,
    /// When it was reported, or the channel had work in hand instead.
    all_reported: Option<Instant>,
    /// When to look next. What moves meanwhile makes the deadlines later, which is found out then, as in Netty.
    look_at: Option<Instant>,
}

impl Default for IdleStateHandler {
    fn default() -> Self {
        Self::all(Duration::from_secs(120))
    }
}

impl IdleStateHandler {
    /// Reports an idle channel to all handlers, again after each further time-out, and leaves it open.
    pub fn reporting(timeouts: IdleTimeouts) -> Self {
        let positive = |timeout: Option<Duration>| timeout.filter(|timeout| !timeout.is_zero());
        Self {
            timeouts: IdleTimeouts {
                reader: positive(timeouts.reader),
                writer: positive(timeouts.writer),
                all: positive(timeouts.all),
            },
            close: false,
            active: None,
            reader_reported: None,
            writer_reported: None,
            all_reported: None,
            look_at: None,
        }
    }

    /// Reports an idle channel to all handlers and closes it.
    pub fn closing(timeouts: IdleTimeouts) -> Self {
        Self { close: true, ..Self::reporting(timeouts) }
    }

    /// Closes a channel on which no command was read or written for `timeout`.
    pub fn all(timeout: Duration) -> Self {
        Self::closing(IdleTimeouts { all: Some(timeout), ..IdleTimeouts::default() })
    }

    fn deadlines(&self, ctx: &HandlerContext<'_>) -> [(IdleKind, Option<Instant>); 3] {
        let (read, written) = (self.active.max(ctx.last_read()), self.active.max(ctx.last_flushed()));
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
        self.look_at = self.earliest_deadline(ctx);
    }

    fn next_deadline(&self) -> Option<Instant> {
        self.look_at
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
            let (reported, reason) = match kind {
                IdleKind::Reader => (&mut self.reader_reported, "no command was read in the idle time"),
                IdleKind::Writer => (&mut self.writer_reported, "no command was written in the idle time"),
                IdleKind::All => (&mut self.all_reported, "no command was read or written in the idle time"),
            };
            *reported = Some(now);
            ctx.fire_idle(kind);
            if self.close {
                ctx.close(CloseReason::idle(reason));
            }
        }
        self.look_at = self.earliest_deadline(ctx);
    }
}
