//! The future of a call by address.
//!
//! Almost every call finds an open channel. Such a call is this future alone: it owns one copy of its request
//! and the state of one [`Call`]. For everything else (connecting, a fresh channel) it becomes the boxed future
//! of [`super::slow_path`].

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use super::settle::{Attempt, Next};
use crate::call::{Budget, Call, CallHooks, IntoSuccess, Polled, take};
use crate::client::RemotingClient;
use crate::client::connect::ClientChannel;
use crate::client::shared::Shared;
use crate::error::RpcError;
use crate::transport::Address;
use crate::transport::protocol::RemotingCommand;

/// A call, as returned by [`RemotingClient::invoke`].
///
/// The call and its time-out start when it is first polled. It borrows nothing, so it can be spawned. It
/// keeps the client alive: a client that is dropped ends after its last call.
///
/// # Panics
///
/// Panics if polled after completion, or outside a tokio runtime.
#[must_use = "a call does nothing until it is awaited"]
pub struct Invoke(CallByAddress<RemotingClient>);

/// A call by address that holds the client's state as `H`.
pub(in crate::client) struct CallByAddress<H> {
    client: H,
    request: RemotingCommand,
    /// The hooks that have seen the request, on the fast path.
    hooks: CallHooks,
    stage: Stage,
}

/// A reference to the state of a client.
pub(in crate::client) trait SharedRef: Unpin {
    fn shared(&self) -> &Arc<Shared>;
}

impl SharedRef for RemotingClient {
    #[inline(always)]
    fn shared(&self) -> &Arc<Shared> {
        self.shared()
    }
}

impl SharedRef for Arc<Shared> {
    fn shared(&self) -> &Arc<Shared> {
        self
    }
}

enum Stage {
    Fresh {
        addr: Address,
        timeout: Duration,
    },
    /// On the channel that was open.
    Fast(Call<Arc<ClientChannel>>),
    /// Owns the request.
    Slow(SlowPath),
}

type SlowPath = Pin<Box<dyn Future<Output = Result<RemotingCommand, RpcError>> + Send>>;

impl Invoke {
    #[inline]
    pub(in crate::client) fn new(
        client: RemotingClient,
        addr: Result<Address, RpcError>,
        request: RemotingCommand,
        timeout: Duration,
    ) -> Self {
        Self(CallByAddress::to(client, addr, request, timeout))
    }

    /// Accepts only responses with the code `SUCCESS`. Any other response becomes [`RpcError::Response`],
    /// with the peer, the code and the remark.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use remoting_rpc::{RemotingClient, RpcError};
    /// # use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode};
    /// # async fn call(client: &RemotingClient) -> Result<(), RpcError> {
    /// let request = RemotingCommand::request(RequestCode::GET_BROKER_CLUSTER_INFO);
    /// let response = client.invoke("10.0.0.1:9876", request, Duration::from_secs(3)).into_success().await?;
    /// println!("{} bytes", response.body().len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_success(self) -> IntoSuccess<Self> {
        let addr = match &self.0.stage {
            Stage::Fresh { addr, .. } => Some(addr.clone()),
            Stage::Fast(call) => Some(call.channel().addr.clone()),
            Stage::Slow(_) => None, // invalid, or polled before
        };
        IntoSuccess::new(self, addr)
    }
}

impl<H: SharedRef> CallByAddress<H> {
    /// Creates a call to an address.
    #[inline]
    pub(in crate::client) fn to(
        client: H,
        addr: Result<Address, RpcError>,
        request: RemotingCommand,
        timeout: Duration,
    ) -> Self {
        let stage = match addr {
            Ok(addr) => Stage::Fresh { addr, timeout },
            Err(error) => Stage::Slow(Box::pin(async { Err(error) })),
        };
        Self { client, request, hooks: CallHooks::default(), stage }
    }

