//! The task of a channel: the only code that moves bytes between a socket and a
//! [`ChannelMachine`](crate::machine::ChannelMachine), and the only code on a channel's way that reads the clock.
//!
//! One poll of the task, in this order:
//!
//! 1. Give way once, if a caller woke this task while others are about to call: see [`ChannelDriver::give_way`].
//! 2. Read the clock, once.
//! 3. [Pump](pump): read, deliver, write, do what is due.
//! 4. Set the timer, if something is due sooner than it is set for.

pub(crate) mod ending;
mod flush;
mod pump;
mod queue;
mod region;
mod wire;

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Instant,
};

use tokio::time::Sleep;

#[cfg(any(test, feature = "testing"))]
pub(crate) use self::region::{broken_off, too_short};
use self::{
    ending::{FAREWELL, Farewell},
    wire::StreamWire,
};
pub(crate) use self::{pump::Pump, wire::Wire};
use crate::{
    channel::{Channel, CloseReason},
    machine::{ChannelMachine, Ending},
    panic::catch_panic,
    stream::Stream,
};

/// The task of a channel, to be spawned: it ends when the channel does, with the reason.
///
/// # Cancellation
/// Dropping it ends the channel at once: what is queued is lost, pending calls fail, handlers learn the end.
#[must_use = "a channel does nothing until its driver is polled"]
pub struct ChannelDriver {
    pump: Pump<StreamWire>,
    phase: Phase,
    timer: Option<Pin<Box<Sleep>>>,
}

#[derive(Debug, Clone)]
enum Phase {
    Running,
    Leaving(Box<Farewell>),
    Done(Box<CloseReason>),
}

impl ChannelDriver {
    pub(crate) fn new(machine: ChannelMachine, stream: Stream) -> Self {
        Self { pump: Pump::new(machine, StreamWire::new(stream)), phase: Phase::Running, timer: None }
    }

    /// The channel that this drives.
    pub fn channel(&self) -> &Channel {
        self.pump.channel()
    }

    /// A task woken by the running task may go before all others that are ready (tokio's LIFO slot). A driver
    /// woken by the first of many callers would then send one request at a time. So it goes to the back of the
    /// line once, if fewer commands are queued than the last read delivered: their callers are likely to be
    /// ready too. A caller that is alone is served at once.
    fn give_way(&mut self, cx: &Context<'_>) -> bool {
        let give_way = !self.pump.gave_way && self.pump.expects_more();
        self.pump.gave_way = give_way;
        if give_way {
            cx.waker().wake_by_ref();
        }
        give_way
    }

    /// Runs the channel. `Ready` when it is over.
    fn run(&mut self, cx: &mut Context<'_>) -> Poll<Box<(CloseReason, Ending)>> {
        let now = tokio::time::Instant::now().into_std();
        let ended = self.pump.poll(now, cx);
        if ended.is_pending()
            && let Some(deadline) = self.pump.poll_timer()
            && self.set_timer(deadline, cx).is_ready()
        {
            // Due already: another poll deals with it.
            cx.waker().wake_by_ref();
        }
        ended
    }

    fn set_timer(&mut self, deadline: Instant, cx: &mut Context<'_>) -> Poll<()> {
        let timer = match &mut self.timer {
            Some(timer) => {
                timer.as_mut().reset(deadline.into());
                timer
            }
            none => none.insert(Box::pin(tokio::time::sleep_until(deadline.into()))),
        };
        timer.as_mut().poll(cx)
    }

    /// The channel is over: everybody learns it, then the peer.
    #[cold]
    fn leave(&mut self, reason: CloseReason, ending: Ending, cx: &mut Context<'_>) -> Phase {
        let now = tokio::time::Instant::now().into_std();
        let (reason, _logged) = self.pump.finish(reason, ending, now);
        if ending == Ending::Aborted {
            return Phase::Done(Box::new(reason));
        }
        let _pending = self.set_timer(now + FAREWELL, cx);
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
                Phase::Running => {
                    let (reason, ending) = match catch_panic(|| this.run(cx)) {
                        Ok(run) => *ready!(run),
                        Err(panic) => (this.pump.panicked(&panic), Ending::Aborted),
                    };
                    this.leave(reason, ending, cx)
                }
                Phase::Leaving(farewell) => {
                    let Pump { machine, wire, .. } = &mut this.pump;
                    let (channel, timer) = (machine.channel(), this.timer.as_mut());
                    Phase::Done(Box::new(ready!(farewell.poll(&mut wire.stream, channel, timer, cx))))
                }
                Phase::Done(reason) => return Poll::Ready(CloseReason::clone(reason)),
            }
        }
    }
}

impl Drop for ChannelDriver {
    fn drop(&mut self) {
        let reason = CloseReason::local("the channel's task was dropped");
        self.pump.finish(reason, Ending::Aborted, Instant::now());
    }
}

impl fmt::Debug for ChannelDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChannelDriver")
            .field("channel", self.pump.channel())
            .field("phase", &self.phase)
            .finish_non_exhaustive()
    }
}
