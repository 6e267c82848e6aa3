//! The body of a request: a message that has begun must go on.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use pin_project_lite::pin_project;
use tokio::time::Instant;

use super::MESSAGE_TIMEOUT;
use super::frame_timeout::{BodyError, FrameTimeout};
use crate::status::Status;

/// How many bytes of a message make progress, as over remoting.
const PROGRESS: usize = 64 << 10;

/// The length of a message's prefix: a flag and four bytes of the message's length.
const PREFIX: usize = 5;

pin_project! {
    /// The body of a request. It fails if a message is incomplete and no progress is made for [`MESSAGE_TIMEOUT`]. Between
    /// messages there is no limit: a stream may pause.
    pub(super) struct RequestBody {
        #[pin]
        body: Incoming,
        message: Message,
        // Set while an incomplete message waits for more bytes.
        #[pin]
        timeout: FrameTimeout,
    }
}

impl RequestBody {
    pub(super) fn new(body: Incoming) -> Self {
        Self { body, message: Message::default(), timeout: FrameTimeout::default() }
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = self.project();
        if let Poll::Ready(frame) = this.body.poll_frame(cx) {
            if let Some(data) = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref())
                && this.message.advance(data)
            {
                this.timeout.stop();
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        if !this.message.is_incomplete() {
            return Poll::Pending;
        }
        this.timeout.poll(cx, || Instant::now() + MESSAGE_TIMEOUT, stalled)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cold]
fn stalled() -> Status {
    Status::deadline_exceeded("a message of the request is incomplete, and its rest does not arrive")
}

/// How far a message has arrived.
#[derive(Debug, Default)]
struct Message {
    prefix: [u8; PREFIX],
    /// How many bytes of the prefix have arrived.
    prefix_length: usize,
    /// How many bytes are missing after the prefix.
    missing: usize,
    /// How many bytes have arrived since the last progress.
    unnoticed: usize,
}

impl Message {
    const fn is_incomplete(&self) -> bool {
        self.prefix_length > 0
    }

    /// Takes in bytes. Returns whether they make progress: a message is complete, or [`PROGRESS`] bytes have arrived.
    fn advance(&mut self, mut data: &[u8]) -> bool {
        let mut progress = false;
        while !data.is_empty() {
            let taken = if self.prefix_length < PREFIX {
                let taken = data.len().min(PREFIX - self.prefix_length);
                let (before, after) = (self.prefix_length, self.prefix_length + taken);
                if let (Some(free), Some(bytes)) = (self.prefix.get_mut(before..after), data.get(..taken)) {
                    free.copy_from_slice(bytes);
                }
                self.prefix_length = after;
                if after == PREFIX {
                    let [_flag, length @ ..] = self.prefix;
                    self.missing = u32::from_be_bytes(length) as usize;
                }
                taken
            } else {
                let taken = data.len().min(self.missing);
                self.missing -= taken;
                taken
            };
            data = data.get(taken..).unwrap_or_default();
            self.unnoticed += taken;
            if self.prefix_length == PREFIX && self.missing == 0 {
                self.prefix_length = 0;
                progress = true;
            }
            if progress || self.unnoticed >= PROGRESS {
                self.unnoticed = 0;
                progress = true;
            }
        }
        progress
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_complete_however_its_bytes_arrive() {
        let two = [&[0, 0, 0, 0, 3, 7, 7, 7][..], &[0, 0, 0, 0, 0]].concat();
        for length in 1..=two.len() {
            let mut message = Message::default();
            let progress: Vec<_> = two.chunks(length).map(|part| message.advance(part)).collect();
            assert!(progress.contains(&true) && !message.is_incomplete(), "in parts of {length}");
        }
        let mut message = Message::default();
        assert!(!message.advance(&[0, 0]) && message.is_incomplete());
        assert!(!message.advance(&[0, 0, 1]) && message.is_incomplete());
        assert!(message.advance(&[7]) && !message.is_incomplete());
    }

    #[test]
    fn of_a_large_message_each_64_kib_are_progress() {
        let mut message = Message::default();
        assert!(!message.advance(&[0, 1, 0, 0, 0]));
        assert!(!message.advance(&[7; PROGRESS - PREFIX - 1]));
        assert!(message.advance(&[7]));
        assert!(!message.advance(&[7; PROGRESS - 1]));
        assert!(message.advance(&[7]) && message.is_incomplete());
    }
}
