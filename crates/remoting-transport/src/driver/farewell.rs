//! The last words of a channel: its side of the stream is closed, and the peer is given the time to read what was
//! written.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::Sleep,
};

use crate::{
    channel::{Channel, CloseInitiator, CloseReason},
    machine::Ending,
    stream::Stream,
};

/// How long an ended channel may take to tell the peer so, and to wait for its end.
pub(super) const FAREWELL: Duration = Duration::from_millis(500);
/// How much nonsense is read and thrown away after a protocol violation.
const LARGEST_WASTE: usize = 256 << 10;
/// How much of what crossed an orderly end is: a frame of the usual limit.
const LARGEST_CROSSING: usize = 16 << 20;

/// The end of an orderly channel. Closing a socket that has unread bytes resets the connection, and the peer loses what
/// was written to it and not read yet. So this side is closed first, and what still comes is read and thrown away until
/// the peer closes in turn, within limits.
#[derive(Debug, Clone)]
pub(super) struct Farewell {
    reason: CloseReason,
    step: Step,
    /// How much may be thrown away; 0 for a peer that has closed already, or cannot be read.
    left: usize,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    ShuttingDown,
    Lingering,
}

impl Farewell {
    pub(super) fn new(reason: CloseReason, ending: Ending) -> Self {
        let left = match (ending, reason.by()) {
            (Ending::Complete, CloseInitiator::Protocol) => LARGEST_WASTE,
            (Ending::Complete, _) => LARGEST_CROSSING,
            _ => 0,
        };
        Self { reason, step: Step::ShuttingDown, left }
    }

    /// Ready with the reason when there is nothing to wait for. `timer` is set for the latest moment.
    pub(super) fn poll(
        &mut self,
        stream: &mut Stream,
        channel: &Channel,
        timer: Option<&mut Pin<Box<Sleep>>>,
        cx: &mut Context<'_>,
    ) -> Poll<CloseReason> {
        let time_is_up = timer.is_none_or(|timer| timer.as_mut().poll(cx).is_ready());
        if !time_is_up && !channel.outbound().is_aborted(cx) {
            if let Step::ShuttingDown = self.step {
                // An error here means that the peer is gone already, which is what we wanted to tell it.
                if ready!(Pin::new(&mut *stream).poll_shutdown(cx)).is_err() || channel.is_peer_closed() {
                    self.left = 0;
                }
                self.step = Step::Lingering;
            }
            ready!(self.linger(stream, channel, cx));
        }
        Poll::Ready(self.reason.clone())
    }

    fn linger(&mut self, stream: &mut Stream, channel: &Channel, cx: &mut Context<'_>) -> Poll<()> {
        while self.left > 0 {
            let mut waste = [0; 4096];
            let mut waste = ReadBuf::new(&mut waste);
            match ready!(Pin::new(&mut *stream).poll_read(cx, &mut waste)) {
                Ok(()) if waste.filled().is_empty() => {
                    channel.mark_peer_closed();
                    break;
                }
                Ok(()) => self.left = self.left.saturating_sub(waste.filled().len()),
                Err(_) => break,
            }
        }
        Poll::Ready(())
    }
}