    /// Chooses the fast or the slow path.
    #[inline(always)]
    fn begin(&mut self) {
        let Stage::Fresh { addr, timeout } = &self.stage else { return };
        let shared = self.client.shared();
        let Some(channel) = shared.connections.open(addr) else { return self.take_slow_path() };
        let call = Call::new(channel, Budget::new(*timeout));
        if shared.endpoint.state.hooks.is_empty() {
            self.stage = Stage::Fast(call);
        } else {
            self.begin_with_hooks(call);
        }
    }

    #[inline(never)]
    fn begin_with_hooks(&mut self, call: Call<Arc<ClientChannel>>) {
        let hooks = &self.client.shared().endpoint.state.hooks;
        match CallHooks::before(hooks, call.channel().rpc.peer_addr(), &mut self.request) {
            Ok(hooks) => {
                self.hooks = hooks;
                self.stage = Stage::Fast(call);
            }
            Err(error) => self.stage = Stage::Slow(Box::pin(async { Err(error) })),
        }
    }

    /// Runs the hooks on a response, on the fast path.
    #[inline(never)]
    fn run_after_hooks(&mut self, result: &mut Result<RemotingCommand, RpcError>) {
        if let (Stage::Fast(call), Ok(response)) = (&self.stage, &mut *result) {
            let peer = call.channel().rpc.peer_addr();
            if let Err(error) = self.hooks.after(peer, &self.request, response) {
                *result = Err(error);
            }
        }
    }

    #[cold]
    fn take_slow_path(&mut self) {
        if let Stage::Fresh { addr, timeout } = &self.stage {
            let (addr, request, budget) = (addr.clone(), take(&mut self.request), Budget::start(*timeout));
            let shared = Arc::clone(self.client.shared());
            let slow = async move { shared.invoke_slowly(addr, request, budget, Call::new).await };
            self.stage = Stage::Slow(Box::pin(slow));
        }
    }

    /// Continues the call on a fresh channel.
    #[cold]
    fn move_to_fresh_channel(&mut self) {
        if let Stage::Fast(call) = &self.stage {
            let (addr, budget) = (call.channel().addr.clone(), call.budget().running());
            let peer = call.channel().rpc.peer_addr().clone();
            let (shared, request) = (Arc::clone(self.client.shared()), take(&mut self.request));
            let mut hooks = std::mem::take(&mut self.hooks);
            let again = async move {
                let mut response = shared.invoke_again(addr, &request, budget).await?;
                hooks.after(&peer, &request, &mut response)?;
                Ok(response)
            };
            self.stage = Stage::Slow(Box::pin(again));
        }
    }

    #[cold]
    fn poll_slow_path(&mut self, cx: &mut Context<'_>) -> Polled {
        match &mut self.stage {
            Stage::Slow(call) => call.as_mut().poll(cx),
            Stage::Fresh { .. } | Stage::Fast(_) => unreachable!("the call has taken the slow path"),
        }
    }
}

impl<H: SharedRef> Future for CallByAddress<H> {
    type Output = Result<RemotingCommand, RpcError>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Polled {
        let this = self.get_mut();
        if let Stage::Fresh { .. } = this.stage {
            this.begin();
        }
        let Stage::Fast(call) = &mut this.stage else {
            return this.poll_slow_path(cx);
        };
        let request = &this.request;
        let mut polled = call.poll(cx, || request.clone());
        let Poll::Ready(result) = &mut polled else {
            return Poll::Pending;
        };
        match this.client.shared().settle(call, Attempt::First, result) {
            Next::Return => {
                if !this.hooks.is_empty() {
                    this.run_after_hooks(result);
                }
                polled
            }
            Next::Again => {
                this.move_to_fresh_channel();
                this.poll_slow_path(cx)
            }
        }
    }
}

impl Future for Invoke {
    type Output = Result<RemotingCommand, RpcError>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Polled {
        Pin::new(&mut self.get_mut().0).poll(cx)
    }
}

impl fmt::Debug for Invoke {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut invoke = f.debug_struct("Invoke");
        match &self.0.stage {
            Stage::Fresh { addr, .. } => invoke.field("addr", addr),
            Stage::Fast(call) => invoke.field("channel", &call.channel().rpc),
            Stage::Slow(_) => &mut invoke,
        };
        invoke.finish_non_exhaustive()
    }
}
