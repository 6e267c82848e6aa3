//! The body of a response: its peer must take it.

use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::Instant;
use tonic::body::Body;

/// The length of a part in bytes: a frame of HTTP/2 by default. HTTP/2 asks for the next part when the peer has given a
/// window for this one.
const PART: usize = 16 << 10;

tokio::task_local! {
    /// When HTTP/2 was given the latest part of the response of this task, if it has not asked for the next one.
    pub(super) static HANDED_OVER: Cell<Option<Instant>>;
}

/// The body of a response, in parts. It notes in [`HANDED_OVER`] whether it waits for the peer or for the method.
pub(super) struct ResponseBody {
    body: Body,
    /// What is left of the data that the method has returned.
    rest: Bytes,
}

impl ResponseBody {
    pub(super) const fn new(body: Body) -> Self {
        Self { body, rest: Bytes::new() }
    }

    fn next_part(&mut self) -> Frame<Bytes> {
        let part = self.rest.split_to(self.rest.len().min(PART));
        Frame::data(part)
    }
}

impl HttpBody for ResponseBody {
    type Data = Bytes;
    type Error = tonic::Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, tonic::Status>>> {
        let this = self.get_mut();
        let poll = if this.rest.is_empty() {
            Pin::new(&mut this.body).poll_frame(cx).map_ok(|frame| match frame.into_data() {
                Ok(data) => {
                    this.rest = data;
                    this.next_part()
                }
                Err(trailers) => trailers,
            })
        } else {
            Poll::Ready(Some(Ok(this.next_part())))
        };
        let handed_over = poll.is_ready().then(Instant::now);
        // Outside of the task of a call nobody waits.
        let _outside = HANDED_OVER.try_with(|at| at.set(handed_over));
        poll
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        if self.rest.is_empty() { self.body.size_hint() } else { SizeHint::default() }
    }
}
