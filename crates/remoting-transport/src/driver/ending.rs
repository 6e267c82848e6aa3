//! The orderly close of a stream: this side is shut down first, and the peer gets time to read the written bytes.
//!
//! Closing a socket that has unread bytes resets the connection, and the peer loses bytes that it has not read yet. So
//! incoming bytes are read and discarded until the peer closes its side, within limits.

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

/// The time limit of shutting down a stream and waiting for the peer to close its side.
pub(crate) const STREAM_CLOSE_TIMEOUT: Duration = Duration::from_millis(500);
/// The bytes that are discarded of a peer that violated the protocol or was rejected.
const MAX_DISCARD_REJECTED: usize = 256 << 10;
/// The bytes that are discarded at any other close: a frame of the default limit.
const MAX_DISCARD: usize = 16 << 20;

/// An orderly close of a stream, without its time limit.
#[derive(Debug, Clone)]
struct OrderlyClose {
    shut_down: bool,
    /// How many bytes may still be discarded.
    left: usize,
}

impl OrderlyClose {
    fn new(left: usize) -> Self {
        Self { shut_down: false, left }
    }

    /// Shuts down this side. An error means that the peer is already gone, and ends the close.
    fn poll_shutdown(&mut self, stream: &mut (impl AsyncWrite + Unpin), cx: &mut Context<'_>) -> Poll<()> {
        if !self.shut_down {
            if ready!(Pin::new(stream).poll_shutdown(cx)).is_err() {
                self.left = 0;
            }
            self.shut_down = true;
        }
        Poll::Ready(())
    }

    /// Waits until the peer closes its side. Returns whether it has.
    fn poll_linger(&mut self, stream: &mut (impl AsyncRead + Unpin), cx: &mut Context<'_>) -> Poll<bool> {
        while self.left > 0 {
            let mut discarded = [0; 4096];
            let mut discarded = ReadBuf::new(&mut discarded);
            match ready!(Pin::new(&mut *stream).poll_read(cx, &mut discarded)) {
                Ok(()) if discarded.filled().is_empty() => return Poll::Ready(true),
                Ok(()) => self.left = self.left.saturating_sub(discarded.filled().len()),
                Err(_) => break,
            }
        }
        Poll::Ready(false)
    }
}

/// The close of a channel's stream.
#[derive(Debug, Clone)]
pub(super) struct StreamClose {
    reason: CloseReason,
    end: OrderlyClose,
}

impl StreamClose {
    pub(super) fn new(reason: CloseReason, ending: Ending) -> Self {
        let left = match (ending, reason.by()) {
            (Ending::Complete, CloseInitiator::Protocol) => MAX_DISCARD_REJECTED,
            (Ending::Complete, _) => MAX_DISCARD,
            _ => 0,
        };
        Self { reason, end: OrderlyClose::new(left) }
    }

    pub(super) fn reason(&self) -> &CloseReason {
        &self.reason
    }

    /// Polls the close. Returns the reason when there is nothing more to wait for. `timer` is set to the time limit.
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

/// Closes the stream of a rejected peer in an orderly way, so that the peer reads the reason.
///
/// # Cancel safety
/// Dropping this future closes the stream at once.
#[cfg(feature = "tls")]
pub(crate) async fn refuse(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    let mut end = OrderlyClose::new(MAX_DISCARD_REJECTED);
    let ended = std::future::poll_fn(|cx| {
        ready!(end.poll_shutdown(&mut stream, cx));
        end.poll_linger(&mut stream, cx)
    });
    let _unfinished = tokio::time::timeout(STREAM_CLOSE_TIMEOUT, ended).await;
}
