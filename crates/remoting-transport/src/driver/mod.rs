//! The task of a channel. It moves bytes between the socket and the [`ChannelMachine`](crate::machine::ChannelMachine),
//! and is the only part of a channel that reads the clock.
//!
//! A poll of the task does, in this order:
//!
//! 1. Yield once, if a caller woke this task while others are about to call; see [`ChannelDriver::yields`].
//! 2. Read the clock once.
//! 3. Run the [pump](pump): read, deliver, write, handle deadlines.
//! 4. Set the timer, if a deadline is earlier than the timer.

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

pub(crate) use self::pump::Pump;
use self::{
    ending::{STREAM_CLOSE_TIMEOUT, StreamClose},
    wire::StreamWire,
};
#[cfg(any(test, feature = "testing"))]
pub(crate) use self::{
    region::{broken_off, too_short},
    wire::Wire,
};
use crate::{
    channel::{Channel, CloseReason},
    machine::{ChannelMachine, Ending},
    panic::catch_panic,
    stream::Stream,
};

/// The task of a channel, a future to be spawned. Returns the reason of the close when the channel is closed.
///
/// # Cancel safety
/// Dropping the driver closes the channel at once. Queued commands are not written and are returned to the sink, and
/// handlers and sink are notified.
#[must_use = "a channel does nothing until its driver is polled"]
pub struct ChannelDriver {
    pump: Pump<StreamWire>,
    phase: Phase,
    timer: Option<Pin<Box<Sleep>>>,
}

#[derive(Debug, Clone)]
enum Phase {
    Running,
    Closing(Box<StreamClose>),
    Done(Box<CloseReason>),
}

/// Returns the time of tokio's clock, which a test may pause.
fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

impl ChannelDriver {
    pub(crate) fn new(machine: ChannelMachine, stream: Stream) -> Self {
        Self { pump: Pump::new(machine, StreamWire::new(stream)), phase: Phase::Running, timer: None }
    }

    /// Returns the channel of this driver.
    #[must_use]
    pub fn channel(&self) -> &Channel {
        self.pump.channel()
    }

    /// Yields once if more callers are about to send. Returns whether it did.
    ///
    /// A task woken by the running task may run before all other ready tasks (tokio's LIFO slot). A driver woken by the
    /// first of many callers would then write each request separately. So it yields once if fewer commands are queued
    /// than the last read delivered, because the callers of that read are likely to be ready too. A single caller is
    /// served at once.
    fn yields(&mut self, cx: &Context<'_>) -> bool {
        let yields = !self.pump.yielded && self.pump.expects_more();
        self.pump.yielded = yields;
        if yields {
            cx.waker().wake_by_ref();
        }
        yields
    }

    /// Runs the channel. `Ready` when it is closed.
    fn run(&mut self, cx: &mut Context<'_>) -> Poll<Box<(CloseReason, Ending)>> {
        let now = now();
        let ended = self.pump.poll(now, cx);
        if ended.is_pending()
            && let Some(deadline) = self.pump.poll_timer()
            && self.set_timer(deadline, cx).is_ready()
        {
            // Already due: handled by another poll.
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

    /// Closes the channel: first the handle, handlers and sink, then the stream.
    #[cold]
    fn close(&mut self, reason: CloseReason, ending: Ending, cx: &mut Context<'_>) -> Phase {
        let now = now();
        let (reason, _logged) = self.pump.finish(reason, ending, now);
        if ending == Ending::Aborted {
            return Phase::Done(Box::new(reason));
        }
        let _pending = self.set_timer(now + STREAM_CLOSE_TIMEOUT, cx);
        Phase::Closing(Box::new(StreamClose::new(reason, ending)))
    }
}

impl Future for ChannelDriver {
    type Output = CloseReason;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<CloseReason> {
        let this = &mut *self;
        if matches!(this.phase, Phase::Running) && this.yields(cx) {
            return Poll::Pending;
        }
        loop {
            this.phase = match &mut this.phase {
                Phase::Running => {
                    let (reason, ending) = match catch_panic(|| this.run(cx)) {
                        Ok(run) => *ready!(run),
                        Err(panic) => (this.pump.panicked(&panic), Ending::Aborted),
                    };
                    this.close(reason, ending, cx)
                }
                Phase::Closing(close) => {
                    let Pump { machine, wire, .. } = &mut this.pump;
                    let (channel, timer) = (machine.channel(), this.timer.as_mut());
                    match catch_panic(|| close.poll(&mut wire.stream, channel, timer, cx)) {
                        Ok(closed) => Phase::Done(Box::new(ready!(closed))),
                        Err(panic) => {
                            tracing::error!(%channel, panic, "the stream panicked at its close");
                            Phase::Done(Box::new(close.reason().clone()))
                        }
                    }
                }
                Phase::Done(reason) => return Poll::Ready(CloseReason::clone(reason)),
            }
        }
    }
}

impl Drop for ChannelDriver {
    fn drop(&mut self) {
        let reason = CloseReason::local("the channel's task was dropped");
        self.pump.finish(reason, Ending::Aborted, now());
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
