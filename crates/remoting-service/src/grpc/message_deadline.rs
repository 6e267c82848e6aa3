use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use pin_project_lite::pin_project;
use tokio::time::Instant;
use tonic::body::Body;
use tonic::server::NamedService;
use tower_service::Service;

use super::MESSAGE_TIMEOUT;
use super::frame_timeout::{BodyError, FrameTimeout};
use crate::call::RequestHead;
use crate::deadline::{DeadlinePolicy, GRPC_TIMEOUT, parse};
use crate::status::Status;

/// Limits how long tonic's server of a service waits for the messages of its callers. The `grpc` method of a generated server
/// returns it.
///
/// The request of a method without streams must be complete within 60 s, and before the deadline of the call. Otherwise the
/// caller gets `DEADLINE_EXCEEDED`. The time starts when the headers of the request arrive. Methods with streams have no
/// such limit.
///
/// [`map`](Self::map) changes the settings of tonic's server, such as compression.
#[derive(Debug, Clone)]
pub struct MessageDeadline<S> {
    server: S,
    deadlines: DeadlinePolicy,
    unary: &'static [&'static str],
}

impl<S> MessageDeadline<S> {
    /// Creates the limit around tonic's server. `unary` has the paths of the methods without streams.
    pub const fn new(server: S, deadlines: DeadlinePolicy, unary: &'static [&'static str]) -> Self {
        Self { server, deadlines, unary }
    }

    /// Changes tonic's server.
    ///
    /// ```
    /// use remoting_service::DeadlinePolicy;
    /// use remoting_service::grpc::MessageDeadline;
    ///
    /// // `greeter.grpc().map(|server| server.max_decoding_message_size(1 << 20))`, with a generated server.
    /// let server = MessageDeadline::new("tonic's server", DeadlinePolicy::new(), &[]).map(str::len);
    /// # drop(server);
    /// ```
    #[must_use]
    pub fn map<R>(self, change: impl FnOnce(S) -> R) -> MessageDeadline<R> {
        MessageDeadline { server: change(self.server), deadlines: self.deadlines, unary: self.unary }
    }

    /// Returns until when a request must be complete.
    fn deadline(&self, request: &http::Request<Body>, received_at: Instant) -> Instant {
        let timeout = request.headers().get(GRPC_TIMEOUT).and_then(|timeout| parse(timeout.to_str().ok()?));
        let latest = received_at + MESSAGE_TIMEOUT;
        self.deadlines.deadline(timeout, received_at).map_or(latest, |deadline| deadline.min(latest))
    }
}

impl<S: NamedService> NamedService for MessageDeadline<S> {
    const NAME: &'static str = S::NAME;
}

impl<S: Service<http::Request<Body>>> Service<http::Request<Body>> for MessageDeadline<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.server.poll_ready(cx)
    }

    fn call(&mut self, mut request: http::Request<Body>) -> S::Future {
        if self.unary.contains(&request.uri().path()) && !request.body().is_end_stream() {
            let received_at = RequestHead::of(&mut request).received_at();
            let deadline = self.deadline(&request, received_at);
            request = request
                .map(|body| Body::new(LimitedBody { body, deadline, timeout: FrameTimeout::default() }));
        }
        self.server.call(request)
    }
}

pin_project! {
    /// The body of a request that must be complete at its deadline.
    struct LimitedBody {
        #[pin]
        body: Body,
        deadline: Instant,
        #[pin]
        timeout: FrameTimeout,
    }
}

impl HttpBody for LimitedBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = self.project();
        if let Poll::Ready(frame) = this.body.poll_frame(cx) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        this.timeout.poll(cx, || *this.deadline, incomplete)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cold]
fn incomplete() -> Status {
    Status::deadline_exceeded("the time of the call passed before its request was complete")
}
