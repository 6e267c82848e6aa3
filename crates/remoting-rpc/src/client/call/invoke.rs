//! The future of a call by address.
//!
//! A call that finds its channel open and no hooks, as almost every call does, is this future alone: it owns one copy of
//! its request and the state of one [`Call`]. Whatever is unusual (connecting, hooks, moving to a fresh channel) is a
//! boxed future of [`super::slow_path`], which comes back here for the exchange itself.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use super::settle::{Attempt, Next};
use crate::call::{Budget, Call, IntoSuccess, Polled, take};
use crate::client::RemotingClient;
use crate::client::connect::ClientChannel;
use crate::client::shared::Shared;
use crate::error::RpcError;
use crate::transport::Address;
use crate::transport::protocol::RemotingCommand;

/// A call under way: what [`RemotingClient::invoke`] returns.
///
/// Nothing happens, and the time-out does not run, before it is polled. It borrows nothing, so it can be spawned, and it
/// keeps the client: a client that is dropped goes on until its last call is over.
///
/// # Panics
///
/// When it is polled after its end, or outside a tokio runtime.
#[must_use = "a call does nothing until it is awaited"]
pub struct Invoke(CallByAddress<RemotingClient>);

/// A call by address that holds the client's state as `H`.
pub(in crate::client) struct CallByAddress<H> {
    client: H,
    request: RemotingCommand,
    way: Way,
    /// Of a call on the fast path, once it has its channel.
    exchange: Option<Exchange>,
}

/// What leads to the state of a client.
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

impl SharedRef for &Arc<Shared> {
    fn shared(&self) -> &Arc<Shared> {
        self
    }
}

enum Way {
    Fast {
        addr: Address,
        timeout: Duration,
    },
    /// The request goes with it.
    Slow(SlowPath),
}

/// One request and its response on one channel.
struct Exchange {
    call: Call<Arc<ClientChannel>>,
    attempt: Attempt,
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

    /// Makes an error of a response whose code is not `SUCCESS`: [`RpcError::Response`], with the peer, the code and the
    /// remark. For calls where any other code is a failure.
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
        let addr = match &self.0.way {
            Way::Fast { addr, .. } => Some(addr.clone()),
            Way::Slow(_) => None, // it fails, or has been polled
        };
        IntoSuccess::new(self, addr)
    }
}

impl<H: SharedRef> CallByAddress<H> {
    /// A call to an address.
    #[inline]
    pub(in crate::client) fn to(
        client: H,
        addr: Result<Address, RpcError>,
        request: RemotingCommand,
        timeout: Duration,
    ) -> Self {
        let way = match addr {
            Ok(addr) => Way::Fast { addr, timeout },
            Err(error) => Way::Slow(Box::pin(async { Err(error) })),
        };
        Self { client, request, way, exchange: None }
    }

    /// The exchange of a call that has its channel and ran its hooks.
    pub(in crate::client) fn on(
        client: H,
        channel: Arc<ClientChannel>,
        request: RemotingCommand,
        budget: Budget,
        attempt: Attempt,
    ) -> Self {
        let way = Way::Fast { addr: channel.addr.clone(), timeout: budget.timeout() };
        Self { client, request, way, exchange: Some(Exchange::new(channel, budget, attempt)) }
    }

    /// The request of an exchange.
    pub(in crate::client) const fn request(&self) -> &RemotingCommand {
        &self.request
    }

    /// From an address to an exchange, or to the slow path.
    #[inline(always)]
    fn set_out(&mut self) {
        let Way::Fast { addr, timeout } = &self.way else { return };
        let shared = self.client.shared();
        let channel =
            if shared.endpoint.state.hooks.is_empty() { shared.connections.open(addr) } else { None };
        match channel {
            Some(channel) => {
                self.exchange = Some(Exchange::new(channel, Budget::new(*timeout), Attempt::First));
            }
            None => self.take_slow_path(),
        }
    }

    #[cold]
    fn take_slow_path(&mut self) {
        if let Way::Fast { addr, timeout } = &self.way {
            let (addr, request, budget) = (addr.clone(), take(&mut self.request), Budget::start(*timeout));
            let shared = Arc::clone(self.client.shared());
            self.way = Way::Slow(Box::pin(async move { shared.invoke_slowly(addr, request, budget).await }));
        }
    }

    /// To a fresh channel.
    #[cold]
    fn go_again(&mut self) {
        if let Some(Exchange { call, .. }) = self.exchange.take() {
            let (addr, budget) = (call.channel().addr.clone(), call.budget().running());
            // Whoever runs the hooks looks at the request afterwards.
            let (shared, request) = (Arc::clone(self.client.shared()), self.request.clone());
            self.way = Way::Slow(Box::pin(async move { shared.exchange_again(addr, request, budget).await }));
        }
    }

    #[cold]
    fn poll_slow_path(&mut self, cx: &mut Context<'_>) -> Polled {
        match &mut self.way {
            Way::Slow(call) => call.as_mut().poll(cx),
            Way::Fast { .. } => unreachable!("it has set out, and there is no exchange"),
        }
    }
}

impl Exchange {
    #[inline]
    const fn new(channel: Arc<ClientChannel>, budget: Budget, attempt: Attempt) -> Self {
        Self { call: Call::new(channel, budget), attempt }
    }
}

impl<H: SharedRef> Future for CallByAddress<H> {
    type Output = Result<RemotingCommand, RpcError>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Polled {
        let this = self.get_mut();
        if this.exchange.is_none() {
            this.set_out();
        }
        let Some(Exchange { call, attempt }) = &mut this.exchange else {
            return this.poll_slow_path(cx);
        };
        let request = &this.request;
        let mut polled = call.poll(cx, || request.clone());
        let Poll::Ready(result) = &mut polled else {
            return Poll::Pending;
        };
        match this.client.shared().settle(call, *attempt, result) {
            Next::Return => polled,
            Next::Again => {
                this.go_again();
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
        if let Way::Fast { addr, .. } = &self.0.way {
            invoke.field("addr", addr);
        }
        if let Some(exchange) = &self.0.exchange {
            invoke.field("channel", &exchange.call.channel().rpc);
        }
        invoke.finish_non_exhaustive()
    }
}
