//! How a stream ends: this side is closed first, and the peer is given the time to read what was written.
//!
//! Closing a socket that has unread bytes resets the connection, and the peer loses what was written to it and not read
//! yet. So what still comes is read and thrown away until the peer closes in turn, within limits.

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

/// How long an ended stream may take to tell the peer so, and to wait for its end.
pub(crate) const FAREWELL: Duration = Duration::from_millis(500);
/// How much is read and thrown away of what a peer sends that broke the protocol, or was refused.
const LARGEST_WASTE: usize = 256 << 10;
/// How much of what crossed an orderly end is: a frame of the usual limit.
const LARGEST_CROSSING: usize = 16 << 20;

/// The end of a stream, without its time limit.
#[derive(Debug, Clone)]
struct OrderlyEnd {
    shut_down: bool,
    /// How much may still be thrown away.
    left: usize,
}

impl OrderlyEnd {
    fn new(left: usize) -> Self {
        Self { shut_down: false, left }
    }

    /// Closes this side. An error means that the peer is gone already, which is what it was to learn.
    fn poll_shutdown(&mut self, stream: &mut (impl AsyncWrite + Unpin), cx: &mut Context<'_>) -> Poll<()> {
        if !self.shut_down {
            if ready!(Pin::new(stream).poll_shutdown(cx)).is_err() {
                self.left = 0;
            }
            self.shut_down = true;
        }
        Poll::Ready(())
    }

    /// Waits for the peer's end. Returns whether it has come.
    fn poll_linger(&mut self, stream: &mut (impl AsyncRead + Unpin), cx: &mut Context<'_>) -> Poll<bool> {
        while self.left > 0 {
            let mut waste = [0; 4096];
            let mut waste = ReadBuf::new(&mut waste);
            match ready!(Pin::new(&mut *stream).poll_read(cx, &mut waste)) {
                Ok(()) if waste.filled().is_empty() => return Poll::Ready(true),
                Ok(()) => self.left = self.left.saturating_sub(waste.filled().len()),
                Err(_) => break,
            }
        }
        Poll::Ready(false)
    }
}

/// The end of a channel's stream.
#[derive(Debug, Clone)]
pub(super) struct Farewell {
    reason: CloseReason,
    end: OrderlyEnd,
}

impl Farewell {
    pub(super) fn new(reason: CloseReason, ending: Ending) -> Self {
        let left = match (ending, reason.by()) {
            (Ending::Complete, CloseInitiator::Protocol) => LARGEST_WASTE,
            (Ending::Complete, _) => LARGEST_CROSSING,
            _ => 0,
        };
        Self { reason, end: OrderlyEnd::new(left) }
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
            ready!(self.end.poll_shutdown(stream, cx));
            if !channel.is_peer_closed() && ready!(self.end.poll_linger(stream, cx)) {
                channel.mark_peer_closed();
            }
        }
        Poll::Ready(self.reason.clone())
    }
}

/// Ends the stream of a peer that is refused, so that it reads why.
///
/// # Cancellation
/// Dropping this future closes the stream at once.
#[cfg(feature = "tls")]
pub(crate) async fn refuse(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    let mut end = OrderlyEnd::new(LARGEST_WASTE);
    let ended = std::future::poll_fn(|cx| {
        ready!(end.poll_shutdown(&mut stream, cx));
        end.poll_linger(&mut stream, cx)
    });
    let _unfinished = tokio::time::timeout(FAREWELL, ended).await;
}
