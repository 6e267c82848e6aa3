use std::fmt;
use std::future::{Future, poll_fn};
use std::marker::PhantomData;
use std::task::Poll;

use parking_lot::Mutex;
use remoting_transport::protocol::{RemotingCommand, ResponseCode};
use tower::Service;

use super::ProcessorRequest;
use crate::error::{ProcessorError, Refusal};
use crate::processor::{Reply, RequestContext, RequestProcessor};

/// A [`Service`] as a processor.
///
/// The service takes a [`ProcessorRequest`], which has the context of the request, or just a [`RemotingCommand`]. It
/// returns a [`Reply`] or anything that converts into one. Its errors become the errors of the processor: see
/// [`ProcessorError`].
///
/// Each request is processed by a clone of the service. If that is not ready, the request waits for it. A waiting
/// request counts against the limit of its [`Executor`](crate::Executor), which bounds how many wait.
/// [`refuse_unless_ready`](Self::refuse_unless_ready) refuses such requests instead.
///
/// A service that calls another server forwards requests to it. A one-way request is forwarded as one:
///
/// ```
/// use std::time::Duration;
/// use remoting_rpc::tower::ServiceProcessor;
/// use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode};
/// use remoting_rpc::{Executor, RemotingClient, RemotingServer};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let echo = |_: remoting_rpc::RequestContext, request: RemotingCommand| async move { Ok(request) };
/// # let broker = RemotingServer::builder().bind("memory:forward-broker")
/// #     .processor(RequestCode(20_001), Executor::inline(), echo).start().await?;
/// let client = RemotingClient::builder().build()?;
/// let broker_service = client.to("memory:forward-broker").into_service();
/// let proxy = RemotingServer::builder()
///     .bind("memory:forward-proxy")
///     .processor(RequestCode(20_001), Executor::runtime(64), ServiceProcessor::new(broker_service))
///     .start()
///     .await?;
///
/// let request = RemotingCommand::request(RequestCode(20_001)).with_body("hello");
/// let response = client.invoke(proxy.local_addr(), request, Duration::from_secs(3)).await?;
/// assert_eq!(response.body(), b"hello");
/// # Ok(())
/// # }
/// ```
pub struct ServiceProcessor<S, R = ProcessorRequest> {
    /// Locked only while the service is cloned: services need not be `Sync`.
    service: Mutex<S>,
    refuses: bool,
    request: PhantomData<fn(R)>,
}

impl<S, R> ServiceProcessor<S, R>
where
    S: Service<R, Response: Into<Reply>, Error: Into<ProcessorError>, Future: Send> + Clone + Send + 'static,
    R: From<ProcessorRequest> + Send + 'static,
{
    /// Creates a processor that hands its requests to clones of `service`.
    pub const fn new(service: S) -> Self {
        Self { service: Mutex::new(service), refuses: false, request: PhantomData }
    }

    /// Refuses requests with `SYSTEM_BUSY` while the service is not ready, instead of letting them wait.
    #[must_use]
    pub const fn refuse_unless_ready(mut self) -> Self {
        self.refuses = true;
        self
    }
}

/// The remark of a request that is refused because the service is not ready, after Java's `[REJECTREQUEST]`.
const NOT_READY: &str = "[REJECTREQUEST]system busy: the service is not ready";

impl<S, R> RequestProcessor for ServiceProcessor<S, R>
where
    S: Service<R, Response: Into<Reply>, Error: Into<ProcessorError>, Future: Send> + Clone + Send + 'static,
    R: From<ProcessorRequest> + Send + 'static,
{
    async fn process(&self, ctx: RequestContext, command: RemotingCommand) -> Result<Reply, ProcessorError> {
        let mut service = self.service.lock().clone();
        let refuses = self.refuses;
        let ready = poll_fn(|cx| match service.poll_ready(cx) {
            Poll::Ready(ready) => Poll::Ready(ready.map_err(Into::into)),
            Poll::Pending if refuses => {
                Poll::Ready(Err(Refusal::new(ResponseCode::SYSTEM_BUSY, NOT_READY).into()))
            }
            Poll::Pending => Poll::Pending,
        });
        ready.await?;
        call(&mut service, ProcessorRequest::new(ctx, command)).await
    }
}

fn call<S, R>(
    service: &mut S,
    request: ProcessorRequest,
) -> impl Future<Output = Result<Reply, ProcessorError>> + use<S, R>
where
    S: Service<R, Response: Into<Reply>, Error: Into<ProcessorError>>,
    R: From<ProcessorRequest>,
{
    let future = service.call(request.into());
    async move { future.await.map(Into::into).map_err(Into::into) }
}

impl<S, R> fmt::Debug for ServiceProcessor<S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceProcessor").field("refuses", &self.refuses).finish_non_exhaustive()
    }
}
