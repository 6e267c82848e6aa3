//! Calls over remoting through layers of tower.

use std::error::Error;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;

use parking_lot::Mutex;
use remoting_rpc::RpcError;
use remoting_rpc::tower::DeadlineExceeded;
use remoting_rpc::transport::protocol::RemotingCommand;
use tower_service::Service;

use super::{Caller, Route};
use crate::status::Status;

/// The future of a call.
pub(super) type LayeredCall = Pin<Box<dyn Future<Output = Result<RemotingCommand, Status>> + Send>>;

/// A service of tower that sends requests.
#[derive(Clone)]
pub(super) struct Layered(Arc<dyn Fn(RemotingCommand) -> LayeredCall + Send + Sync>);

impl Caller {
    /// Creates a caller of a service of tower: layers around a `TargetService` or `ChannelService` of `remoting-rpc`, such as
    /// retries with a budget. Each call has a clone of the service.
    ///
    /// A time-out that is set for a call limits it together with its layers, repetitions included. Without one, the layers
    /// and the service decide. Each attempt sends the whole time-out, because a layer repeats the request as it is. So the
    /// method of a repeated call may run on after its caller has given up. To limit each attempt, also set a time-out of the
    /// target inside the layers.
    ///
    /// An error of a layer that is an [`RpcError`], a [`DeadlineExceeded`] or a [`Status`] becomes that status, any other error
    /// `UNKNOWN` with the error as its source.
    ///
    /// ```
    /// use remoting_rpc::RemotingClient;
    /// use remoting_rpc::tower::RetryPolicy;
    /// use remoting_service::Caller;
    /// use tower::ServiceBuilder;
    /// use tower::retry::RetryLayer;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    /// # let _entered = runtime.enter();
    /// let client = RemotingClient::builder().build()?;
    /// let service = ServiceBuilder::new()
    ///     .layer(RetryLayer::new(RetryPolicy::new()))
    ///     .service(client.to("127.0.0.1:9876").into_service());
    /// // `GreeterClient::new(Caller::from_service(service))`, with a generated client.
    /// let caller = Caller::from_service(service);
    /// # drop(caller);
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_service<S>(service: S) -> Self
    where
        S: Service<RemotingCommand, Response = RemotingCommand> + Clone + Send + 'static,
        S::Error: Into<Box<dyn Error + Send + Sync>>,
        S::Future: Send,
    {
        // A service need not be `Sync`; a caller is.
        let service = Mutex::new(service);
        let call = move |request| -> LayeredCall {
            let mut service = service.lock().clone();
            Box::pin(async move {
                let ready = poll_fn(|cx| service.poll_ready(cx)).await;
                ready.map_err(|error| failed(error.into()))?;
                service.call(request).await.map_err(|error| failed(error.into()))
            })
        };
        Self::new(Route::Layered(Layered(Arc::new(call))))
    }
}

impl Layered {
    pub(super) fn call(&self, request: RemotingCommand) -> LayeredCall {
        (self.0)(request)
    }
}

/// Returns the status of an error of a layer or a call.
fn failed(error: Box<dyn Error + Send + Sync>) -> Status {
    let error = match error.downcast::<RpcError>() {
        Ok(error) => return (*error).into(),
        Err(error) => error,
    };
    let error = match error.downcast::<DeadlineExceeded>() {
        Ok(error) => return RpcError::from(*error).into(),
        Err(error) => error,
    };
    match error.downcast::<Status>() {
        Ok(status) => *status,
        Err(error) => Status::unknown("a layer around the call failed").with_source(error),
    }
}

impl fmt::Debug for Layered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Layered(..)")
    }
}
