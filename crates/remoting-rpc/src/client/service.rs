//! A target as a service of tower.

use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use tower::Service;

use super::Target;
use crate::call::{Budget, Call, CallFuture, Callee, Readiness, ReservedPermit};
use crate::channel::{EndpointState, RpcChannel};
use crate::error::RpcError;
use crate::transport::protocol::RemotingCommand;

/// A [`Service`] that calls one address. Created by [`Target::into_service`].
///
/// Its calls are those of [`Target::invoke`]: the same connection, time-out, hooks and errors. A response of any
/// code is `Ok`. A request that is marked as one-way is sent like [`Target::invoke_oneway`]; once it is queued, the
/// call returns an empty `SUCCESS` response.
///
/// # Readiness
///
/// `poll_ready` reserves one of the client's permits for calls in flight, and the next call uses it. The service is
/// not ready while no permit is free, or while the channel to the address is open but not writable. Without an open
/// channel it is ready, and the next call connects within its time-out.
///
/// A reservation is held until the next call begins or the service is dropped. A clone of a ready service has no
/// reservation. A reservation is not a call: [`in_flight`](crate::ClientStatistics::in_flight) does not count it, and
/// a shutdown does not wait for it. Calls that wait for a permit are served before services that wait to be ready.
///
/// Readiness is not necessary: a call without a reservation waits for a permit within its time-out, like any other
/// call. After `poll_ready` has returned `Ready`, the channel may become unwritable again; then the call waits for it
/// too.
///
/// # Errors
///
/// `poll_ready` fails only if every call would fail: with [`RpcError::Address`] if the address is invalid, and with
/// [`RpcError::ShutDown`] after the shutdown of the client. Calls fail like those of
/// [`RemotingClient::invoke`](crate::RemotingClient::invoke).
///
/// ```
/// use std::time::Duration;
/// use remoting_rpc::RemotingClient;
/// use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode};
/// use tower::{Service, ServiceBuilder, ServiceExt};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = RemotingClient::builder().build()?;
/// let broker = client.to("127.0.0.1:1").timeout(Duration::from_secs(1)).into_service();
/// let mut broker = ServiceBuilder::new().concurrency_limit(8).service(broker);
///
/// let request = RemotingCommand::request(RequestCode::HEART_BEAT);
/// let error = broker.ready().await?.call(request).await.unwrap_err();
/// assert!(error.is_connect());
/// # Ok(())
/// # }
/// ```
pub struct TargetService {
    target: Target,
    readiness: Readiness,
}

impl Target {
    /// Returns a service of tower that calls this address with this time-out.
    ///
    /// [`TargetService`] is a type of its own because a ready service holds a reservation, and a target holds nothing.
    #[must_use]
    pub const fn into_service(self) -> TargetService {
        TargetService { target: self, readiness: Readiness::Unknown }
    }

    async fn invoke_with(
        self,
        request: RemotingCommand,
        mut permit: Option<ReservedPermit>,
    ) -> Result<RemotingCommand, RpcError> {
        if permit.is_none() {
            return self.invoke(request).await;
        }
        Callee::channel(&self)?;
        let Self { client, addr, timeout } = self;
        // A call that moves to a fresh channel has used the permit.
        let begin = move |channel, budget| match permit.take() {
            Some(permit) => Call::with_permit(channel, budget, permit),
            None => Call::new(channel, budget),
        };
        client.shared().invoke_slowly(addr?, request, Budget::start(timeout), begin).await
    }
}

impl Callee for Target {
    fn endpoint(&self) -> &Arc<EndpointState> {
        &self.client.shared().endpoint.state
    }

    fn channel(&self) -> Result<Option<RpcChannel>, RpcError> {
        let addr = self.addr.as_ref().map_err(Clone::clone)?;
        if Callee::endpoint(self).refuses_calls() {
            return Err(self.refused());
        }
        Ok(self.client.channel(addr))
    }

    fn refused(&self) -> RpcError {
        match &self.addr {
            Ok(addr) => RpcError::ShutDown { addr: addr.clone() },
            Err(error) => error.clone(),
        }
    }
}

impl Service<RemotingCommand> for TargetService {
    type Response = RemotingCommand;
    type Error = RpcError;
    type Future = CallFuture;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), RpcError>> {
        self.readiness.poll(&self.target, cx)
    }

    fn call(&mut self, request: RemotingCommand) -> CallFuture {
        let permit = self.readiness.take();
        if request.is_oneway() {
            return CallFuture::oneway(self.target.invoke_oneway(request));
        }
        CallFuture::new(self.target.clone().invoke_with(request, permit))
    }
}

/// The clone has no reservation.
impl Clone for TargetService {
    fn clone(&self) -> Self {
        self.target.clone().into_service()
    }
}

impl fmt::Debug for TargetService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TargetService")
            .field("target", &self.target)
            .field("readiness", &self.readiness)
            .finish()
    }
}
