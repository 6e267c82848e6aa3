//! A limit for the time of a call or of a processor.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::time::{Instant, Sleep, sleep_until};
use tower::{Layer, Service};

use crate::deadline::deadline_after;
use crate::error::RpcError;

/// A call or a processor was not done at its deadline and was dropped. The error of a [`Deadline`].
///
/// It converts into [`RpcError::DeadlineExceeded`], and as the error of a processor into a `SYSTEM_ERROR` with its
/// text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not done within {timeout:?}")]
pub struct DeadlineExceeded {
    timeout: Duration,
}

impl DeadlineExceeded {
    /// Returns the time that the call or the processor had.
    #[must_use]
    pub const fn timeout(&self) -> Duration {
        self.timeout
    }
}

impl From<DeadlineExceeded> for RpcError {
    fn from(DeadlineExceeded { timeout }: DeadlineExceeded) -> Self {
        Self::DeadlineExceeded { timeout }
    }
}

/// Limits the time of each call of a service: see [`Deadline`].
///
/// Around a [`RetryPolicy`](super::RetryPolicy) the deadline covers all attempts and the pauses between them. The
/// time-out of a single attempt is that of the [`Target`](crate::Target).
///
/// Around processors the time starts when the service is called, after the request was admitted by its executor and
/// the service was ready. The processor is dropped at the deadline, also if it [runs to its
/// end](crate::RequestProcessor::runs_to_end) after its caller has disconnected. A deferred response has no deadline.
///
/// ```
/// use std::time::Duration;
/// use remoting_rpc::tower::DeadlineLayer;
/// use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode};
/// use remoting_rpc::{Executor, ProcessorError, RemotingClient, RemotingServer, RequestContext};
///
/// async fn endless(_ctx: RequestContext, _request: RemotingCommand) -> Result<(), ProcessorError> {
///     std::future::pending().await
/// }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let server = RemotingServer::builder()
///     .bind("memory:deadline-layer")
///     .layer(DeadlineLayer::new(Duration::from_secs(1)))
///     .processor(RequestCode(20_001), Executor::runtime(64), endless)
///     .start()
///     .await?;
///
/// let client = RemotingClient::builder().build()?;
/// let request = RemotingCommand::request(RequestCode(20_001));
/// let response = client.to(server.local_addr()).invoke(request).await?;
/// assert_eq!(response.remark(), Some("not done within 1s"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct DeadlineLayer {
    timeout: Duration,
}

impl DeadlineLayer {
    /// Creates a layer whose calls take at most `timeout`.
    #[must_use]
    pub const fn new(timeout: Duration) -> Self {
        Self { timeout }
    }
}

impl<S> Layer<S> for DeadlineLayer {
    type Service = Deadline<S>;

    fn layer(&self, inner: S) -> Deadline<S> {
        Deadline { inner, timeout: self.timeout }
    }
}

/// A service whose calls end at a deadline. Created by [`DeadlineLayer`].
///
/// The time of a call starts with [`call`](Service::call); `poll_ready` has no limit. At the deadline the call is
/// dropped and returns [`DeadlineExceeded`], converted into the error of the service. A result that is ready then
/// takes precedence.
///
/// # Panics
///
/// `call` panics outside a tokio runtime with time enabled.
#[derive(Debug, Clone)]
pub struct Deadline<S> {
    inner: S,
    timeout: Duration,
}

impl<S, R> Service<R> for Deadline<S>
where
    S: Service<R, Error: From<DeadlineExceeded>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = DeadlineFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let deadline = sleep_until(deadline_after(Instant::now(), self.timeout));
        DeadlineFuture { call: self.inner.call(request), deadline, timeout: self.timeout }
    }
}

pin_project! {
    /// The future of a [`Deadline`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct DeadlineFuture<F> {
        #[pin]
        call: F,
        #[pin]
        deadline: Sleep,
        timeout: Duration,
    }
}

impl<F, T, E> Future for DeadlineFuture<F>
where
    F: Future<Output = Result<T, E>>,
    E: From<DeadlineExceeded>,
{
    type Output = Result<T, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Poll::Ready(result) = this.call.poll(cx) {
            return Poll::Ready(result);
        }
        this.deadline.poll(cx).map(|()| Err(DeadlineExceeded { timeout: *this.timeout }.into()))
    }
}
